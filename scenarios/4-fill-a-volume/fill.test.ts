import { expect, test } from 'vitest';
import { registeredScenarios } from '../../fixtures/scenario/registered-scenarios.ts';
import { playScenario } from '../../fixtures/testing/play-scenario.ts';
import { startRun } from '../../fixtures/testing/run-in-progress.ts';
import { gib, toBytes } from '../../helpers/units.ts';

const FOREIGN = 50;
/** What StorPool answers with all its volumes, snapshots or attachments. */
const WHOLE = ['VolumesList', 'SnapshotsList', 'VolumesGetStatus', 'VolumesGetStatusQuick', 'VolumesSpace', 'SnapshotsSpace'];

/** By the model, for all that the scenario made; and so is VolumesList. */
const ONCE_AT_THE_END = { VolumesGetStatusQuick: 1 };

test('all volumes of the cluster are asked for only before and after, and for what no other call tells', async () => {
  await using stand = await startRun();
  const { clients, cluster } = stand;
  for (let i = 0; i < FOREIGN; i += 1) {
    await clients.storpool.volumes.create({ name: `foreign-${i}`, size: toBytes(gib(1)), template: 'hybrid' });
  }
  const [scenario] = await registeredScenarios(() => import('./fill.scenario.ts'));

  const before = new Map(WHOLE.map((call) => [call, cluster.core.calls.count(`storpool.${call}`)]));
  const { lines, checks } = await playScenario(stand, scenario);

  // While the copy runs, and between its attempts, StorPool is asked as often as it is quick to answer.
  const copying = lines.flatMap((line) => (line.type === 'step' && line.step === 'copy' ? (line.exchanges ?? []) : []));
  const samples = copying.filter(({ url }) => url.endsWith('/VolumesGetStatus')).length;
  const asked = (call: string) => cluster.core.calls.count(`storpool.${call}`) - (before.get(call) ?? 0);
  const nothing = Object.fromEntries(WHOLE.map((call) => [call, 0]));
  const counts = Object.fromEntries(WHOLE.map((call) => [call, asked(call)]));
  expect(checks.map(({ outcome }) => outcome)).not.toContain('failed');
  expect(counts).toEqual({ ...nothing, ...ONCE_AT_THE_END, VolumesList: 3, VolumesGetStatus: expect.any(Number) as number });
  // Afterwards until it has counted what was written, which takes the longer the busier the machine is.
  expect(asked('VolumesGetStatus') - samples).toBeGreaterThanOrEqual(2);
  expect(asked('VolumesGetStatus') - samples).toBeLessThan(FOREIGN / 2);
});
