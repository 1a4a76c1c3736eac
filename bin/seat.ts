import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from '../helpers/failure.ts';

/** What `pack:seat` made: a suite without npm, without its own proof and without containers. */
export interface Seat {
  readonly version: string;
  readonly commit: string;
}

const FILE = join(import.meta.dirname, '..', 'seat.json');

/** Of the seat file that this suite was unpacked from; undefined in its sources. */
export const seat: Seat | undefined = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Seat) : undefined;

/** Commands are advised as they are typed in the sources, by npm, which is not at an operator's seat. */
export function asTypedHere(text: string): string {
  return seat === undefined
    ? text
    : text
        .replace(/\bnpm run\s+acceptance(?: --)?/g, './acceptance')
        .replace(/\bnpm run\s+(sweep|report|mock)(?: --)?/g, './acceptance $1');
}

/** What was not packed, told as such; undefined for other errors. */
export function notPacked(error: unknown): CannotRun | undefined {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return seat !== undefined && isMissing
    ? new CannotRun(
        'this is not part of the file for an operator’s seat',
        {},
        'Use a checkout of the suite: npm ci, then npm run …',
        {
          cause: error,
        },
      )
    : undefined;
}
