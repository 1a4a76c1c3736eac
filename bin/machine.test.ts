import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assertFit } from './machine.ts';

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
