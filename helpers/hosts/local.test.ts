import { truncateSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Execution } from '../evidence.ts';
import { Redactor } from '../redact.ts';
import { DeviceFolder, hasLoops, provedDevice } from '../testing/device-folder.ts';
import { LocalHost } from './local.ts';

const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/nonexistent' };
const MIB = 1024 * 1024;

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

test('a link to a file or a loop device is no device on a real host', async () => {
  for (const kind of hasLoops() ? (['files', 'loops'] as const) : (['files'] as const)) {
    await using folder = await DeviceFolder.make(kind);
    const { volume, byId, target } = await folder.attach('v', 'd.n.1');
    const record = { name: 'here', client: 1, devices: folder.devices, transport: { kind: 'local' } } as const;
    const proved = await new LocalHost(record, { environment }).prove(volume);
    expect(proved).toMatchObject({ why: `${byId} leads to ${target}, which is no device of StorPool's` });
  }
});

test('a missing device is not created', async () => {
  await using dir = await folder();
  const here = host(dir.path, { files: true });
  const proved = await here.prove({ name: 'none', globalId: 'd.n.1', size: MIB, mark: 'run' });
  expect(proved).toMatchObject({ why: `${join(dir.path, 'storpool', 'none')} is missing`, isMissing: true });
  expect(await here.deviceNames()).toEqual([]);
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

test.runIf(hasLoops())('a block device is read past the page cache, and odd sizes are met exactly', async () => {
  await using folder = await DeviceFolder.make('loops');
  const size = 9 * MIB + 512;
  const attached = await folder.attach('v', 'd.n.1', size);
  const record = { name: 'here', client: 1, devices: folder.devices, transport: { kind: 'local' }, loops: true } as const;
  const here = new LocalHost(record, { environment });
  expect(await here.inspect(attached.target)).toEqual({ kind: 'block-device', size });
  const device = await provedDevice(here, attached);
  await device.write(size - 5, Buffer.from('stamp'));
  expect((await device.read(size - 6, 6)).toString('latin1')).toBe('\0stamp');
  expect(await device.firstNonZero(0, size)).toBe(size - 5);
  await changeBehind(attached.file, size - 5);
  expect((await device.read(size - 6, 6)).toString('latin1')).toBe('\0fresh');
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
