import { expect, test } from 'vitest';
import { refuse } from '../../fixtures/mock/faults/replies.ts';
import { registeredScenarios } from '../../fixtures/scenario/registered-scenarios.ts';
import { playScenario } from '../../fixtures/testing/play-scenario.ts';
import { startRun } from '../../fixtures/testing/run-in-progress.ts';

const [scenario] = await registeredScenarios(() => import('./delete.scenario.ts'));

test('where no volume can be made nothing is said about deletes', async () => {
  const said = "VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded for quota 'volumes'.";
  const act = refuse({ status: 413, body: { overLimit: { code: 413, message: said } } });
  await using stand = await startRun([{ id: 'full', kind: 'refuse', cause: 'quota', seam: 'cinder.createVolume', act }]);

  const { checks } = await playScenario(stand, scenario);

  expect(checks.map(({ check, outcome }) => [check, outcome])).toEqual([
    ['delete.gone', 'blocked'],
    ['delete.layers', 'blocked'],
  ]);
  expect(checks[0]).toMatchObject({ by: 'the step “Create a 1 GiB volume”', cause: expect.stringContaining(said) });
  expect(checks[0]?.remedy).toMatch(/quota/);
});
