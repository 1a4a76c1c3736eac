import { expect, test, vi } from 'vitest';
import { registeredScenarios } from '../../../fixtures/scenario/registered-scenarios.ts';
import { playScenario } from '../../../fixtures/testing/play-scenario.ts';
import { startRun } from '../../../fixtures/testing/run-in-progress.ts';

const [scenario] = await registeredScenarios(() => import('./discard.scenario.ts'));

test('where the device is none that takes discards nothing is written or claimed', async () => {
  // Who is not root has files in the place of loop devices.
  using _ = vi.spyOn(process, 'getuid').mockReturnValue(1000);
  await using stand = await startRun();

  const { checks, steps } = await playScenario(stand, scenario);

  expect(steps).toEqual(['volume', 'attach', 'asks']);
  expect(checks.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
    'discard.zeros not-applicable',
    'discard.space not-applicable',
    'discard.layers passed',
  ]);
  expect(checks[0]?.cause).toMatch(/the device of the volume on controller takes no discards/);
});
