import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Execution } from '../../evidence.ts';
import { DeviceFolder, provedDevice } from '../../testing/device-folder.ts';
import { openDockerHost } from './docker.ts';

const MIB = 1024 * 1024;
/** Stands for the engine: checks the words that come before the command, and runs the command here. */
const ENGINE = `#!/bin/sh
[ "$1" = exec ] || exit 64
shift
[ "$1" = -i ] && shift
[ "$1" = box ] || exit 65
shift
exec "$@"
`;

async function box(onExecution?: (execution: Execution) => void) {
  const folder = await DeviceFolder.make('loops');
  const { dir, devices } = folder;
  const engine = join(dir, 'docker');
  writeFileSync(engine, ENGINE);
  chmodSync(engine, 0o755);
  const volume = await folder.attach('v', 'd.n.1');
  const environment = { PATH: `${dir}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: '/nonexistent' };
  const record = { name: 'node', client: 1, devices, loops: true };
  return {
    ...{ dir, volume, host: openDockerHost(record, 'box', { environment, onExecution }) },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

test('commands run in the container, and their exit codes come back', async () => {
  const seen: Execution[] = [];
  await using there = await box((execution) => seen.push(execution));
  const result = await there.host.run(['sh', '-c', 'cat; exit 3'], { input: 'hello' });
  expect(result).toEqual({ stdout: 'hello', stderr: '', exitCode: 3, timedOut: false });
  expect(seen).toMatchObject([{ host: 'node', exitCode: 3, command: "sh -c 'cat; exit 3'" }]);
  expect((await there.host.run(['no-such-program'])).exitCode).toBeUndefined();
});

test('a device is read and written from any offset, past no end of it', async () => {
  await using there = await box();
  const device = await provedDevice(there.host, there.volume);
  const bytes = Buffer.from('right here');
  await device.write(5000, bytes);
  expect(await device.read(5000, bytes.length)).toEqual(bytes);
  expect(await device.read(4998, 4)).toEqual(Buffer.from('\0\0ri'));
  expect(await device.read(MIB - 3, 3)).toEqual(Buffer.alloc(3));
  expect(await device.firstNonZero(0, MIB)).toBe(5000);
  await expect(device.write(MIB, bytes)).rejects.toThrow(/ends before/);
});

test('the first byte that is not zero is found, wherever the range begins', async () => {
  await using there = await box();
  const device = await provedDevice(there.host, there.volume);
  await device.write(8192 + 17, Buffer.from([7]));
  expect(await device.firstNonZero(0, MIB)).toBe(8209);
  expect(await device.firstNonZero(4096, 8192)).toBe(8209);
  expect(await device.firstNonZero(8200, 100)).toBe(8209);
  expect(await device.firstNonZero(12_288, MIB - 12_288)).toBeUndefined();
});

test('devices, files and nothing are told apart', async () => {
  await using there = await box();
  const { byName, target, file } = there.volume;
  expect(await there.host.inspect(byName)).toEqual({ kind: 'block-device', size: MIB, target });
  expect(await there.host.inspect(file)).toEqual({ kind: 'file', size: MIB, plain: true });
  expect(await there.host.inspect(there.dir)).toEqual({ kind: 'directory' });
  expect(await there.host.inspect(join(there.dir, 'none'))).toEqual({ kind: 'missing' });
  expect(await there.host.deviceNames()).toEqual(['d.n.1', 'v']);
});

test('what is done to a device is told as a person would type it', async () => {
  const seen: Execution[] = [];
  await using there = await box((execution) => seen.push(execution));
  const device = await provedDevice(there.host, there.volume);
  await device.run({ on: (path) => ['file', '-sL', path], writes: false });
  expect(seen.at(-1)).toMatchObject({ command: `file -sL ${there.volume.target} # on the device of d.n.1`, exitCode: 0 });
});
