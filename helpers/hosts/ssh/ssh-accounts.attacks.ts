import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { test as base, expect } from 'vitest';
import { DeviceFolder, hasLoops } from '../../testing/device-folder.ts';
import { SSH_ENVIRONMENT, Sshd } from '../../testing/sshd.ts';
import type { SshRoute } from '../host.ts';
import { probe, probeScript } from '../probe/probe.ts';
import { SshHosts } from './ssh.ts';

const record = { name: 'node-1', client: 7, devices: '/dev/storpool' };
const environment = SSH_ENVIRONMENT;

const test = base.extend('sshd', { scope: 'file' }, async ({}, { onCleanup }) => {
  const server = await Sshd.start();
  onCleanup(() => server[Symbol.asyncDispose]());
  return server;
});

test('a host that speaks its operator’s language to whoever comes is understood', async () => {
  await using sshd = await Sshd.start({ locale: 'de_DE.UTF-8' });
  await using hosts = new SshHosts({ environment });
  const host = hosts.open(record, sshd.route());

  expect((await host.run(['sh', '-c', 'echo "$LC_ALL"'])).stdout).toBe('C\n');
  // Where that language is installed, these were of no kind that is known.
  expect(await host.inspect('/etc/passwd')).toMatchObject({ kind: 'file', plain: true });
  expect(await host.inspect('/etc')).toEqual({ kind: 'directory' });
});

test.for([
  ['RemoteCommand tmux new -A -s ops', 'RequestTTY force'],
  ['LocalForward PORT localhost:80', 'ExitOnForwardFailure yes'],
  ['DynamicForward PORT', 'RemoteForward 1 localhost:1', 'ExitOnForwardFailure yes'],
  ['PermitLocalCommand yes', 'LocalCommand echo connected to %n; sleep 1; echo still here'],
  ['ForwardX11 yes', 'ForwardX11Trusted yes', 'VisualHostKey yes', 'LogLevel DEBUG1'],
  ['ControlMaster auto', 'ControlPath /nonexistent/%C', 'ControlPersist yes'],
  ['EnableEscapeCommandline yes', 'EscapeChar none', 'SendEnv *', 'SetEnv TERM=dumb'],
])('what a person has set for sessions of their own is of no consequence: %j', async (lines) => {
  await using sshd = await Sshd.start();
  await using taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const text = lines.map((line) => `  ${line.replace('PORT', `127.0.0.1:${port}`)}\n`).join('');
  sshd.configure(`Host *\n${text}`);
  for (const share of [false, true]) {
    await using hosts = new SshHosts({ environment: { ...environment, HOME: sshd.dir }, share });
    const host = hosts.open(record, sshd.route());

    expect(await host.run(['sh', '-c', 'cat; exit 3'], { input: 'in' })).toMatchObject({ stdout: 'in', exitCode: 3 });
    expect((await host.run(['echo', 'a'])).stdout).toBe('a\n');
  }
});

test('what login files greet with is nothing that a command has said', async () => {
  await using sshd = await Sshd.start({ greeting: 'Welcome to node-1\n* it is monitored *\n' });
  await using hosts = new SshHosts({ environment });
  const host = hosts.open(record, sshd.route());
  const told: string[] = [];

  expect((await host.run(['echo', 'a'], { onOutput: (text) => told.push(text) })).stdout).toBe('a\n');
  expect(told.join('')).toBe('a\n');
  expect(await host.inspect('/nowhere')).toEqual({ kind: 'missing' });
});

const PATIENT = { withinMs: 120_000, apiSeconds: 60 };

test('the probe tells what a user without privileges cannot see, and why', async ({ sshd }) => {
  await using hosts = new SshHosts({ environment });
  const script = await probeScript();
  const all = await probe(hosts.open(record, sshd.route()), script, PATIENT);
  expect(all).toMatchObject({ reached: true, facts: { unknown: [] } });
  const little = await probe(hosts.open(record, sshd.route({ identityFile: sshd.nobodyKey })), script, PATIENT);
  expect(little).toMatchObject({ reached: true, facts: { privilege: 'none' } });
  expect(little.reached && little.facts.unknown.find(({ fact }) => fact === 'what only root can see')?.why).toMatch(/sudo/);
});

/** Of a sudo that asks for no password: it says that it was there, and can give no more rights here. */
const FREE = `[ "$1" = -n ] && shift
[ "$1" = -- ] && shift
SUDO_UID=$(id -u) exec "$@"`;

test('who comes as another user than root acts by the sudo that asks for no password, and root without', async () => {
  await using sshd = await Sshd.start({ sudo: FREE });
  await using hosts = new SshHosts({ environment });
  const script = await probeScript();
  const said = async (route: SshRoute) =>
    (await hosts.open(record, route).run(['sh', '-c', 'cat; printenv SUDO_UID || echo none'], { input: 'in ' })).stdout;
  const other = sshd.route({ identityFile: sshd.nobodyKey });

  expect(await said(sshd.route())).toBe('in none\n');
  expect(await said(other)).toBe('in 65534\n');
  expect(await probe(hosts.open(record, other), script, PATIENT)).toMatchObject({ reached: true });
});

test.runIf(hasLoops())('a device that this user may not read is not looked at, and no alarm', async ({ sshd }) => {
  await using folder = await DeviceFolder.make('loops');
  chmodSync(folder.dir, 0o755);
  const { volume } = await folder.attach('os--volume-ours', 'd.n.1');
  await using hosts = new SshHosts({ environment });
  const host = hosts.open({ ...record, devices: folder.devices, loops: true }, sshd.route({ identityFile: sshd.nobodyKey }));

  await expect(host.prove(volume)).rejects.toThrow(
    /^node-1 is reached as nobody, who may not read its devices\n[\s\S]*sudo there without a password/,
  );
});
