import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import type { Execution } from '../evidence.ts';
import { Redactor } from '../redact.ts';
import { type Channel, RemoteHost } from './remote.ts';

/** Carries commands out here, as a channel would elsewhere. */
const here: Channel = async ([file = 'true', ...rest], { input }) => {
  const stdin = input === undefined ? { stdin: 'ignore' as const } : { input };
  const result = await execa(file, rest, { ...stdin, encoding: 'buffer', reject: false, stripFinalNewline: false });
  const { stdout, stderr, exitCode } = result;
  return { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString(), exitCode, timedOut: false };
};

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'acc-remote-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

const hostIn = (devices: string) => new RemoteHost({ name: 'node-1', client: 7, devices }, here);

test('a plain file in the place of a device is no device', async () => {
  const dir = folder();
  const path = join(dir, 'volume');
  writeFileSync(path, 'x'.repeat(4096));
  const host = hostIn(dir);
  expect(await host.inspect(path)).toEqual({ kind: 'file', size: 4096, plain: true });
  const proved = await host.prove({ name: 'volume', globalId: 'd.n.1', size: 4096, mark: 'run' });
  expect(proved).toMatchObject({ why: `${path} is no link but a file` });
});

test('what is missing is missing, and a folder is a folder', async () => {
  const dir = folder();
  const host = hostIn(dir);
  expect(await host.inspect(join(dir, 'none'))).toEqual({ kind: 'missing' });
  expect(await host.inspect(dir)).toEqual({ kind: 'directory' });
  const proved = await host.prove({ name: 'none', globalId: 'd.n.1', size: 512, mark: 'run' });
  expect(proved).toMatchObject({ why: `${join(dir, 'none')} is missing`, isMissing: true });
});

test('device names come from both trees', async () => {
  const dir = folder();
  const host = hostIn(join(dir, 'storpool'));
  expect(await host.deviceNames()).toEqual([]);
  for (const path of ['storpool/os--volume-1', 'storpool-byid/d.n.b7f']) {
    await execa('mkdir', ['-p', join(dir, path, '..')]);
    writeFileSync(join(dir, path), '');
  }
  expect(await host.deviceNames()).toEqual(['d.n.b7f', 'os--volume-1']);
});

test('commands are told as they would be typed', async () => {
  const told: Execution[] = [];
  const host = new RemoteHost({ name: 'node-1', client: 7, devices: '/d' }, here, { onExecution: (one) => told.push(one) });
  await host.run(['echo', 'a b']);
  expect(told).toMatchObject([{ command: "echo 'a b'", host: 'node-1', exitCode: 0, output: 'a b\n' }]);
});

test('of a secret that stands where the output is cut nothing is recorded', async () => {
  const redactor = new Redactor();
  redactor.learn('correct horse battery staple');
  const seen: Execution[] = [];
  const host = new RemoteHost({ name: 'node-1', client: 7, devices: folder() }, here, {
    redactor,
    onExecution: (execution) => seen.push(execution),
  });
  await host.run(['sh', '-c', "head -c 4086 /dev/zero | tr '\\0' x; printf 'correct horse battery staple'; echo ' and more'"]);
  expect(seen[0]?.output).toHaveLength(4096);
  expect(seen[0]?.output).not.toContain('correct');
});
