import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from '../../helpers/failure.ts';
import type { Verdict } from '../verdict/verdict-schema.ts';
import { packArchive } from './archive.ts';
import { NEEDED, PARTS, SIGNED, UNSIGNED } from './parts.ts';
import { stateOf } from './statement.ts';

export interface Bundled {
  /** A .tar.gz. */
  readonly packed: Buffer;
  /** Parts of a bundle that this run does not have. */
  readonly missing: readonly string[];
}

/** Gives the statement within a signed bundle of Sigstore's form. */
export type Sign = (statement: Buffer) => Buffer | Promise<Buffer>;

/** Puts what a run is proved by into one archive, with a statement about it, signed where somebody signs. Throws CannotRun. */
export async function makeBundle(runDir: string, verdict: Verdict, sign: Sign | undefined, now: Date): Promise<Bundled> {
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
  const files = new Map([sign === undefined ? [UNSIGNED, statement] : ([SIGNED, await sign(statement)] as const), ...parts] as [
    string,
    Buffer,
  ][]);
  return { packed: await packArchive(verdict.runId, files, now), missing };
}
