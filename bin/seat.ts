import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from '../helpers/failure.ts';

/** What `pack:seat` or `npm pack` made: a suite without its own proof and without containers. */
export interface Seat {
  readonly version: string;
  readonly commit: string;
  /** How it is called there. */
  readonly command: string;
}

const FILE = join(import.meta.dirname, '..', 'seat.json');

/** Of the file that this suite was unpacked from; undefined in its sources. */
export const seat: Seat | undefined = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Seat) : undefined;

/** Commands are advised as they are typed in the sources, by npm, which knows none of them where the suite was packed. */
export function asTypedHere(text: string, packed = seat): string {
  return packed === undefined
    ? text
    : text
        .replace(/\bnpm run\s+acceptance(?: --)?/g, packed.command)
        .replace(/\bnpm run\s+(sweep|report|mock)(?: --)?/g, `${packed.command} $1`);
}

/** What was not packed, told as such; undefined for other errors. */
export function notPacked(error: unknown): CannotRun | undefined {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return seat !== undefined && isMissing
    ? new CannotRun('this is only in the sources of the suite', {}, 'Use a checkout: npm ci, then npm run …', { cause: error })
    : undefined;
}
