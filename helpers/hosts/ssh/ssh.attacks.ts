import { once } from 'node:events';
import { createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { test as base, expect } from 'vitest';
import { eventually } from '../../eventually.ts';
import type { Execution } from '../../evidence.ts';
import { Failure } from '../../failure.ts';
import { bytesOf, DeviceFolder, hasLoops, provedDevice } from '../../testing/device-folder.ts';
import { freePort, SSH_ENVIRONMENT, Sshd } from '../../testing/sshd.ts';
import type { CommandResult } from '../command-result.ts';
import { NotTheDevice } from '../devices/device.ts';
import type { SshRoute } from '../host.ts';
import { openHost } from '../open.ts';
import { probe, probeScript } from '../probe/probe.ts';
import { SshHosts } from './ssh.ts';

const record = { name: 'node-1', client: 7, devices: '/dev/storpool' };
const environment = SSH_ENVIRONMENT;

const test = base.extend('sshd', { scope: 'file' }, async ({}, { onCleanup }) => {
  const server = await Sshd.start();
  onCleanup(() => server[Symbol.asyncDispose]());
  return server;
});

async function failureOf(route: SshRoute, connectSeconds = 60): Promise<Failure> {
  await using hosts = new SshHosts({ environment, connectSeconds });
  const error = await hosts
    .open(record, route)
    .run(['true'])
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof Failure)) {
    throw new Error(`expected a Failure, got ${String(error)}`);
  }
  return error;
}

test('arguments arrive as they are, with input, output and exit status', async ({ sshd }) => {
  await using hosts = new SshHosts({ environment });
  const host = hosts.open(record, sshd.route());
  const argv = ['sh', '-c', 'cat; printf "%s|" "$@" >&2; exit 3', 'x', 'a b', "it's", '$HOME', ''];
  expect(await host.run(argv, { input: 'in\n' })).toEqual({
    stdout: 'in\n',
    stderr: "a b|it's|$HOME||",
    exitCode: 3,
    timedOut: false,
  });
});

test('a stream is handed on as it comes, and what the command answers comes meanwhile', async ({ sshd }) => {
  await using hosts = new SshHosts({ environment });
  const [input, told] = [new PassThrough(), new PassThrough()];
  const ended = hosts.open(record, sshd.route()).run(['cat'], { input, onOutput: (text) => told.write(text) });
  for (const word of ['one', 'two']) {
    input.write(word);
    expect(String((await once(told, 'data'))[0])).toBe(word);
  }
  input.end('three');
  expect(await ended).toMatchObject({ stdout: 'onetwothree', exitCode: 0 });
});

test('one connection is shared, and closed at the end', async ({ sshd }) => {
  const hosts = new SshHosts({ environment, share: true });
  const host = hosts.open(record, sshd.route());
  const clients = ['sh', '-c', 'echo $SSH_CONNECTION'];
  const first = await host.run(clients);
  expect((await host.run(clients)).stdout).toBe(first.stdout);
  await hosts[Symbol.asyncDispose]();
  const port = first.stdout.split(' ')[1];
  await using later = new SshHosts({ environment });
  expect((await later.open(record, sshd.route()).run(clients)).stdout.split(' ')[1]).not.toBe(port);
});

test('a host of the target is reached by one connection, however often it is opened', async ({ sshd }) => {
  const open = () => openHost({ ...record, transport: { kind: 'ssh', route: sshd.route() } }, { environment });
  const connections = new Set<string>();
  for (const host of [open(), open(), open()]) {
    connections.add((await host.run(['sh', '-c', 'echo $SSH_CONNECTION'])).stdout);
  }
  expect(connections.size).toBe(1);
});

test('the same name by another way may be another machine: it has a connection of its own', async ({ sshd }) => {
  const reached = async (options: readonly string[]) => {
    const route = { ...sshd.route(), options: [...(sshd.route().options ?? []), ...options] };
    const host = openHost({ ...record, transport: { kind: 'ssh', route } }, { environment });
    return (await host.run(['sh', '-c', 'echo $SSH_CONNECTION'])).stdout;
  };
  expect(await reached(['-o', 'IPQoS=none'])).not.toBe(await reached(['-o', 'IPQoS=throughput']));
});

test('hosts that are opened at the same time say nothing of how they share a connection', async ({ sshd }) => {
  const open = () => openHost({ ...record, transport: { kind: 'ssh', route: sshd.route({ port: sshd.port }) } }, { environment });
  const results = await Promise.all([open(), open(), open(), open()].map((host) => host.run(['echo', 'here'])));
  expect(results).toEqual(results.map(() => ({ stdout: 'here\n', stderr: '', exitCode: 0, timedOut: false })));
});

test.for([true, false])(
  'a command that takes too long ends here and over there (shared connection: %s)',
  async (share, { sshd }) => {
    await using hosts = new SshHosts({ environment, share });
    const host = hosts.open(record, sshd.route());
    // On a machine that is busy the connection alone takes long.
    const began = performance.now();
    await hosts.open({ ...record, name: 'node-2' }, sshd.route()).run(['true']);
    const timeoutMs = 1000 + 5 * Math.round(performance.now() - began);
    const result = await host.run(['sh', '-c', 'echo $$; exec sleep 300'], { timeoutMs });
    expect(result.timedOut).toBe(true);
    const pid = Number(result.stdout);
    await eventually({
      what: `process ${pid} to end`,
      read: async () => runs(pid),
      describe: (alive) => (alive ? 'runs' : 'gone'),
      until: (alive) => !alive,
      withinMs: 60_000,
      advice: 'The remote timeout did not end it.',
    });
  },
);

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a refused connection, a key that is not accepted, an unknown and a changed host key each say so', async ({ sshd }) => {
  const refused = await failureOf(sshd.route({ port: await freePort() }));
  expect(refused).toMatchObject({ what: 'node-1 refuses SSH connections', advice: expect.stringContaining('Start sshd') });
  const stranger = await failureOf(sshd.route({ identityFile: sshd.strangerKey }));
  expect(stranger.what).toMatch(/^node-1 accepts no key of ours for /);
  await using other = await Sshd.start();
  other.forgetKey();
  expect((await failureOf(other.route())).what).toBe('the host key of node-1 is not known here');
  other.pretendKeyChanged();
  expect(await failureOf(other.route())).toMatchObject({
    what: 'the host key of node-1 has changed',
    advice: expect.stringContaining('ssh-keygen -R'),
  });
});

test('a host that accepts the connection and then is silent does not answer in time', async ({ sshd }) => {
  const silent = createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const route = sshd.route({ port });
  expect((await failureOf(route, 1)).what).toBe('node-1 does not answer');
  await using hosts = new SshHosts({ environment });
  const probed = await probe(hosts.open(record, route), await probeScript(), { withinMs: 700 });
  expect(probed).toMatchObject({ reached: false, why: 'no answer within 700 ms' });
  silent.close();
});

test('an unknown name and a broken configuration say so', async ({ sshd }) => {
  expect((await failureOf(sshd.route({ destination: 'no-such-host.invalid' }))).what).toBe('the address of node-1 is not known');
  expect((await failureOf(sshd.route({ options: ['-o', 'NoSuchOption=1'] }))).what).toBe('ssh does not accept its configuration');
});

test('an aborted run ends at once with the signal’s reason', async ({ sshd }) => {
  await using hosts = new SshHosts({ environment });
  const abort = new AbortController();
  const running = hosts.open(record, sshd.route()).run(['sleep', '30'], { signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(running).rejects.toThrow('enough');
});

test.runIf(hasLoops())(
  'a device over ssh is proved and used in one connection each, and refused when its link leads elsewhere',
  async ({ sshd }) => {
    await using folder = await DeviceFolder.make('loops');
    const [ours, others] = [await folder.attach('os--volume-ours', 'd.n.1'), await folder.attach('prod-db', 'd.n.2')];
    const ways: string[] = [];
    const onExecution = ({ command }: Execution) => ways.push(command);
    await using hosts = new SshHosts({ environment, onExecution });
    const host = hosts.open({ name: 'node-1', client: 7, devices: folder.devices, loops: true }, sshd.route());
    const device = await provedDevice(host, ours);
    await device.write(5000, Buffer.from('right here'));
    expect((await device.read(4998, 12)).toString('latin1')).toBe('\0\0right here');
    expect(ways).toHaveLength(3);
    await folder.lead(ours.byId, others.target);
    await expect(device.write(0, Buffer.from('overwritten'))).rejects.toThrow(NotTheDevice);
    await expect(device.read(0, 512)).rejects.toThrow(/prod-db/);
    expect(ways).toHaveLength(5);
    expect((await bytesOf(others)).every((byte) => byte === 0)).toBe(true);
  },
);

test('what is tethered ends over there with whoever asked for it, and with all that it started', async ({ sshd }) => {
  await using hosts = new SshHosts({ environment });
  const host = hosts.open(record, sshd.route());
  const told = new PassThrough();
  const controller = new AbortController();
  // What fio does: the work is done by a child of its own.
  const argv = ['sh', '-c', 'sleep 1000 & echo $!; wait'];
  const options = { isTethered: true, signal: controller.signal, onOutput: (text: string) => told.write(text) };
  const ended = host.run(argv, options).catch(String);
  const worker = String((await once(told, 'data'))[0]).trim();
  expect((await host.run(['test', '-d', `/proc/${worker}`])).exitCode).toBe(0);
  controller.abort(new Error('enough'));
  expect(await ended).toBe('Error: enough');
  const gone = await eventually<CommandResult>({
    ...{ what: 'the end of what it started', read: () => host.run(['test', '-d', `/proc/${worker}`]), withinMs: 30_000 },
    ...{ describe: ({ exitCode }) => String(exitCode), until: ({ exitCode }) => exitCode === 1, advice: '' },
  });
  expect(gone.exitCode).toBe(1);
});

test.runIf(hasLoops())('a device that is being compared over ssh is let go of when the run is stopped', async ({ sshd }) => {
  await using folder = await DeviceFolder.make('loops');
  // Nothing of it is stored: to read it takes long all the same.
  const size = 64 * 1024 ** 3;
  const large = await folder.attach('os--volume-large', 'd.n.1', size);
  await using hosts = new SshHosts({ environment, share: true });
  const host = hosts.open({ name: 'node-1', client: 7, devices: folder.devices, loops: true }, sshd.route());
  const device = await provedDevice(host, large);
  const controller = new AbortController();
  const comparing = device.compare([{ offset: 0, length: size, sha256: 'none' }], controller.signal).catch(String);
  const holders = (count: (found: number) => boolean) =>
    eventually<CommandResult>({
      ...{
        what: 'who has it open',
        read: () => host.run(['sh', '-c', `ls -l /proc/[0-9]*/fd/3 2>/dev/null | grep -c "$1$"`, 'sh', large.target]),
      },
      ...{ describe: ({ stdout }) => stdout.trim(), until: ({ stdout }) => count(Number(stdout)), withinMs: 20_000, advice: '' },
    });
  await holders((found) => found > 0);
  controller.abort(new Error('enough'));
  expect(await comparing).toBe('Error: enough');
  expect((await holders((found) => found === 0)).stdout.trim()).toBe('0');
});

test('what is tethered has its output, its exit status and its end like everything else', async ({ sshd }) => {
  await using hosts = new SshHosts({ environment, share: true });
  const host = hosts.open(record, sshd.route());
  const run = await host.run(['sh', '-c', 'cat; printf "%s|" "$@"; exit 3', 'x', 'a b', '$HOME'], { isTethered: true });
  expect(run).toMatchObject({ stdout: 'a b|$HOME|', exitCode: 3, timedOut: false });
});
