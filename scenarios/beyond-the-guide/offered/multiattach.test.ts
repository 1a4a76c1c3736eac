import { expect, test, vi } from 'vitest';
import type { ClusterSettings } from '../../../fixtures/mock/core/settings.ts';
import { registeredScenarios } from '../../../fixtures/scenario/registered-scenarios.ts';
import { playScenario } from '../../../fixtures/testing/play-scenario.ts';
import { startRun } from '../../../fixtures/testing/run-in-progress.ts';

const [scenario] = await registeredScenarios(() => import('./multiattach.scenario.ts'));
vi.setConfig({ testTimeout: 120_000 });

const typed =
  (...volumeTypes: ClusterSettings['openstack']['volumeTypes'][number][]) =>
  (healthy: ClusterSettings): ClusterSettings => ({ ...healthy, openstack: { ...healthy.openstack, volumeTypes } });
const PLAIN = { name: 'storpool', extraSpecs: { volume_backend_name: 'storpool' } };
const elsewhere = { name: 'bulk', extraSpecs: { volume_backend_name: 'lvm', multiattach: '<is> True' } };

test.for([
  ['no type offers it', typed(PLAIN), /no volume type lets several servers .*: there are storpool$/],
  [
    'the one that does leads elsewhere',
    typed(PLAIN, elsewhere),
    /none of the types with multiattach leads to StorPool alone: bulk$/,
  ],
] as const)('where %s nothing is made', async ([_, settings, why]) => {
  await using stand = await startRun([], settings);

  const { checks, steps } = await playScenario(stand, scenario);

  expect(steps).toEqual(['types']);
  expect(checks.map(({ outcome }) => outcome)).toEqual(Array(5).fill('not-applicable'));
  // The check of all layers among them: that nothing was made has the same reason.
  expect(checks.filter(({ cause }) => !why.test(cause ?? ''))).toEqual([]);
});

test('two servers of one hypervisor have the volume there once, until the last of them lets go', async () => {
  await using stand = await startRun([], (healthy) => ({
    ...healthy,
    hosts: healthy.hosts.filter(({ name }) => name === 'controller' || name === 'hypervisor-1'),
  }));

  const { checks } = await playScenario(stand, scenario);

  expect(checks.map(({ check, outcome, cause }) => [check, outcome, cause])).toEqual(
    ['attached', 'writers', 'one-left', 'detached', 'layers'].map((what) => [`multiattach.${what}`, 'passed', undefined]),
  );
});
