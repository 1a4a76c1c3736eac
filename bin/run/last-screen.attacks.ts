import { expect, test } from 'vitest';
import { inventoryDifference, takeInventory } from '../../fixtures/cleanup/inventory.ts';
import { hold, OnTerminal, processesFor, runsIn, station } from '../testing/npm-for-tests.ts';

const PATIENCE = { timeout: 600_000 };
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const NOTHING = { appeared: [], vanished: [], changed: [] };

test('Ctrl-C in a run leaves its verdict and the way to its report on the screen', PATIENCE, async () => {
  await using place = await station();
  const before = await takeInventory(place.clients);
  using held = hold(place.cluster, 'cinder.extendVolume');
  await using run = new OnTerminal('acceptance', ['--only', 'create,extend', '--yes'], place.environment);
  await held.met;
  await run.until('Extend');

  run.type(CTRL_C);

  expect(await run.ended, await run.screen()).toBe(130);
  const screen = await run.screen();
  // The keyboard's echo stands where the live lines began, and nothing of those is left.
  expect(screen).toMatch(/^(\^C)?SIGINT: stopping; then everything that this run made is removed\.$/m);
  expect(screen).not.toContain('Cleaning up is under way');
  expect(screen).toMatch(/^Removed \d+ things: \w+ acc-/m);
  expect(screen).toMatch(/^Interrupted after \d+ of \d+ checks had passed\. Nothing is left behind\.\nreport: \S+index\.html$/m);
  expect(screen).not.toMatch(/^ {2}2 /m);
  expect(inventoryDifference(before, await takeInventory(place.clients)), screen).toEqual(NOTHING);
});

test.for([
  ['Ctrl-C', CTRL_C, 130, /^Go on\? \(yes\/no\) ?\nSIGINT: stopping;.*\nNothing was made\.$/m],
  ['Ctrl-D', CTRL_D, 2, /the run was not agreed to\n {2}→ Nothing was made/],
] as const)('%s at the question ends the run at once', PATIENCE, async ([, key, code, words]) => {
  await using place = await station();
  const before = await takeInventory(place.clients);
  await using run = new OnTerminal('acceptance', ['--only', 'create'], place.environment);
  await run.until('Go on? (yes/no)');

  run.type(key);

  expect(await run.ended, await run.screen()).toBe(code);
  expect(await run.screen()).toMatch(words);
  expect(runsIn(place.runsDir)).toEqual([]);
  expect(inventoryDifference(before, await takeInventory(place.clients))).toEqual(NOTHING);
});

test('SIGTERM to npm at the question ends the run at once', PATIENCE, async () => {
  await using place = await station();
  await using run = new OnTerminal('acceptance', ['--only', 'create'], place.environment);
  await run.until('Go on? (yes/no)');

  process.kill(run.npm, 'SIGTERM');

  expect(await run.ended).toBe(143);
  expect(await run.screen()).toMatch(/^Go on\? \(yes\/no\) ?\nSIGTERM: stopping;.*\nNothing was made\.$/m);
});

test('a terminal that is closed stops the run, which takes away what it made', PATIENCE, async () => {
  await using place = await station();
  const before = await takeInventory(place.clients);
  using held = hold(place.cluster, 'cinder.extendVolume');
  await using run = new OnTerminal('acceptance', ['--only', 'create,extend', '--yes'], place.environment);
  await held.met;

  run.child.kill('SIGKILL');

  await expect.poll(() => processesFor(place.runsDir)).toEqual([]);
  expect(inventoryDifference(before, await takeInventory(place.clients))).toEqual(NOTHING);
});

test('Ctrl-C ends `npm run mock` and leaves neither server nor device', PATIENCE, async () => {
  await using place = await station();
  await using mock = new OnTerminal('mock', [], { ACCEPTANCE_RUNS_DIR: place.runsDir });
  await mock.until('is served until it is stopped');

  mock.type(CTRL_C);

  expect(await mock.ended).toBe(0);
  expect(await mock.screen()).toMatch(/SIGINT: stopping; its servers and devices are taken away\.$/m);
  expect(processesFor(place.runsDir)).toEqual([]);
});
