import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Execution } from '../evidence.ts';
import { Redactor } from '../redact.ts';
import { LocalHost } from './local.ts';

const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/nonexistent' };
const MIB = 1024 * 1024;
const LOSETUP = 'losetup';

async function folder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'acc-host-'));
  await mkdir(join(path, 'storpool'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

const host = (path: string, more: { files?: boolean; redactor?: Redactor; onExecution?: (e: Execution) => void } = {}) =>
  new LocalHost(
    { name: 'here', client: 1, devices: join(path, 'storpool'), transport: { kind: 'local' }, files: more.files ?? false },
    { environment, redactor: more.redactor, onExecution: more.onExecution },
  );

/** A link in the device directory to a file of `size` bytes, as a mock without loop devices makes it. */
async function standIn(path: string, size: number): Promise<string> {
  const file = join(path, 'bytes');
  writeFileSync(file, '');
  truncateSync(file, size);
  const link = join(path, 'storpool', 'v');
  await symlink(file, link);
  return link;
}

/** A loop device of `size` bytes, or undefined where the kernel or the user's rights have none. */
function loopDevice(path: string, size: number): (Disposable & { readonly path: string }) | undefined {
  const file = join(path, 'loop');
  writeFileSync(file, '');
  truncateSync(file, size);
  try {
    const device = execFileSync(LOSETUP, ['-f', '--show', file], { encoding: 'utf8', stdio: 'pipe' }).trim();
    return { path: device, [Symbol.dispose]: () => void execFileSync(LOSETUP, ['-d', device]) };
  } catch {
    return;
  }
}

test('what was written to a stand-in is read back, and the rest is zero', async () => {
  await using dir = await folder();
  const device = await standIn(dir.path, 10 * MIB);
  const here = host(dir.path, { files: true });
  await here.write(device, 5 * MIB + 3, Buffer.from('stamp'));
  expect((await here.read(device, 5 * MIB, 10)).toString('latin1')).toBe('\0\0\0stamp\0\0');
  expect(await here.firstNonZero(device, 0, 10 * MIB)).toBe(5 * MIB + 3);
  expect(await here.firstNonZero(device, 5 * MIB + 8, 5 * MIB - 8)).toBeUndefined();
  expect(await here.firstNonZero(device, 5 * MIB + 4, 10)).toBe(5 * MIB + 4);
});

test('a plain file in the place of a device is never written, whatever the host', async () => {
  await using dir = await folder();
  const plain = join(dir.path, 'storpool', 'v');
  writeFileSync(plain, 'not a device');
  for (const files of [true, false]) {
    await expect(host(dir.path, { files }).write(plain, 0, Buffer.from('x'))).rejects.toThrow(/is no block device[\s\S]*a file/);
  }
});

test('a link to a file is no device on a real host', async () => {
  await using dir = await folder();
  const device = await standIn(dir.path, MIB);
  await expect(host(dir.path).write(device, 0, Buffer.from('x'))).rejects.toThrow('is no block device');
  await expect(host(dir.path).read(device, 0, 1)).rejects.toThrow('is no block device');
});

test('a missing device is not created', async () => {
  await using dir = await folder();
  const here = host(dir.path, { files: true });
  await expect(here.write(join(dir.path, 'storpool', 'none'), 0, Buffer.from('x'))).rejects.toThrow(/found: nothing/);
  expect(await here.deviceNames()).toEqual([]);
});

test('reading or writing beyond the end tells the size', async () => {
  await using dir = await folder();
  const device = await standIn(dir.path, MIB);
  const here = host(dir.path, { files: true });
  await expect(here.read(device, MIB - 1, 2)).rejects.toThrow(/size: 1048576/);
  await expect(here.write(device, MIB - 1, Buffer.from('xy'))).rejects.toThrow(/size: 1048576/);
});

test('inspect tells devices, files, links and nothing apart', async () => {
  await using dir = await folder();
  const device = await standIn(dir.path, MIB);
  const here = host(dir.path);
  expect(await here.inspect(device)).toEqual({ kind: 'file', size: MIB, plain: false, target: join(dir.path, 'bytes') });
  expect(await here.inspect(join(dir.path, 'bytes'))).toEqual({ kind: 'file', size: MIB, plain: true });
  expect(await here.inspect(dir.path)).toEqual({ kind: 'directory' });
  expect(await here.inspect(join(dir.path, 'none'))).toEqual({ kind: 'missing' });
  expect(await here.inspect('/dev/null')).toEqual({ kind: 'other' });
  expect(await here.deviceNames()).toEqual(['v']);
});

test('a block device is read past the page cache, and odd sizes are met exactly', async ({ skip }) => {
  await using dir = await folder();
  const size = 9 * MIB + 512;
  using loop = loopDevice(dir.path, size);
  skip(loop === undefined, 'no loop device can be made here');
  const here = host(dir.path);
  const path = loop?.path ?? '';
  expect(await here.inspect(path)).toEqual({ kind: 'block-device', size });
  await here.write(path, size - 5, Buffer.from('stamp'));
  expect((await here.read(path, size - 6, 6)).toString('latin1')).toBe('\0stamp');
  expect(await here.firstNonZero(path, 0, size)).toBe(size - 5);
  await changeBehind(join(dir.path, 'loop'), size - 5);
  expect((await here.read(path, size - 6, 6)).toString('latin1')).toBe('\0fresh');
});

/** What another host would do: new bytes that this device's own cache knows nothing of. */
async function changeBehind(file: string, offset: number): Promise<void> {
  await using handle = await open(file, 'r+');
  await handle.write('fresh', offset);
  await handle.sync();
}

test('a command gets no variable of this process and is recorded masked', async () => {
  const executions: Execution[] = [];
  await using dir = await folder();
  const here = host(dir.path, { redactor: new Redactor(['hunter22']), onExecution: (execution) => executions.push(execution) });
  const { stdout, exitCode } = await here.run(['env']);
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').toSorted()).toEqual(['', 'HOME=/nonexistent', 'LANG=C.UTF-8', `PATH=${environment.PATH}`]);
  await here.run(['echo', 'it is', 'hunter22']);
  expect(executions[1]).toMatchObject({ command: "echo 'it is' ******", host: 'here', exitCode: 0, output: 'it is ******\n' });
});

test('a command that fails, is unknown or takes too long is told, not thrown', async () => {
  await using dir = await folder();
  const here = host(dir.path);
  expect(await here.run(['sh', '-c', 'echo oops >&2; exit 3'])).toMatchObject({ exitCode: 3, stderr: 'oops\n', timedOut: false });
  expect(await here.run(['no-such-command'])).toMatchObject({ exitCode: undefined, stderr: expect.stringContaining('ENOENT') });
  expect(await here.run(['sleep', '10'], { timeoutMs: 50 })).toMatchObject({ exitCode: undefined, timedOut: true });
});

test('an abort ends a command with the abort’s own reason', async () => {
  await using dir = await folder();
  const controller = new AbortController();
  const running = host(dir.path).run(['sleep', '10'], { signal: controller.signal });
  controller.abort(new Error('Ctrl-C'));
  await expect(running).rejects.toThrow('Ctrl-C');
});

test('output is handed over as it comes, and input is fed', async () => {
  await using dir = await folder();
  const chunks: string[] = [];
  const { stdout } = await host(dir.path).run(['cat'], { input: 'fed', onOutput: (text) => chunks.push(text) });
  expect(stdout).toBe('fed');
  expect(chunks.join('')).toBe('fed');
});
