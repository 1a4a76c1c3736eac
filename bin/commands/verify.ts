import { readFileSync, statSync } from 'node:fs';
import { fromHere, readNamed } from '../../helpers/config/named-file.ts';
import { CannotRun, messageOf } from '../../helpers/failure.ts';
import { visibleLine } from '../../helpers/masking/visible.ts';
import { MOST_PACKED } from '../../reports/bundle/archive.ts';
import { readTrustedRoot } from '../../reports/bundle/keyless.ts';
import { readTrusted } from '../../reports/bundle/signature.ts';
import { type Findings, verifyBundle } from '../../reports/bundle/verify.ts';
import type { Believed } from '../../reports/bundle/who-signed.ts';

export interface VerifyOptions {
  /** A public key or certificate as PEM. */
  readonly key?: string;
  /** The authorities and logs of Sigstore, as JSON. */
  readonly trustedRoot?: string;
  /** Who should have signed keyless, and who vouches for that. */
  readonly identity?: string;
  readonly issuer?: string;
}

const NOT_LOOKED_AT = 2;

/**
 * Tells what of a bundle holds and what does not. Gives 0 when all of it does, 1 when something does not, 2 when it is signed and nobody said whose
 * signature that should be. Throws CannotRun when the file cannot be looked at.
 */
export async function verify(file: string, options: VerifyOptions): Promise<number> {
  const findings = await verifyBundle(readPacked(file), believedBy(options));
  process.stdout.write(`${inWords(file, findings)}\n`);
  return findings.broken.length > 0 ? 1 : findings.open.length > 0 ? NOT_LOOKED_AT : 0;
}

function believedBy({ key, trustedRoot, identity, issuer }: VerifyOptions): Believed | undefined {
  if (key !== undefined && (trustedRoot ?? identity ?? issuer) !== undefined) {
    const advice = 'Give --key for what was signed with a key, the others for what was signed keyless.';
    throw new CannotRun('a bundle is signed in one way', { '--key': key }, advice);
  }
  if (trustedRoot !== undefined) {
    return { root: readTrustedRoot(readNamed(trustedRoot, '--trusted-root'), trustedRoot), identity, issuer };
  }
  if (identity !== undefined || issuer !== undefined) {
    const advice = 'Add --trusted-root FILE, the trusted_root.json of the Sigstore that signed.';
    throw new CannotRun('nobody is trusted to have seen who signed', { '--identity': identity, '--issuer': issuer }, advice);
  }
  return key === undefined ? undefined : readTrusted(readNamed(key, '--key'), key);
}

function inWords(file: string, { holds, broken, open, lacks, about }: Findings): string {
  const subject = about && `run ${about.run} on ${about.target}, ${about.verdict.replaceAll('-', ' ')}, ended ${about.endedAt}`;
  const end =
    broken.length > 0
      ? 'Do not believe it: it is not as it was made.'
      : `What it has holds together${open.length + lacks.length > 0 ? '; who made it is not proved' : ''}.`;
  return [
    `${file}${subject === undefined ? '' : `: ${subject}`}`,
    ...broken.map((what) => `✖ ${what}`),
    ...open.map((what) => `? ${what}`),
    ...lacks.map((what) => `! ${what}`),
    ...holds.map((what) => `✔ ${what}`),
    end,
  ]
    .map(visibleLine)
    .join('\n');
}

const GZIP = Buffer.from([0x1f, 0x8b]);

function readPacked(file: string): Buffer {
  const refuse = (what: string, details: Record<string, string>) => {
    throw new CannotRun(what, { file, ...details }, 'Name a file that `bundle RUN` made.');
  };
  try {
    const { size } = statSync(fromHere(file));
    if (size > MOST_PACKED) {
      refuse('this file is too large for a bundle', { bytes: String(size) });
    }
    const packed = readFileSync(fromHere(file));
    return packed.subarray(0, GZIP.length).equals(GZIP) ? packed : (refuse('this file is no bundle', {}) as never);
  } catch (error) {
    if (error instanceof CannotRun) {
      throw error;
    }
    return refuse('this file cannot be read', { said: messageOf(error) }) as never;
  }
}
