import { appendFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { takeInventory } from '../../fixtures/cleanup/inventory.ts';
import { readJournal } from '../../fixtures/ledger/journal.ts';
import { runFiles } from '../../fixtures/run/run.ts';
import { NOT_REMOVED } from '../../fixtures/scenario/world.ts';
import { type RunInProgress, startRun } from '../../fixtures/testing/run-in-progress.ts';
import { type Evidence, memorySink } from '../../helpers/evidence.ts';
import { gib } from '../../helpers/units.ts';
import { type AftermathParts, settleAftermath } from './aftermath.ts';

/** A run that left a volume behind, and how it is settled. */
async function settle(stand: RunInProgress, more: Partial<AftermathParts>, leave = true) {
  const { run, runDir: dir, clients, target } = stand;
  const before = await takeInventory(clients);
  if (leave) {
    const { id } = await stand.ledger().volume({ name: stand.name(1), size: gib(1) });
    await clients.cinder.volumes.untilAvailable(id);
  }
  const lines: Evidence[] = [];
  const said: string[] = [];
  const parts = { run, dir, clients, target, before, wasCutShort: false, keep: false };
  const leaks = await settleAftermath({ ...parts, sink: memorySink(lines), say: (text) => said.push(text), ...more });
  const check = lines.find((line) => line.type === 'check');
  return { leaks, outcome: check?.outcome, said: said.join('\n'), left: (await clients.cinder.volumes.list()).length };
}

test('a run that left nothing passes and is closed for later sweeps', async () => {
  await using stand = await startRun();

  expect(await settle(stand, {}, false)).toEqual({ leaks: [], outcome: 'passed', said: '', left: 0 });
  expect(readJournal(stand.journal.path).swept).toBe(true);
});

test('what a run left is a leak, even though it is removed', async () => {
  await using stand = await startRun();

  const { leaks, outcome, left } = await settle(stand, {});

  expect({ outcome, left }).toEqual({ outcome: 'failed', left: 0 });
  expect(leaks.map(({ layer, kind, unswept }) => `${layer} ${kind} ${unswept}`).toSorted()).toEqual([
    'Cinder volume false',
    'StorPool volume false',
  ]);
});

test('what a run left that was cut short is removed and is no leak', async () => {
  await using stand = await startRun();

  expect(await settle(stand, { wasCutShort: true })).toMatchObject({ leaks: [], outcome: 'passed', left: 0 });
});

test('what a scenario told that it could not remove, and what is removed in the end, is no leak', async () => {
  await using stand = await startRun();
  const note = { type: 'note', scenario: 'create', title: NOT_REMOVED, text: 'volume acc-… is left: 503' };
  const at = new Date().toISOString();
  appendFileSync(runFiles(stand.runDir).evidence, `${JSON.stringify({ at, ...note })}\n`);

  expect(await settle(stand, {})).toMatchObject({ leaks: [], outcome: 'passed', left: 0 });
});

test('what a sweep could not settle is not called nothing, and stays open for later sweeps', async () => {
  await using stand = await startRun();
  appendFileSync(stand.journal.path, 'null\n');

  const { leaks, outcome } = await settle(stand, { wasCutShort: true });

  expect({ leaks, outcome }).toEqual({ leaks: [], outcome: 'could-not-check' });
  expect(readJournal(stand.journal.path).swept).toBe(false);
});

test('what cannot be removed is a leak of a run that was cut short, too', async () => {
  await using stand = await startRun();
  const refuse = () => Promise.reject(new Error('no'));
  const seam = 'cinder.driver.delete_volume';
  stand.cluster.core.faults.add({ id: 'stuck', kind: 'refuse', cause: 'the driver fails', seam, act: refuse });

  const { leaks, outcome, said } = await settle(stand, { wasCutShort: true });

  expect(outcome).toBe('failed');
  expect(leaks.every(({ unswept }) => unswept)).toBe(true);
  expect(said).toMatch(/Could not remove volume acc-/);
  expect(said).toContain(`npm run sweep -- ${stand.run} --yes`);
});

test('what is kept as asked is told, stays, and is no leak', async () => {
  await using stand = await startRun();

  const { leaks, left } = await settle(stand, { keep: true });

  expect({ leaks, left }).toEqual({ leaks: [], left: 1 });
  expect(readJournal(stand.journal.path).swept).toBe(false);
});

test('when the cluster cannot be looked at, nobody knows, and that is said', async () => {
  await using stand = await startRun();
  const act = () => Promise.resolve({ status: 503, body: {} });
  const seam = 'glance.listImages';
  const before = await takeInventory(stand.clients);
  stand.cluster.core.faults.add({ id: 'down', kind: 'refuse', cause: 'down', seam, act });

  const lines: Evidence[] = [];
  const { run, runDir: dir, clients, target } = stand;
  const parts = { run, dir, clients, target, before, wasCutShort: false, keep: false, say: () => {} };
  await settleAftermath({ ...parts, sink: memorySink(lines) });

  expect(lines).toMatchObject([{ type: 'check', check: 'run.nothing-left', outcome: 'could-not-check' }]);
});

test('what Nova may have made for a server that never got it is told, though the run itself took all away that it knew of', async () => {
  await using stand = await startRun();
  const { clients, target } = stand;
  const before = await takeInventory(clients);
  const { volumes, snapshots } = clients.cinder;
  const ledger = stand.ledger();
  const { id: volumeId } = await ledger.volume({ name: stand.name(1), size: gib(1) });
  await volumes.untilAvailable(volumeId);
  const { id: snapshotId } = await ledger.snapshot({ name: stand.name(2), volumeId });
  await snapshots.untilAvailable(snapshotId);
  // As Nova leaves it when the volume that it made takes too long, or cannot be attached.
  const key = 'boot-1';
  stand.journal.write({ type: 'intent', key, kind: 'server', name: stand.name(3), scenario: 'boot', details: { snapshotId } });
  const nameless = await volumes.create({ name: '', size: gib(1), snapshotId, metadata: {} });
  await volumes.untilAvailable(nameless.id);
  stand.journal.write({ type: 'gone', key });
  await ledger.undo();

  const lines: Evidence[] = [];
  const said: string[] = [];
  const parts = { run: stand.run, dir: stand.runDir, clients, target: { ...target, exclusive: false }, before };
  const rest = { wasCutShort: false, keep: false, sink: memorySink(lines), say: (text: string) => said.push(text) };
  expect(await settleAftermath({ ...parts, ...rest })).toEqual([]);

  expect(lines.find(({ type }) => type === 'check')).toMatchObject({ outcome: 'could-not-check' });
  expect(said.join('\n')).toContain(`volume (unnamed) (${nameless.id}) is perhaps of this run`);
  expect(readJournal(stand.journal.path).swept).toBe(false);
  expect((await volumes.list()).map(({ id }) => id)).toEqual([nameless.id]);
});
