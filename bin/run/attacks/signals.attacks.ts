import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inventoryDifference, takeInventory } from '../../../fixtures/cleanup/inventory.ts';
import { hold, processesFor, runsIn, type Station, station, TypedCommand, throughNpm } from '../../testing/npm-for-tests.ts';

const PATIENCE = { timeout: 600_000 };
const NOTHING = { appeared: [], vanished: [], changed: [] };

/** What a person finds afterwards: no process, no lock, nothing in the cluster. */
async function assertNothingLeft(
  { clients, runsDir }: Station,
  { output }: TypedCommand,
  before: Awaited<ReturnType<typeof takeInventory>>,
) {
  await expect.poll(() => processesFor(runsDir)).toEqual([]);
  expect(
    readdirSync(runsDir).filter((name) => name.startsWith('lock')),
    output,
  ).toEqual([]);
  expect(inventoryDifference(before, await takeInventory(clients)), output).toEqual(NOTHING);
}

/** npm hands on SIGTERM; SIGHUP and SIGKILL are its end. The cluster is held where the scenario waits for what it asked for. */
const ENDS = [
  ['SIGTERM', 143, 'create', 'cinder.showVolume'],
  ['SIGTERM', 143, 'fill', 'storpool.VolumesReassignWait'],
  ['SIGTERM', 143, 'boot', 'nova.showServer'],
  ['SIGHUP', 'SIGHUP', 'from-snapshot', 'cinder.showSnapshot'],
  ['SIGKILL', 'SIGKILL', 'extend', 'cinder.extendVolume'],
] as const;

test.for(ENDS)(
  '%s to npm (its end: %s) stops the run in %s, which takes away what it made',
  PATIENCE,
  async ([signal, code, only, seam]) => {
    await using place = await station();
    const before = await takeInventory(place.clients);
    using held = hold(place.cluster, seam);
    await using run = throughNpm('acceptance', ['--only', only, '--yes'], place.environment);
    await held.met;

    run.child.kill(signal);
    await expect.poll(() => run.output).toContain(': stopping; ');
    held.release();

    expect(await run.ended, run.output).toBe(code);
    expect(run.output).toContain('Nothing is left behind.');
    await assertNothingLeft(place, run, before);
  },
);

test('SIGTERM before anything is made ends the run, though no service answers', PATIENCE, async () => {
  await using place = await station();
  const before = await takeInventory(place.clients);
  const held = hold(place.cluster, 'cinder.listVolumesDetail');
  await using run = throughNpm('acceptance', ['--only', 'create', '--yes'], place.environment);
  await held.met;

  run.child.kill('SIGTERM');

  expect(await run.ended, run.output).toBe(143);
  expect(run.output).toContain('Nothing was made.');
  expect(runsIn(place.runsDir)).toEqual([]);
  held.release();
  await assertNothingLeft(place, run, before);
});

test('SIGTERM in the preflight ends the run with a verdict', PATIENCE, async () => {
  await using place = await station();
  const before = await takeInventory(place.clients);
  using held = hold(place.cluster, 'cinder.listServices');
  await using run = throughNpm('acceptance', ['--only', '1,create', '--yes'], place.environment);
  await held.met;

  run.child.kill('SIGTERM');

  expect(await run.ended, run.output).toBe(143);
  expect(run.output).toMatch(/Interrupted after 1 of \d+ checks had passed\. Nothing is left behind\./);
  await assertNothingLeft(place, run, before);
});

test('SIGTERM in the aftermath lets the run finish that', PATIENCE, async () => {
  await using place = await station();
  const before = await takeInventory(place.clients);
  const scenario = hold(place.cluster, 'cinder.deleteVolume');
  await using run = throughNpm('acceptance', ['--only', 'create', '--yes'], place.environment);
  await scenario.met;
  // Whoever makes no image asks for images only when everything is looked at.
  const held = hold(place.cluster, 'glance.listImages');
  scenario.release();
  await held.met;

  run.child.kill('SIGTERM');
  await expect.poll(() => run.output).toContain('SIGTERM: stopping');
  held.release();

  expect(await run.ended, run.output).toBe(143);
  expect(run.output).toContain('Nothing is left behind.');
  await assertNothingLeft(place, run, before);
});

test('SIGTERM to a sweep ends it though the cloud holds it up, and tells what is left', PATIENCE, async () => {
  await using place = await station();
  const before = await takeInventory(place.clients);
  const scenario = hold(place.cluster, 'cinder.extendVolume');
  await using killed = throughNpm('acceptance', ['--only', 'extend', '--yes'], place.environment);
  await scenario.met;
  for (const pid of processesFor(place.runsDir)) {
    process.kill(pid, 'SIGKILL');
  }
  await killed.ended;
  scenario.release();
  const held = hold(place.cluster, 'cinder.deleteVolume');
  await using sweep = throughNpm('sweep', ['--yes'], place.environment);
  await held.met;

  sweep.child.kill('SIGTERM');

  expect(await sweep.ended, sweep.output).toBe(143);
  expect(sweep.output).toMatch(/volume acc-\S+ \(\S+\) is left: interrupted by SIGTERM/);
  expect(sweep.output).toContain('npm run sweep -- --yes');
  held.release();
  await using again = throughNpm('sweep', ['--yes'], place.environment);
  expect(await again.ended, again.output).toBe(0);
  await assertNothingLeft(place, again, before);
});

/** What docs/mock.md tells to do in a test; at ports that the system gives to nobody. */
function snippet(port: number): string {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'mock.md'), 'utf8');
  const [, code = ''] = /```sh\n([^`]*… your tests …[^`]*)```/.exec(page) ?? [];
  return code.replace('… your tests …', 'storpool volume list').replace('9000', String(port));
}

test.for(['/bin/sh', '/bin/bash'])(
  'a test that starts the mock as its page tells leaves no mock behind, by %s',
  PATIENCE,
  async (shell) => {
    const dir = mkdtempSync(join(tmpdir(), 'acc-snippet-'));
    const environment = { DIR: join(dir, 'state'), ACCEPTANCE_RUNS_DIR: dir, npm_config_script_shell: shell };

    await using run = new TypedCommand(['sh', '-ec', snippet(10_000 + (process.pid % 2000) * 10)], environment);

    expect(await run.ended, run.output).toBe(0);
    expect(run.output).toContain('| volume');
    expect(processesFor(dir)).toEqual([]);
    rmSync(dir, { recursive: true });
  },
);

test('every script that starts Node is taken over by it, so that no shell keeps the signals', () => {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8')) as Scripts;

  expect(Object.values(scripts).filter((script) => /\bnode /.test(script) && !script.startsWith('exec node '))).toEqual([]);
  expect(scripts['acceptance']).toMatch(/^exec node /);
});

interface Scripts {
  readonly scripts: Readonly<Record<string, string>>;
}
