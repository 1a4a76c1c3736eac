import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Journal } from '../../fixtures/ledger/journal.ts';
import { runFiles } from '../../fixtures/run/run.ts';
import { answering } from '../../helpers/testing/answering.ts';
import { reporting, sampleVerdict } from '../../reports/testing/sample-run.ts';
import type { Verdict } from '../../reports/verdict/verdict-schema.ts';
import { manifest } from '../../scenarios/manifest.ts';
import { Command } from './supervised-run.ts';

const PATIENCE = { timeout: 180_000 };

function runsFolder(): { path: string; environment: Record<string, string> } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'acc-cli-'));
  return { path, environment: { ACCEPTANCE_RUNS_DIR: path }, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

async function acceptance(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const command = new Command(args, environment);
  const code = await command.ended;
  return { code, output: command.output };
}

test('list prints every check with its line of the guide', PATIENCE, async () => {
  const { code, output } = await acceptance(['list']);

  expect(code).toBe(0);
  expect(manifest.checks.filter(({ id }) => !output.includes(`  ${id}\n`))).toEqual([]);
  expect(output).toContain('guide: cinder create --display-name vol1 1');
});

test('a pager that is left early is told nothing', PATIENCE, () => {
  const words = [process.execPath, '--import', './bin/require-node.mjs', 'bin/acceptance.ts', 'list'];

  const { stdout, stderr } = spawnSync('sh', ['-c', `${words.join(' ')} | head -2`], {
    cwd: join(import.meta.dirname, '..', '..'),
    encoding: 'utf8',
  });

  expect(stdout).toBe(`\n1 ${manifest.chapters[0]?.title}\n`);
  expect(stderr).toBe('');
});

test('list --fields prints what is compared of each kind in each layer, and why the rest is not', PATIENCE, async () => {
  const { code, output } = await acceptance(['list', '--fields']);

  expect(code).toBe(0);
  expect(output).toMatch(/^StorPool: volume\n[\s\S]*\n {2}replication\n {6}as promised, else as its template says\n/m);
  expect(output).toMatch(/\n {2}updated_at\n {6}not compared: changes whenever Cinder notes something\n/);
  expect(output).toMatch(/\d+ of \d+ fields are compared/);
});

test.for([
  [['--target', 'container', '--driver', 'cinder=/no/such/driver'], /there is no driver of cinder to test/],
  [['--target', 'embedded', '--driver', 'cinder=.'], /--driver: only `--target container` knows it/],
  [['compare', '--driver', 'packaged'], /two drivers are compared/],
  [['compare', '--driver', 'packaged', '--driver', 'glance=.'], /--driver names no driver/],
  [['compare', '--only', 'create'], /settings change nothing in runs that have ended/],
  [['prove', '--sample', '0'], /Of none nothing is proved/],
  [['prove', '--sample', '2', '--fault', 'extend-only-in-cinder'], /cannot be used with option '--fault/],
] as const)('%s is refused before anything is started', PATIENCE, async ([args, expected]) => {
  using runs = runsFolder();

  const { code, output } = await acceptance(args, runs.environment);

  expect(code).toBe(2);
  expect(output).toMatch(expected);
  expect(readdirSync(runs.path).filter((name) => name !== 'lock')).toEqual([]);
});

test('plan prints names, sizes and commands, and touches nothing', PATIENCE, async () => {
  using runs = runsFolder();

  const { code, output } = await acceptance(['plan', '--only', '2'], runs.environment);

  expect(code).toBe(0);
  expect(output).toMatch(/makes volume acc-[0-9a-z]{16}-create-1, 1 GiB/);
  expect(output).toMatch(/\$ cinder create --metadata acceptance_run=[0-9a-z]{16} --display-name acc-[0-9a-z]{16}-create-1 1/);
  expect(output).toMatch(/All in all: \d+ volumes \(\d+ GiB\).*All of it is removed again/);
  expect(output).not.toContain('nova boot');
  expect(readdirSync(runs.path)).toEqual([]);
});

test('plan spells commands for the unified client when asked to', PATIENCE, async () => {
  const { output } = await acceptance(['plan', '--only', 'create'], { ACCEPTANCE_CLIENTS: 'openstack' });

  expect(output).toMatch(/\$ openstack volume create --property acceptance_run=[0-9a-z]{16} --size 1 acc-/);
});

test.for([
  [['--only', 'extend.sise'], /there is no chapter, scenario or check called extend\.sise\n {2}→ Did you mean extend\.size\?/],
  [['--target', 'prod'], /--target: .*it is "prod"/],
  [['--onli', '2'], /unknown option '--onli'\n\(Did you mean --only\?\)/],
  [['lisst'], /there is no command lisst\n {2}→ Did you mean list\?/],
  [['mock', '--port-base', '70000'], /70000 is not a port/],
  [['report', 'zzzzzzzz'], /there is no run zzzzzzzz/],
  [['compare'], /there are no two runs to compare yet/],
  [['plan', '--last-failed'], /there is no ended run on target embedded yet/],
  [['plan', '--last-failed', '--only', '2'], /--last-failed says what is played, and so does --only/],
  [['plan', '--only', 'extend', '--exclude', '2'], /nothing is left to play\n {2}exclude: 2/],
] as const)('%j is refused with its cause, without a stack, by exit code 2', PATIENCE, async ([args, cause]) => {
  using runs = runsFolder();

  const { code, output } = await acceptance(args, runs.environment);

  expect(output).toMatch(cause);
  expect(output).not.toMatch(/\n {4}at /);
  expect(code).toBe(2);
  expect(readdirSync(runs.path)).toEqual([]);
});

test('a live target of which nothing is known names all that is missing at once', PATIENCE, async () => {
  using runs = runsFolder();
  const environment = { ...runs.environment, HOME: runs.path, STORPOOL_CONF: join(runs.path, 'storpool.conf') };

  const { code, output } = await acceptance(['--target', 'live', '--yes'], environment);

  expect(output).toMatch(/OS_CLOUD or OS_AUTH_URL: /);
  expect(output).toMatch(/SP_AUTH_TOKEN: /);
  expect(code).toBe(2);
});

test('what was not green in the last run is selected again, and two runs are compared', PATIENCE, async () => {
  using runs = runsFolder();
  const put = (runId: string, verdict: Verdict) => {
    const dir = join(runs.path, runId);
    mkdirSync(dir, { mode: 0o700 });
    writeFileSync(runFiles(dir).evidence, '');
    writeFileSync(runFiles(dir).verdict, JSON.stringify({ ...verdict, runId }));
  };
  put('aaaaaaaa', sampleVerdict());
  put('bbbbbbbb', sampleVerdict({ lines: reporting('extend.size', { outcome: 'failed', cause: 'Cinder says 20 GiB' }) }));

  const plan = await acceptance(['plan', '--last-failed'], runs.environment);
  const compared = await acceptance(['compare'], runs.environment);
  const back = await acceptance(['compare', 'bbbbbbbb', 'aaaaaaaa'], runs.environment);

  expect(plan.output).toMatch(/^Only what was not green in run bbbbbbbb \(embedded, 2026-03-01 10:00 UTC\)\.\n/);
  expect(plan.output).toMatch(/-extend-1/);
  expect(plan.output).not.toMatch(/-create-1|-snapshot-1/);
  expect(compared).toEqual({
    code: 1,
    output: `before  aaaaaaaa  2026-03-01 10:00 UTC  accepted, 6 checks
after   bbbbbbbb  2026-03-01 10:00 UTC  rejected, 6 checks

Worse
  extend.size: passed → failed: Cinder says 20 GiB
`,
  });
  expect(back).toEqual({ code: 0, output: expect.stringContaining('Better\n  extend.size: failed → passed\n') });
});

test('--version prints the version', PATIENCE, async () => {
  expect(await acceptance(['--version'])).toEqual({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test('there is a help for each command', PATIENCE, async () => {
  const commands = ['run', 'plan', 'list', 'sweep', 'mock', 'report', 'compare'];

  const helps = await Promise.all(commands.map((name) => acceptance([name, '--help'])));

  expect(helps.map(({ code, output }) => `${code} ${output.split('\n')[0]}`)).toEqual(
    commands.map((name) => expect.stringContaining(`0 Usage: acceptance ${name}`)),
  );
});

test('with nothing to sweep, sweep says so', PATIENCE, async () => {
  using runs = runsFolder();

  const { code, output } = await acceptance(['sweep', '--yes', 'aaaaaaaa'], runs.environment);
  leaveRun(runs.path, 'aaaaaaaa', 'embedded');
  const known = await acceptance(['sweep', '--yes', 'aaaaaaaa'], runs.environment);

  expect([code, output]).toEqual([2, expect.stringContaining('there is no run aaaaaaaa')]);
  expect(known).toEqual({ code: 0, output: 'There is nothing to sweep.\n' });
});

test('a run whose cloud does not answer is told from its journal, by exit code 3', PATIENCE, async () => {
  using runs = runsFolder();
  leaveRun(runs.path, 'aaaaaaaa', 'live');
  const access = accessFor(runs.path);

  const { code, output } = await acceptance(['sweep', '--yes'], { ...runs.environment, ...access });

  expect(output).toMatch(/Keystone does not answer/);
  expect(output).toContain('run aaaaaaaa: volume acc-aaaaaaaa-create-1 (v-1) may be left');
  expect(output).toContain('npm run sweep -- --yes');
  expect(output).not.toContain('canary-pw');
  expect(code).toBe(3);
});

test.for([503, 500, 404])('nor is one forgotten whose Keystone answers %i to everything', PATIENCE, async (status) => {
  using runs = runsFolder();
  await using proxy = await answering(() => ({ status, body: '<html>no server is available</html>' }));
  leaveRun(runs.path, 'aaaaaaaa', 'live');

  const access = { ...accessFor(runs.path), OS_AUTH_URL: `${proxy.url}/v3` };
  const { code, output } = await acceptance(['sweep', '--yes'], { ...runs.environment, ...access });

  expect(output).toContain('run aaaaaaaa: volume acc-aaaaaaaa-create-1 (v-1) may be left');
  expect(output).toContain('npm run sweep -- --yes');
  expect(code).toBe(3);
});

test('a run whose journal has lost its first line is told, by exit code 3, and not forgotten', PATIENCE, async () => {
  using runs = runsFolder();
  leaveRun(runs.path, 'aaaaaaaa', 'live');
  const { journal } = runFiles(join(runs.path, 'aaaaaaaa'));
  writeFileSync(journal, readFileSync(journal, 'utf8').slice(10));

  const { code, output } = await acceptance(['sweep', '--yes'], { ...runs.environment, ...accessFor(runs.path) });

  expect(output).toMatch(/run aaaaaaaa: the first line of its journal.*cannot be read/);
  expect(output).toContain('run aaaaaaaa: volume acc-aaaaaaaa-create-1 (v-1) may be left');
  expect(code).toBe(3);
});

/** How a cloud would be reached where nothing listens. */
function accessFor(runs: string) {
  const hosts = join(runs, 'hosts.yaml');
  writeFileSync(hosts, '- { name: here, client: 1, devices: /dev/storpool, transport: { kind: local } }\n');
  return {
    ...{ OS_AUTH_URL: 'http://127.0.0.1:65000/v3', OS_USERNAME: 'u', OS_PASSWORD: 'canary-pw', OS_PROJECT_NAME: 'p' },
    ...{ SP_API_HTTP_HOST: '127.0.0.1', SP_API_HTTP_PORT: '65001', SP_AUTH_TOKEN: '4711' },
    ACCEPTANCE_HOSTS: hosts,
  };
}

/** The journal of a run that was killed after it had made a volume. */
function leaveRun(runs: string, run: string, target: 'embedded' | 'live'): void {
  const dir = join(runs, run);
  mkdirSync(dir);
  using journal = new Journal(runFiles(dir).journal);
  const binding = { authUrl: 'http://127.0.0.1:65000/v3', projectId: 'p', storpoolApi: '127.0.0.1:65001' };
  journal.write({ type: 'run', run, target, prefix: 'os', binding });
  const intent = { key: 'create-1', kind: 'volume', name: `acc-${run}-create-1`, scenario: 'create', details: {} } as const;
  journal.write({ type: 'intent', ...intent });
  journal.write({ type: 'made', key: 'create-1', id: 'v-1' });
}

test('a run for programs tells what it sees line by line, and nothing else on its standard output', PATIENCE, async () => {
  using runs = runsFolder();
  const command = new Command(['--only', 'delete', '--json'], runs.environment);
  let said = '';
  command.child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });

  expect(await command.ended, command.output).toBe(0);
  const lines = said
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; check?: string; overall?: string });
  expect(lines.filter(({ type }) => type === 'check').map(({ check }) => check)).toEqual(
    expect.arrayContaining(['delete.gone', 'delete.layers']),
  );
  expect(lines.at(-1)).toMatchObject({ type: 'verdict', overall: 'accepted' });
  expect(command.output).toContain('ACCEPTED');
});
