import { execFileSync } from 'node:child_process';
import { chmodSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Execution } from '../evidence.ts';
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
  const dir = await mkdtemp(join(tmpdir(), 'acc-docker-'));
  const engine = join(dir, 'docker');
  writeFileSync(engine, ENGINE);
  chmodSync(engine, 0o755);
  const devices = join(dir, 'storpool');
  await mkdir(devices);
  const file = join(dir, 'bytes');
  writeFileSync(file, '');
  truncateSync(file, MIB);
  const loop = execFileSync('losetup', ['-f', '--show', file], { encoding: 'utf8' }).trim();
  const device = join(devices, 'v');
  await symlink(loop, device);
  const environment = { PATH: `${dir}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: '/nonexistent' };
  const record = { name: 'node', client: 1, devices };
  return {
    dir,
    device,
    loop,
    host: openDockerHost(record, 'box', { environment, onExecution }),
    [Symbol.asyncDispose]: async () => {
      execFileSync('losetup', ['-d', loop]);
      await rm(dir, { recursive: true });
    },
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

test('what is written to a device is read back from any offset', async () => {
  await using there = await box();
  const bytes = Buffer.from('right here');
  await there.host.write(there.device, 5000, bytes);
  expect(await there.host.read(there.device, 5000, bytes.length)).toEqual(bytes);
  expect(await there.host.read(there.device, 4998, 4)).toEqual(Buffer.from('\0\0ri'));
  expect(await there.host.read(there.device, MIB - 3, 3)).toEqual(Buffer.alloc(3));
});

test('the first byte that is not zero is found, wherever the range begins', async () => {
  await using there = await box();
  await there.host.write(there.device, 8192 + 17, Buffer.from([7]));
  const find = (offset: number, length: number) => there.host.firstNonZero(there.device, offset, length);
  expect(await find(0, MIB)).toBe(8209);
  expect(await find(4096, 8192)).toBe(8209);
  expect(await find(8200, 100)).toBe(8209);
  expect(await find(12_288, MIB - 12_288)).toBeUndefined();
});

test('devices, files and nothing are told apart', async () => {
  await using there = await box();
  expect(await there.host.inspect(there.device)).toEqual({ kind: 'block-device', size: MIB, target: there.loop });
  expect(await there.host.inspect(join(there.dir, 'bytes'))).toEqual({ kind: 'file', size: MIB, plain: true });
  expect(await there.host.inspect(there.dir)).toEqual({ kind: 'directory' });
  expect(await there.host.inspect(join(there.dir, 'none'))).toEqual({ kind: 'missing' });
  expect(await there.host.deviceNames()).toEqual(['v']);
});

test('nothing is written where there is no device, or past its end', async () => {
  await using there = await box();
  const data = Buffer.from('x');
  await expect(there.host.write(join(there.dir, 'none'), 0, data)).rejects.toThrow(/found: nothing/);
  await expect(there.host.write(join(there.dir, 'bytes'), 0, data)).rejects.toThrow(/found: a file/);
  await expect(there.host.write(there.device, MIB, data)).rejects.toThrow(/ends before/);
});
