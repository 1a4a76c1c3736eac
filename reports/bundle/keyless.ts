import { X509Certificate as Certificate } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { type TrustMaterial, toSignedEntity, toTrustMaterial, VerificationError, Verifier } from '@sigstore/verify';
import { CannotRun } from '../../helpers/failure.ts';
import { type Envelope, isSignedBy } from './signature.ts';

/** Who is trusted to have seen who signed without a key, and who that should have been. */
export interface Sigstore {
  readonly root: TrustMaterial;
  /** As the certificate has it: the address of a workflow, of a pipeline, of a person's mail. */
  readonly identity?: string | undefined;
  /** Who vouches for that: the address of the identity provider. */
  readonly issuer?: string | undefined;
}

const ROOT = 'Give the trusted_root.json of the Sigstore that signed: of the public one, or of your own.';

/** Reads the certificate authorities and logs that are trusted, as Sigstore writes them down. Throws CannotRun. */
export function readTrustedRoot(json: string, file: string): TrustMaterial {
  const refuse = (reason: string, cause?: unknown) =>
    new CannotRun('this is no trusted root that can be used', { file, reason }, ROOT, { cause });
  let root: TrustedRoot;
  try {
    root = TrustedRoot.fromJSON(JSON.parse(json));
  } catch {
    throw refuse('it is no JSON of one');
  }
  if (root.certificateAuthorities.length === 0 || root.tlogs.length === 0) {
    throw refuse('it names no certificate authority or no log');
  }
  try {
    return toTrustMaterial(root);
  } catch (cause) {
    throw refuse('a certificate or key in it cannot be read', cause);
  }
}

// https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
const ISSUER = '1.3.6.1.4.1.57264.1.8';
const ISSUER_BEFORE = '1.3.6.1.4.1.57264.1.1';

/** Who signed keyless, and who vouches for that. */
export interface Identity {
  readonly identity: string;
  readonly issuer: string;
}

/** Whom a certificate of Sigstore names; nothing of any other certificate. It is not believed by that. */
export function namedIn({ certificate }: Envelope): Identity | undefined {
  if (certificate === undefined) {
    return undefined;
  }
  const parsed = Certificate.parse(certificate.raw);
  const issuer =
    parsed.extension(ISSUER)?.valueObj.subs[0]?.value.toString('utf8') ?? parsed.extension(ISSUER_BEFORE)?.value.toString('utf8');
  return issuer === undefined ? undefined : { issuer, identity: parsed.subjectAltName ?? '' };
}

export const isKeyless = (envelope: Envelope) => envelope.entries.length > 0 || namedIn(envelope) !== undefined;

/** What was found about a signature, as a sentence of one of three kinds. */
export interface Finding {
  readonly by?: string;
  readonly problem?: string;
  readonly open?: string;
}

/** Whether that identity has signed, at a moment when its certificate was valid, as the log tells: without a network. */
export function checkKeyless(envelope: Envelope, { root, identity, issuer }: Sigstore): Finding {
  if (!isKeyless(envelope)) {
    return { problem: 'it is signed by a key, and not as that identity by Sigstore' };
  }
  try {
    const { identity: proved } = new Verifier(root).verify(toSignedEntity(envelope.bundle));
    const signed = { identity: proved?.subjectAlternativeName ?? '', issuer: proved?.extensions?.issuer ?? '' };
    return compareIdentity(signed, { identity, issuer }, loggedAt(envelope));
  } catch (error) {
    return { problem: problemOf(error, envelope) };
  }
}

/** Sigstore signs for anybody: without both it is not told whose signature this should be. */
function compareIdentity(
  signed: Identity,
  { identity, issuer }: Pick<Sigstore, 'identity' | 'issuer'>,
  at: Date | undefined,
): Finding {
  const when = at === undefined ? '' : `, on ${at.toISOString()}, as its log tells`;
  const who = `${signed.identity}, for whom ${signed.issuer} vouches`;
  if (identity !== undefined && identity !== signed.identity) {
    return { problem: `it is signed by ${who}, and should be by ${identity}` };
  }
  if (issuer !== undefined && issuer !== signed.issuer) {
    return { problem: `it is signed by ${who}, and ${issuer} should` };
  }
  const asked = [identity === undefined ? '--identity WHO' : '', issuer === undefined ? '--issuer URL' : ''].filter(Boolean);
  return asked.length === 0
    ? { by: `it is signed by ${who}${when}` }
    : { open: `it is signed by ${who}${when}, and whether it should be was not looked at: ${asked.join(' ')}` };
}

/** When the log says that it was signed. A time that the log did not sign is none. */
function loggedAt({ entries: [entry] }: Envelope): Date | undefined {
  return entry?.inclusionPromise === undefined ? undefined : new Date(Number(entry.integratedTime) * 1000);
}

function problemOf(error: unknown, envelope: Envelope): string {
  const { certificate, entries } = envelope;
  if (certificate === undefined) {
    return 'it has no certificate, which alone tells who signed it';
  }
  if (!isSignedBy(envelope, certificate.publicKey)) {
    return 'its signature is not that of the certificate it carries, or it was changed afterwards';
  }
  if (entries.length === 0) {
    return 'it has no entry of a log, which alone tells that it was signed while its certificate was valid';
  }
  const { code, message } = error instanceof VerificationError ? error : { code: undefined, message: 'it cannot be read' };
  switch (code) {
    case 'CERTIFICATE_ERROR':
      return certificateProblem(message, certificate, loggedAt(envelope));
    case 'TLOG_BODY_ERROR':
      return 'its log entry is of another signature';
    case 'TLOG_ERROR':
    case 'TLOG_MISSING_INCLUSION_ERROR':
    case 'TLOG_INCLUSION_PROOF_ERROR':
    case 'TLOG_INCLUSION_PROMISE_ERROR':
      return `its log entry is none that a log of the trusted root signed: ${message}`;
    case 'TIMESTAMP_ERROR':
      return `nobody who is trusted tells when it was signed: ${message}`;
    default:
      return `it is not signed as Sigstore does: ${message}`;
  }
}

function certificateProblem(
  message: string,
  { validFromDate, validToDate }: NonNullable<Envelope['certificate']>,
  at: Date | undefined,
): string {
  if (at !== undefined && (at < validFromDate || at > validToDate)) {
    const valid = `${validFromDate.toISOString()} to ${validToDate.toISOString()}`;
    return `its certificate was valid from ${valid}, and its log tells that it was signed on ${at.toISOString()}`;
  }
  return /SCT/i.test(message)
    ? `its certificate is not in a log of certificates that the trusted root knows: ${message}`
    : `its certificate was not issued by an authority of the trusted root: ${message}`;
}
