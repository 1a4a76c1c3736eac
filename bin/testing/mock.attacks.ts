import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { send } from '../../fixtures/mock/http/send.ts';
import type { MockFacts } from '../../fixtures/mock/standalone.ts';
import { loopsUnder } from '../../fixtures/mock/storpool/agent/loop-devices.ts';
import { eventually } from '../../helpers/eventually.ts';
import { faultCatalogue } from '../../scenarios/fault-catalogue.ts';
import { COMMAND, Command, REQUIRE_NODE, serveInAnotherProcess } from './supervised-run.ts';

const PATIENCE = { timeout: 180_000 };
const SEED = `
templates: [{ name: gold, replication: 2 }]
template: gold
volumeTypes: []
volumes: [{ name: customer-db, gib: 3 }]
`;

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'acc-mock-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** Serves a mock until it is disposed of, and waits until it says how to use it. */
async function serve(args: readonly string[]) {
  const command = new Command(['mock', ...args], {});
  while (!command.output.includes('openrc')) {
    await Promise.race([once(command.child.stderr ?? command.child, 'data'), command.ended]);
  }
  const stop = async () => {
    command.child.kill('SIGTERM');
    return command.ended;
  };
  return { command, stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

/** The mock's own command, from a folder that has nothing to do with it, told of nothing but the configuration and which host it is. */
const storpool = (dir: string, ...words: string[]) =>
  execFileSync(join(dir, 'bin', 'storpool'), words, {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', STORPOOL_CONF: join(dir, 'storpool.conf'), SP_OURID: '1' },
    encoding: 'utf8',
  });

test('a mock is seeded, serves its storpool command, stops cleanly and keeps its state', PATIENCE, async () => {
  using place = folder();
  writeFileSync(join(place.path, 'seed.yaml'), SEED);
  const dir = join(place.path, 'state');
  const args = ['--state', dir, '--seed', join(place.path, 'seed.yaml')];

  const first = await serve(args);
  const seeded = storpool(dir, 'volume', 'list');
  storpool(dir, 'volume', 'mine', 'create', 'size', '1G', 'template', 'gold');
  const stopped = await first.stop();
  await using _second = await serve(args);
  const kept = storpool(dir, '-B', '-j', 'volume', 'list');

  expect(first.command.output).toContain(`export PATH='${join(dir, 'bin')}':"$PATH"`);
  expect(seeded).toMatch(/customer-db +\| +3 GiB +\| +2/);
  expect(stopped).toBe(0);
  expect((JSON.parse(kept) as { data: { name: string }[] }).data.map(({ name }) => name).toSorted()).toEqual([
    'customer-db',
    'mine',
  ]);
});

test(
  'its hosts have files and processes, so that as a live cluster it passes the preflight of another process',
  PATIENCE,
  async () => {
    await using served = await serveInAnotherProcess();

    const doctor = new Command(['doctor'], served.environment);

    expect(await doctor.ended, doctor.output).toBe(0);
    expect(doctor.output).toMatch(/hypervisor-3/);
  },
);

test('a planted fault strikes', PATIENCE, async () => {
  using place = folder();
  await using _served = await serve(['--state', place.path, '--faults', 'attach-refused']);
  storpool(place.path, 'volume', 'mine', 'create', 'size', '1G', 'template', 'hybrid');

  expect(() => storpool(place.path, 'attach', 'here', 'volume', 'mine')).toThrow(
    /Command failed.*\nError: Client '1' does not exist/,
  );
});

test('all there is to know comes as JSON: on a line, and in a file that is there while the mock is ready', PATIENCE, async () => {
  using place = folder();
  const file = join(place.path, 'ready.json');
  const command = new Command(['mock', '--json', '--ready-file', file], {});
  await eventually({
    what: 'the ready file',
    read: async () => existsSync(file),
    describe: String,
    until: (isThere) => isThere,
    withinMs: 60_000,
    advice: 'The mock says on stderr what is in its way.',
  });
  const facts = JSON.parse(readFileSync(file, 'utf8')) as MockFacts;
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const address of Object.values(facts.services)) {
    const health = await send(`${address}/healthz`);
    expect([health.status, health.json()]).toEqual([200, { ready: true, services: facts.services, defects: 0 }]);
  }
  expect(facts).toMatchObject({ storpool: { host: '127.0.0.1' }, openstack: { OS_USERNAME: 'admin' } });
  command.child.kill('SIGTERM');
  await command.ended;
  expect(JSON.parse(command.output.split('\n')[0] ?? '')).toEqual(facts);
  expect(existsSync(file)).toBe(false);
});

test('whoever waits for the ready file finds all that is to be pasted written', PATIENCE, async () => {
  using place = folder();
  const file = join(place.path, 'ready.json');
  // A pipe that is full takes no line before the gate opens.
  const full = '{ head -c 65536 /dev/zero; exec "$@"; } | { trap "" TERM; read -r gate <&3; tr -d "\\0"; }';
  const command = [process.execPath, '--import', REQUIRE_NODE, COMMAND, 'mock', '--ready-file', file];
  const child = spawn('sh', ['-c', full, 'sh', ...command], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'], detached: true });
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const isThere = (what: string, path: string) =>
    eventually({
      what,
      read: async () => existsSync(path),
      describe: String,
      until: (is) => is,
      withinMs: 60_000,
      advice: 'The mock says on stderr what is in its way.',
    });

  await isThere('the file that is to become the ready file', `${file}.new`);
  expect(existsSync(file)).toBe(false);
  (child.stdio[3] as Writable).end('open\n');
  await isThere('the ready file', file);
  process.kill(-(child.pid ?? 0), 'SIGTERM');
  await once(child, 'close');
  expect(printed).toMatch(/^export PATH=/m);
});

test('a question mark tells the faults with their causes', PATIENCE, async () => {
  const command = new Command(['mock', '--faults', '?'], {});
  expect(await command.ended).toBe(0);
  const lines = command.output.trim().split('\n');
  expect(lines).toHaveLength(faultCatalogue.length);
  for (const [i, { id, cause }] of faultCatalogue.entries()) {
    expect(lines[i]).toMatch(new RegExp(`^${id} `));
    expect(lines[i]).toContain(cause);
  }
});

test.for([
  [['--faults', 'attach-refusd'], /there is no such fault\n {2}fault: attach-refusd\n {2}→ Did you mean attach-refused\?/],
  [['--port-base', '65530'], /not enough ports.*\n.*65530\n.*Choose at most 65529/],
  [['--seed', '/nowhere/seed.yaml'], /the seed cannot be used\n {2}said: ENOENT.*nowhere/],
] as const)('%j is refused in plain words, by exit code 2', PATIENCE, async ([args, words]) => {
  const command = new Command(['mock', ...args], {});

  expect(await command.ended).toBe(2);
  expect(command.output).toMatch(words);
});

/** A port of this machine that is taken until it is disposed of. */
async function takenPort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, [Symbol.dispose]: () => void server.close() };
}

test('a taken port ends it with 2, by the name of the port and of who listens there, and nothing stays', PATIENCE, async () => {
  using place = folder();
  using taken = await takenPort();
  const dir = join(place.path, 'state');
  const last = String(taken.port - 6);
  // What was attached before is attached again at the start, and must be taken away when the start comes to nothing.
  const before = await serve(['--state', dir]);
  storpool(dir, 'volume', 'mine', 'create', 'size', '1G', 'template', 'hybrid');
  storpool(dir, 'attach', 'here', 'volume', 'mine');
  await before.stop();

  const command = new Command(['mock', '--state', dir, '--port-base', last], {});

  expect(await command.ended, command.output).toBe(2);
  expect(command.output).toMatch(new RegExp(`port ${taken.port}.*placement.*\\n.*${process.pid}`, 's'));
  expect(command.output).toContain('--port-base');
  expect(command.output).not.toMatch(/seed/);
  expect(loopsUnder(dir)).toEqual([]);
  expect(existsSync(join(dir, 'served-by'))).toBe(false);
});

test.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s in the middle of its start ends it', PATIENCE, async (signal) => {
  using place = folder();
  const seed = join(place.path, 'seed.yaml');
  // Making them takes far longer than hearing a signal does.
  const volumes = Array.from({ length: 5000 }, (_, i) => `  - { name: v${i}, gib: 1 }\n`);
  writeFileSync(seed, `volumes:\n${volumes.join('')}`);
  const dir = join(place.path, 'state');
  const command = new Command(['mock', '--state', dir, '--seed', seed], {});
  const state = join(dir, 'state.ndjson');
  await eventually({
    what: 'the first volumes of the seed',
    read: async () => existsSync(state) && readFileSync(state, 'utf8').includes('"v9"'),
    describe: String,
    until: (isThere) => isThere,
    unless: () => (command.child.exitCode === null ? undefined : command.output),
    withinMs: PATIENCE.timeout,
    advice: () => Promise.resolve(command.output),
  });

  command.child.kill(signal);

  expect(await command.ended).toBe({ SIGTERM: 143, SIGINT: 130, SIGHUP: 129 }[signal]);
  expect(command.output).not.toContain('openrc');
  expect(existsSync(join(dir, 'served-by'))).toBe(false);
});
