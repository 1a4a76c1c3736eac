import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { CannotRun } from '../helpers/failure.ts';

const MIB = 1024 ** 2;
/** What the embedded cluster's volumes really hold, with room to spare. */
const NEEDED_MIB = 512;

/** Throws CannotRun when the embedded cluster would fill the disk. */
export function assertSpace(folder = tmpdir()): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / MIB);
  if (free < NEEDED_MIB) {
    const advice = 'Free some space there, or name another folder: TMPDIR=…';
    throw new CannotRun(
      'the disk is too full for the embedded cluster',
      { folder, 'MiB free': free, needed: NEEDED_MIB },
      advice,
    );
  }
}
