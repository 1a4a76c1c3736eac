import { expect, test } from 'vitest';
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
  expect(checks[0]?.cause).toMatch(/no two of its hypervisors .*: hypervisor-1 QEMU nova up/);
});
