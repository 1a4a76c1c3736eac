import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { runFiles } from '../../fixtures/run/run.ts';
import { fromHere, readNamed } from '../../helpers/config/named-file.ts';
import { CannotRun, messageOf } from '../../helpers/failure.ts';
import { makeBundle } from '../../reports/bundle/bundle.ts';
import { fingerprintOf, readSigner } from '../../reports/bundle/signature.ts';
import { verifyBundle } from '../../reports/bundle/verify.ts';
import { readVerdict } from '../../reports/report.ts';
import { findRun, isThere, runsFolder } from '../runs-folder.ts';

export interface BundleOptions {
  /** A private key as PEM, with its certificate if it has one. */
  readonly key?: string;
  /** The file to write. */
  readonly out?: string;
}

/** Makes one file of what a run is proved by. Gives 0, or 1 when what is in it does not hold together. Throws CannotRun. */
export async function bundle(run: string | undefined, { key, out }: BundleOptions): Promise<number> {
  const runDir = findRun(runsFolder(), run);
  if (!isThere(runFiles(runDir).verdict)) {
    throw new CannotRun('this run has no verdict yet', { folder: runDir }, 'Judge it first: npm run report -- RUN');
  }
  const verdict = readVerdict(runDir);
  const signer = key === undefined ? undefined : readSigner(readNamed(key, '--key'), key);
  const { packed, missing } = await makeBundle(runDir, verdict, signer, new Date());
  const file = out ?? `acceptance-${verdict.runId}.tar.gz`;
  write(file, packed);
  const { broken } = await verifyBundle(packed, signer && { key: createPublicKey(signer.key) });
  const by = signer && fingerprintOf(createPublicKey(signer.key));
  const lines = [
    `${file}: run ${verdict.runId}, ${verdict.overall.replaceAll('-', ' ')}`,
    by === undefined
      ? 'It is not signed: who can write to it can make all of it anew.\n  → Sign it with a key of your own: --key KEY.pem'
      : `It is signed by the key ${by}.\n  → Hand on that number or the public key by another way.`,
    ...(missing.length === 0 ? [] : [`The run has no ${missing.join(', ')}.`]),
    ...broken.map((problem) => `✖ ${problem}`),
    `Anywhere: npm run acceptance -- verify ${file}${by === undefined ? '' : ' --key PUB.pem'}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return broken.length === 0 ? 0 : 1;
}

function write(file: string, packed: Buffer): void {
  try {
    writeFileSync(fromHere(file), packed, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const isTaken = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    const advice = isTaken
      ? 'Remove it, or name another: --out FILE'
      : 'Name a file in a folder that you may write to: --out FILE';
    const details = { file, ...(isTaken ? {} : { said: messageOf(cause) }) };
    throw new CannotRun(isTaken ? 'this file is there already' : 'the bundle cannot be written', details, advice, { cause });
  }
}
