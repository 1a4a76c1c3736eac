import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inventoryDifference, takeInventory } from '../../fixtures/cleanup/inventory.ts';
import { hold, runsIn, station, TypedCommand } from '../testing/npm-for-tests.ts';

const PATIENCE = { timeout: 600_000 };
const NOTHING = { appeared: [], vanished: [], changed: [] };
const MOUNTING = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
/** A small file system is mounted where only the run sees it, and goes with it. */
const canMount = spawnSync('unshare', [...MOUNTING, 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;
const COMMAND = join(import.meta.dirname, '..', 'acceptance.ts');
const MIB = 1024 ** 2;

/** How the folder of runs stops taking what is written, once the run is under way. */
const WAYS = {
  'a full disk': {
    mount: 'size=80m',
    spoil: (folder: string) => {
      const chunk = Buffer.alloc(MIB);
      try {
        for (let n = 0; ; n += 1) {
          writeFileSync(join(folder, `filling-${n}`), chunk);
        }
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
      }
    },
    cause: /cannot be written to: ENOSPC.*\n {2}folder: .*\n {2}→ Free some space/,
  },
  'no inodes': {
    mount: 'size=80m,nr_inodes=200',
    spoil: (folder: string) => {
      try {
        for (let n = 0; ; n += 1) {
          writeFileSync(join(folder, `empty-${n}`), '');
        }
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
      }
    },
    cause: /verdict\.json could not be made: ENOSPC/,
  },
  'a file system that became read-only': {
    mount: 'size=80m',
    spoil: (folder: string, pid: number) => {
      const run = join(folder, runsIn(folder)[0] ?? '').replace(`/proc/${pid}/root`, '');
      const remount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"';
      expect(spawnSync('nsenter', ['--target', String(pid), '--mount', 'sh', '-c', remount, run]).status).toBe(0);
    },
    cause: /cannot be written to: EROFS.*\n {2}folder: .*\n {2}→ Use a folder that can be written to/,
  },
} as const;

test.skipIf(!canMount).for(Object.entries(WAYS))(
  '%s in mid-run ends it with a verdict, and nothing is left',
  PATIENCE,
  async ([, way]) => {
    await using place = await station();
    const before = await takeInventory(place.clients);
    const held = hold(place.cluster, 'cinder.extendVolume');
    mkdirSync(place.runsDir);
    const script = 'mount -t tmpfs -o "$1,mode=0700" none "$0" && shift && exec "$@"';
    const inside = [process.execPath, COMMAND, '--only', 'create,extend', '--yes'];
    const argv = ['unshare', ...MOUNTING, 'sh', '-c', script, place.runsDir, way.mount, ...inside] as const;
    await using run = new TypedCommand(argv, place.environment);
    await held.met;

    way.spoil(`/proc/${run.child.pid}/root${place.runsDir}`, run.child.pid ?? 0);
    held.release();

    expect(await run.ended, run.output).toBe(1);
    expect(run.output).toMatch(way.cause);
    expect(run.output).toContain('NOT ACCEPTED');
    expect(run.output).not.toMatch(/\n {4}at /);
    expect(inventoryDifference(before, await takeInventory(place.clients)), run.output).toEqual(NOTHING);
  },
);

test.skipIf(!canMount)('on a disk that is full from the beginning no run begins, and no lock is left', PATIENCE, async () => {
  await using place = await station();
  const dir = mkdtempSync(join(tmpdir(), 'acc-full-'));
  const script =
    'mount -t tmpfs -o size=64k,mode=0700 none "$0"; head -c 64k /dev/zero > "$0/filling"; "$@"; code=$?; ls -A "$0"; exit $code';
  const inside = [process.execPath, COMMAND, '--only', 'create', '--yes'];
  const environment = { ...place.environment, ACCEPTANCE_RUNS_DIR: dir };

  await using run = new TypedCommand(['unshare', ...MOUNTING, 'sh', '-c', script, dir, ...inside], environment);

  expect(await run.ended, run.output).toBe(2);
  expect(run.output).toMatch(/ENOSPC|too full/);
  expect(run.output).not.toContain('lock.');
  rmSync(dir, { recursive: true });
});
