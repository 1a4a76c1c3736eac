import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isInstalled } from '../fixtures/actions/client-search.ts';
import { CannotRun } from '../helpers/failure.ts';

const MIB = 1024 ** 2;
/** What the embedded cluster's volumes really hold, with room to spare. */
const NEEDED_MIB = 512;

/** The commands by which the embedded cluster converts images, runs servers and, where this process may, makes devices. */
const TOOLS = ['qemu-img', 'qemu-system-x86_64', 'file'];
const DEVICE_TOOLS = ['losetup', 'blockdev'];

/** What the embedded cluster is to stand on. */
export interface Machine {
  /** PATH */
  readonly path: string;
  /** Loop devices are made by root on Linux only; elsewhere volumes are plain files. */
  readonly makesDevices: boolean;
  /** Where its files go. */
  readonly folder: string;
}

export const thisMachine = (path: string): Machine => ({
  path,
  makesDevices: process.platform === 'linux' && process.getuid?.() === 0,
  folder: tmpdir(),
});

/** Throws CannotRun when the embedded cluster would lack commands, all of which are named, or would fill the disk. */
export function assertFit({ path, makesDevices, folder }: Machine): void {
  const missing = [...TOOLS, ...(makesDevices ? DEVICE_TOOLS : [])].filter((command) => !isInstalled(command, path));
  if (missing.length > 0) {
    throw new CannotRun(
      'the embedded cluster needs commands that this machine does not have',
      { missing: missing.join(', ') },
      'Install them: npm run setup',
    );
  }
  assertRoom(folder, NEEDED_MIB, { what: 'the embedded cluster', variable: 'TMPDIR' });
}

/** What a run writes: evidence, journal and reports, with room to spare. */
const RUN_MIB = 64;

/** Throws CannotRun when the disk would be full before a run's folder is complete: its evidence is what counts. */
export function assertRoomForRun(runsDir: string): void {
  assertRoom(runsDir, RUN_MIB, { what: "the run's folder", variable: 'ACCEPTANCE_RUNS_DIR' });
}

function assertRoom(folder: string, needed: number, { what, variable }: { what: string; variable: string }): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / MIB);
  if (free < needed) {
    const advice = `Free some space there, or name another folder: ${variable}=…`;
    throw new CannotRun(`the disk is too full for ${what}`, { folder, 'MiB free': free, needed }, advice);
  }
}
