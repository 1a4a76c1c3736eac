import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from '../../helpers/failure.ts';
import type { Verdict } from '../verdict/verdict-schema.ts';
import { packArchive } from './archive.ts';
import { NEEDED, PARTS, SIGNED, UNSIGNED } from './parts.ts';
import { type Signer, signed } from './signature.ts';
import { stateOf } from './statement.ts';

export interface Bundled {
  /** A .tar.gz. */
  readonly packed: Buffer;
  /** Parts of a bundle that this run does not have. */
  readonly missing: readonly string[];
}

/** Puts what a run is proved by into one archive, with a statement about it, signed when there is a key. Throws CannotRun. */
export async function makeBundle(runDir: string, verdict: Verdict, signer: Signer | undefined, now: Date): Promise<Bundled> {
  const there = PARTS.filter((name) => existsSync(join(runDir, name)));
  const missing = PARTS.filter((name) => !there.includes(name));
  const lacking = missing.filter((name) => NEEDED.includes(name));
  if (lacking.length > 0) {
    throw new CannotRun(
      'this run cannot be bundled',
      { folder: runDir, missing: lacking.join(', ') },
      'Bundle a run that has ended.',
    );
  }
  const parts = new Map(there.map((name) => [name as string, readFileSync(join(runDir, name))]));
  const statement = stateOf(parts, verdict, now);
  const files = new Map([
    signer === undefined ? [UNSIGNED, statement] : ([SIGNED, signed(statement, signer)] as const),
    ...parts,
  ] as [string, Buffer][]);
  return { packed: await packArchive(verdict.runId, files, now), missing };
}
