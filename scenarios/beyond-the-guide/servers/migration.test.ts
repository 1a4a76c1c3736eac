import { expect, test } from 'vitest';
import type { Fault } from '../../../fixtures/mock/core/faults.ts';
import { registeredScenarios } from '../../../fixtures/scenario/registered-scenarios.ts';
import { playScenario } from '../../../fixtures/testing/play-scenario.ts';
import { startRun } from '../../../fixtures/testing/run-in-progress.ts';

const [scenario] = await registeredScenarios(() => import('./migration.scenario.ts'));

test('where there is no other hypervisor nothing is made to find that out', async () => {
  await using stand = await startRun([], (healthy) => ({
    ...healthy,
    hosts: healthy.hosts.filter(({ name }) => name === 'controller' || name === 'hypervisor-1'),
  }));

  const { checks, steps } = await playScenario(stand, scenario);

  expect(steps).toEqual(['hosts']);
  expect(checks.map(({ outcome }) => outcome)).toEqual(Array(4).fill('not-applicable'));
  expect(checks[0]?.cause).toMatch(/no two of its hypervisors .*: hypervisor-1 QEMU x86_64 nova up/);
});

const unfit = (hosts: readonly string[]): Fault => ({
  ...{ id: 'unfit', kind: 'refuse', cause: 'processors of other kinds', seam: 'nova.checkMigration' },
  when: ({ details }) => hosts.includes(String(details['host'])),
  act: () => Promise.reject(new Error("Unacceptable CPU info: CPU doesn't have compatibility.")),
});

test('a hypervisor that Nova finds unfit for the server is left out, and another one tried', async () => {
  await using stand = await startRun([unfit(['hypervisor-2'])]);

  const { checks } = await playScenario(stand, scenario);

  expect(checks.map(({ check, outcome }) => [check, outcome])).toEqual(checks.map(({ check }) => [check, 'passed']));
});

test('where Nova finds all of them unfit the server stays, and nothing is told as broken', async () => {
  await using stand = await startRun([unfit(['hypervisor-1', 'hypervisor-2', 'hypervisor-3'])]);

  const { checks } = await playScenario(stand, scenario);

  expect(checks.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
    'migration.moved not-applicable',
    'migration.attachment not-applicable',
    'migration.guest not-applicable',
    'migration.layers passed',
  ]);
  expect(checks[0]?.cause).toMatch(/does not move running servers: .*Nova finds .*hypervisor-.* unfit/);
});
