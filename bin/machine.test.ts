import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assertFit, assertRoomForRun } from './machine.ts';

/** A folder with commands of these names. */
function withCommands(...names: readonly string[]) {
  const path = mkdtempSync(join(tmpdir(), 'acc-machine-'));
  for (const name of names) {
    writeFileSync(join(path, name), '');
    chmodSync(join(path, name), 0o755);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

const folder = tmpdir();

test('all commands that are missing are named at once, with what installs them', () => {
  using some = withCommands('qemu-system-x86_64', 'file');

  expect(() => assertFit({ path: some.path, makesDevices: true, folder })).toThrow(
    /does not have\n {2}missing: qemu-img, losetup, blockdev\n {2}→ Install them: npm run setup/,
  );
});

test('commands that make devices are not needed where none are made', () => {
  using some = withCommands('qemu-img', 'qemu-system-x86_64', 'file');

  expect(() => assertFit({ path: some.path, makesDevices: false, folder })).not.toThrow();
  expect(() => assertFit({ path: some.path, makesDevices: true, folder })).toThrow(/missing: losetup, blockdev/);
});

// Not a byte is free in it.
test.runIf(existsSync('/proc'))('a folder of runs without room is named before anything is written there', () => {
  expect(() => assertRoomForRun('/proc')).toThrow(
    /too full for the run's folder\n {2}folder: \/proc\n {2}MiB free: 0\n {2}needed: 64\n {2}→ .*ACCEPTANCE_RUNS_DIR=/,
  );
  expect(() => assertRoomForRun(folder)).not.toThrow();
});
