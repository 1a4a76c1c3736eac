import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inventoryDifference, takeInventory } from '../../../fixtures/cleanup/inventory.ts';
import { gib } from '../../../helpers/units.ts';
import { Command, runUntil, type Served, serveInAnotherProcess } from '../../testing/supervised-run.ts';

const PATIENCE_MS = 180_000;
/** With a server, a snapshot, hand attachments and plain volumes among what is made. */
const WORK = ['--only', 'create,extend,from-snapshot,boot', '--yes'];
/** More of them by hand: KILLS=10 npx vitest run --project attacks bin/run/attacks/supervisor.attacks.ts */
const KILLS = Number(process.env['KILLS'] ?? 2);
const MOST_THINGS = 14;
const NOTHING = { appeared: [], vanished: [], changed: [] };

let served: Served;
beforeAll(async () => {
  served = await serveInAnotherProcess();
  const { volumes } = served.clients.cinder;
  const decoy = await volumes.create({ name: 'acc-decoy-test-1', size: gib(1), metadata: { acceptance_run: 'decoydec' } });
  await volumes.untilAvailable(decoy.id);
}, PATIENCE_MS);
afterAll(() => served[Symbol.asyncDispose]());

/** Every process of the runner's group ends with the supervisor; nobody goes on making things. */
async function runnerIsGone(): Promise<void> {
  await expect.poll(() => processesOf(served.runsDir)).toEqual([]);
}

/** Processes whose environment names this folder of runs. */
function processesOf(runsDir: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(join('/proc', pid, 'environ'), 'utf8').includes(runsDir);
    } catch {
      return false;
    }
  });
}

const random = (most: number) => 1 + Math.floor(Math.random() * most);

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

test.for(SIGNALS.flatMap(([signal, code]) => Array.from({ length: Math.ceil(KILLS / 2) }, (_, n) => [signal, code, n] as const)))(
  '%s ends the run with %i and leaves nothing (%i)',
  { timeout: PATIENCE_MS },
  async ([signal, code]) => {
    const before = await takeInventory(served.clients);
    const { command, dir } = await runUntil(random(MOST_THINGS), WORK, served);

    command.child.kill(signal);
    command.child.kill(signal);

    expect(await command.ended, command.output).toBe(code);
    expect(command.output).toContain(`${signal}: stopping`);
    expect(inventoryDifference(before, await takeInventory(served.clients))).toEqual(NOTHING);
    expect(readdirSync(dir)).toEqual(expect.arrayContaining(['evidence.ndjson', 'journal.ndjson', 'verdict.json', 'junit.xml']));
    await runnerIsGone();
  },
);

test.for(Array.from({ length: KILLS }, (_, n) => n))(
  'a run that is killed at a random moment (%i) is swept by the next command, decoys untouched',
  { timeout: PATIENCE_MS },
  async () => {
    const before = await takeInventory(served.clients);
    const moment = random(MOST_THINGS);
    const { command, dir } = await runUntil(moment, WORK, served);

    command.child.kill('SIGKILL');
    await command.ended;
    await runnerIsGone();
    const report = new Command(['report', basename(dir)], served.environment);
    expect([await report.ended, report.output]).toEqual([
      1,
      expect.stringMatching(/NOT ACCEPTED[\s\S]*npm run sweep -- \w+[\s\S]*resume \w+/),
    ]);
    const sweep = new Command(['sweep', '--yes'], served.environment);

    expect(await sweep.ended, sweep.output).toBe(0);
    expect(inventoryDifference(before, await takeInventory(served.clients)), `after ${moment} things: ${sweep.output}`).toEqual(
      NOTHING,
    );
  },
);

test('a runner that is killed is cleaned up after, and the run is not accepted', { timeout: PATIENCE_MS }, async () => {
  const before = await takeInventory(served.clients);
  const { command } = await runUntil(random(6), WORK, served);

  const [runner] = processesOf(served.runsDir).filter((pid) => pid !== String(command.child.pid));
  process.kill(Number(runner), 'SIGKILL');

  expect(await command.ended, command.output).toBe(1);
  expect(command.output).toContain('NOT ACCEPTED');
  expect(inventoryDifference(before, await takeInventory(served.clients))).toEqual(NOTHING);
});

test('a second run is refused while one is under way', { timeout: PATIENCE_MS }, async () => {
  const { command: first } = await runUntil(1, WORK, served);

  const second = new Command(WORK, served.environment);
  const sweep = new Command(['sweep', '--yes'], served.environment);

  expect([await second.ended, await sweep.ended]).toEqual([2, 2]);
  expect(second.output).toContain('another run is under way');
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(130);
});
