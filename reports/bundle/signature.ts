import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import {
  type BundleWithDsseEnvelope,
  bundleFromJSON,
  bundleToJSON,
  isBundleWithDsseEnvelope,
  type TransparencyLogEntry,
  toDSSEBundle,
} from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import { CannotRun, messageOf } from '../../helpers/failure.ts';
import { PAYLOAD_TYPE } from './statement.ts';

/** An operator's key, and the certificate that says whose it is. */
export interface Signer {
  readonly key: KeyObject;
  readonly certificate?: X509Certificate;
}

/** Of those that sign by a hash of their own, which Node takes as none. */
const OWN_HASH: ReadonlySet<string | undefined> = new Set(['ed25519', 'ed448']);
const KINDS: ReadonlySet<string | undefined> = new Set([...OWN_HASH, 'ec', 'rsa']);
const hashFor = ({ asymmetricKeyType }: KeyObject) => (OWN_HASH.has(asymmetricKeyType) ? null : 'sha256');

/** How a public key is told apart from others: SHA-256 of it in hexadecimal digits. */
export function fingerprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

const MAKE_ONE = 'Make one: openssl genpkey -algorithm ed25519 -out KEY.pem; openssl pkey -in KEY.pem -pubout -out PUB.pem';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----/;

/** A private key in PEM; with a certificate in the same file, it must be that key's. `file` is for words. Throws CannotRun. */
export function readSigner(pem: string, file: string): Signer {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    const isLocked = /ENCRYPTED/.test(pem);
    const advice = isLocked ? 'Take its passphrase off for this: openssl pkey -in KEY.pem' : MAKE_ONE;
    throw new CannotRun(
      'this is no private key that can be used',
      { file, reason: isLocked ? 'it is encrypted' : 'no PEM of one' },
      advice,
      {
        cause,
      },
    );
  }
  if (!KINDS.has(key.asymmetricKeyType)) {
    throw new CannotRun('this kind of key does not sign', { file, kind: key.asymmetricKeyType }, MAKE_ONE);
  }
  if (!CERTIFICATE.test(pem)) {
    return { key };
  }
  const certificate = readCertificate(pem, file);
  if (!certificate.checkPrivateKey(key)) {
    const advice = 'Put the certificate of that key first into the file, or leave it out.';
    throw new CannotRun('the certificate is not that of the key', { file, certificate: nameOf(certificate) }, advice);
  }
  return { key, certificate };
}

/** A public key, or a certificate: the signer's own, or of the authority that issued it. */
export interface Trusted {
  readonly key: KeyObject;
  readonly certificate?: X509Certificate;
}

/** Reads whom to trust from PEM. Throws CannotRun. */
export function readTrusted(pem: string, file: string): Trusted {
  if (/PRIVATE KEY/.test(pem)) {
    const advice = 'Keep that where it signs, and take the public one along: openssl pkey -in KEY.pem -pubout -out PUB.pem';
    throw new CannotRun('this is a private key, which nobody needs to verify', { file }, advice);
  }
  if (CERTIFICATE.test(pem)) {
    const certificate = readCertificate(pem, file);
    return { key: certificate.publicKey, certificate };
  }
  try {
    return { key: createPublicKey(pem) };
  } catch (cause) {
    const advice = 'Give the public key of whoever signed, or a certificate, as PEM.';
    throw new CannotRun('this is no public key that can be used', { file, reason: 'no PEM of one' }, advice, { cause });
  }
}

function readCertificate(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new CannotRun('this certificate cannot be read', { file, reason: messageOf(cause) }, 'Give it as PEM.', { cause });
  }
}

/** Signs a statement: a Sigstore bundle that holds a DSSE envelope, as `cosign verify-blob-attestation` reads it, too. */
export function signed(statement: Buffer, { key, certificate }: Signer): Buffer {
  const keyHint = fingerprintOf(createPublicKey(key));
  const bundle = toDSSEBundle({
    artifact: statement,
    artifactType: PAYLOAD_TYPE,
    signature: sign(hashFor(key), dsse.preAuthEncoding(PAYLOAD_TYPE, statement), key),
    keyHint,
    certificateChain: false,
    ...(certificate === undefined ? {} : { certificate: certificate.raw }),
  });
  return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
}

/** A signed statement, taken apart and not yet believed. */
export interface Envelope {
  readonly statement: Buffer;
  readonly signature: Buffer;
  readonly type: string;
  readonly certificate?: X509Certificate;
  /** Of a public log; none where somebody signed with a key. */
  readonly entries: readonly TransparencyLogEntry[];
  readonly bundle: BundleWithDsseEnvelope;
}

/** Takes a signed statement apart. Throws when it is none. */
export function openEnvelope(json: Buffer): Envelope {
  const bundle = bundleFromJSON(JSON.parse(json.toString('utf8')) as object);
  if (!isBundleWithDsseEnvelope(bundle)) {
    throw new Error('it holds no statement');
  }
  const { payload, payloadType, signatures } = bundle.content.dsseEnvelope;
  const { content, tlogEntries: entries } = bundle.verificationMaterial;
  return {
    statement: payload,
    type: payloadType,
    signature: signatures[0]?.sig ?? Buffer.alloc(0),
    ...{ entries, bundle },
    ...(content?.$case === 'certificate' ? { certificate: new X509Certificate(content.certificate.rawBytes) } : {}),
  };
}

/** Whether whoever is trusted has signed: who that was, or why not. `at` is when it says that it was. */
export function checkSignature(
  envelope: Envelope,
  trusted: Trusted,
  at: Date,
): { readonly by?: string; readonly problem?: string } {
  const { certificate } = envelope;
  if (isSignedBy(envelope, trusted.key)) {
    return { by: trusted.certificate === undefined ? `the key ${fingerprintOf(trusted.key)}` : nameOf(trusted.certificate) };
  }
  const authority = trusted.certificate;
  if (
    certificate === undefined ||
    authority?.ca !== true ||
    !certificate.checkIssued(authority) ||
    !certificate.verify(authority.publicKey)
  ) {
    const other = certificate === undefined ? '' : `: its certificate is that of ${nameOf(certificate)}`;
    return { problem: `it is not signed by the key that was given, or was changed after it was signed${other}` };
  }
  if (!isSignedBy(envelope, certificate.publicKey)) {
    return {
      problem: `its signature is not that of ${nameOf(certificate)}, whose certificate it carries, or it was changed afterwards`,
    };
  }
  const { validFromDate, validToDate } = certificate;
  return at < validFromDate || at > validToDate
    ? { problem: `the certificate of ${nameOf(certificate)} was not valid on ${at.toISOString()}` }
    : { by: `${nameOf(certificate)}, whose certificate ${nameOf(authority)} issued` };
}

/** Whether that key made the signature, and nothing else. */
export function isSignedBy({ type, statement, signature }: Envelope, key: KeyObject): boolean {
  try {
    return verify(hashFor(key), dsse.preAuthEncoding(type, statement), key, signature);
  } catch {
    return false;
  }
}

/** `CN=…, O=…`, on one line. */
function nameOf({ subject }: X509Certificate): string {
  return subject.split('\n').join(', ');
}
