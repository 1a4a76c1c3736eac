import { createPublicKey } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { runFiles } from '../../fixtures/run/run.ts';
import { typed } from '../../helpers/commands/commands.ts';
import { fromHere, readNamed } from '../../helpers/config/named-file.ts';
import { CannotRun, messageOf } from '../../helpers/failure.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { makeBundle, type Sign } from '../../reports/bundle/bundle.ts';
import { type Identity, namedIn } from '../../reports/bundle/keyless.ts';
import { fingerprintOf, openEnvelope, readSigner, signed, type Trusted } from '../../reports/bundle/signature.ts';
import { verifyBundle } from '../../reports/bundle/verify.ts';
import { readVerdict } from '../../reports/report.ts';
import { findRun, isThere, runsFolder } from '../runs-folder.ts';

export interface BundleOptions {
  /** A private key as PEM, with its certificate if it has one. */
  readonly key?: string;
  /** Sign as whom the pipeline's own provider knows, by Sigstore. */
  readonly keyless?: boolean;
  /** Sigstore's certificate authority and its log: URLs. */
  readonly fulcio?: string;
  readonly rekor?: string;
  /** The file to write. */
  readonly out?: string;
}

/** Makes one file of what a run is proved by. Gives 0, or 1 when what is in it does not hold together. Throws CannotRun. */
export async function bundle(run: string | undefined, options: BundleOptions, redactor: Redactor): Promise<number> {
  const runDir = findRun(runsFolder(), run);
  if (!isThere(runFiles(runDir).verdict)) {
    throw new CannotRun('this run has no verdict yet', { folder: runDir }, 'Judge it first: npm run report -- RUN');
  }
  const verdict = readVerdict(runDir);
  const { sign, believed, words } = await signing(options, redactor);
  const file = options.out ?? `acceptance-${verdict.runId}.tar.gz`;
  assertFree(file);
  const { packed, missing } = await makeBundle(runDir, verdict, sign, new Date());
  write(file, packed);
  const { broken } = await verifyBundle(packed, believed);
  const { said, verify } = words();
  const lines = [
    `${file}: run ${verdict.runId}, ${verdict.overall.replaceAll('-', ' ')}`,
    said,
    ...(missing.length === 0 ? [] : [`The run has no ${missing.join(', ')}.`]),
    ...broken.map((problem) => `✖ ${problem}`),
    `Anywhere: npm run acceptance -- verify ${file}${verify}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return broken.length === 0 ? 0 : 1;
}

interface Signing {
  readonly sign?: Sign;
  /** Whom to believe right after it was signed. */
  readonly believed?: Trusted;
  /** What to say of the signature, and what to verify it with. */
  readonly words: () => { readonly said: string; readonly verify: string };
}

async function signing({ key, keyless, fulcio, rekor }: BundleOptions, redactor: Redactor): Promise<Signing> {
  if (keyless === true && key !== undefined) {
    throw new CannotRun('a bundle is signed once', { '--key': key, '--keyless': true }, 'Leave one of them out.');
  }
  if (keyless !== true && (fulcio !== undefined || rekor !== undefined)) {
    throw new CannotRun('only keyless is signed at Sigstore', { '--fulcio': fulcio, '--rekor': rekor }, 'Add --keyless.');
  }
  if (keyless === true) {
    const { keylessSigner } = await import('../../reports/bundle/keyless-signing.ts');
    const byPipeline = keylessSigner({ fulcio, rekor }, redactor);
    let signer: Identity | undefined;
    const sign = async (statement: Buffer) => {
      process.stderr.write('Signing keyless: a certificate for this pipeline, an entry of the log …\n');
      const bundle = await byPipeline(statement);
      signer = namedIn(openEnvelope(bundle));
      return bundle;
    };
    return { sign, words: () => keylessWords(signer) };
  }
  if (key === undefined) {
    const said =
      'It is not signed: who can write to it can make all of it anew.\n  → Sign it with a key of your own: --key KEY.pem';
    return { words: () => ({ said, verify: '' }) };
  }
  const signer = readSigner(readNamed(key, '--key'), key);
  const publicKey = createPublicKey(signer.key);
  const said = `It is signed by the key ${fingerprintOf(publicKey)}.\n  → Hand on that number or the public key by another way.`;
  return {
    sign: (statement) => signed(statement, signer),
    believed: { key: publicKey },
    words: () => ({ said, verify: ' --key PUB.pem' }),
  };
}

function keylessWords(signer: Identity | undefined) {
  const { identity, issuer } = signer ?? { identity: 'WHO', issuer: 'URL' };
  return {
    said: `It is signed keyless by ${identity}, for whom ${issuer} vouches, which its log shows to everybody.\n  → Hand on these two by another way, or say what they should be.`,
    verify: typed` --trusted-root trusted_root.json --identity ${identity} --issuer ${issuer}`,
  };
}

function assertFree(file: string): void {
  if (existsSync(fromHere(file))) {
    throw new CannotRun('this file is there already', { file }, 'Remove it, or name another: --out FILE');
  }
}

function write(file: string, packed: Buffer): void {
  try {
    writeFileSync(fromHere(file), packed, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const advice = 'Name a file in a folder that you may write to: --out FILE';
    throw new CannotRun('the bundle cannot be written', { file, said: messageOf(cause) }, advice, { cause });
  }
}
