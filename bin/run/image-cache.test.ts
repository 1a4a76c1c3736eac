import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takeInventory } from '../../fixtures/cleanup/inventory.ts';
import type { ClusterSettings } from '../../fixtures/mock/core/settings.ts';
import { sweepOf } from '../../fixtures/testing/killed-run.ts';
import { type RunInProgress, startRun } from '../../fixtures/testing/run-in-progress.ts';
import { type Evidence, memorySink } from '../../helpers/evidence.ts';
import { gib } from '../../helpers/units.ts';
import { settleAftermath } from './aftermath.ts';

type Cache = NonNullable<ClusterSettings['openstack']['imageVolumeCache']>;

const withCache = (imageVolumeCache: Cache) =>
  startRun([], (healthy) => ({ ...healthy, openstack: { ...healthy.openstack, imageVolumeCache } }));

/** An image and a volume from it, as a scenario makes them. */
async function fromImage(stand: RunInProgress) {
  const folder = await mkdtemp(join(tmpdir(), 'acc-cache-'));
  const file = join(folder, 'disk');
  await writeFile(file, Buffer.alloc(1024 ** 2));
  const ledger = stand.ledger();
  const image = await ledger.image({ name: stand.name(1), diskFormat: 'raw' }, file);
  await rm(folder, { recursive: true });
  const volume = await ledger.volume({ name: stand.name(2), size: gib(1), imageId: image.id });
  await stand.clients.cinder.volumes.untilAvailable(volume.id);
  return { ledger, image, volume };
}

/** A run with a volume from an image that ended by itself, and how it is settled. */
async function settled(stand: RunInProgress) {
  const { run, runDir: dir, clients, target } = stand;
  const before = await takeInventory(clients);
  const { ledger, image } = await fromImage(stand);
  await ledger.undo();
  const cached = await clients.cinder.volumes.list({ name: `image-${image.id}`, allTenants: true });
  const said: string[] = [];
  const lines: Evidence[] = [];
  const parts = { run, dir, clients, target, before, wasCutShort: false, keep: false, sink: memorySink(lines) };
  const leaks = await settleAftermath({ ...parts, say: (text) => said.push(text) });
  const outcome = lines.find((line) => line.type === 'check')?.outcome;
  const left = await clients.cinder.volumes.list({ allTenants: true });
  return { cached: cached.map(({ id }) => id), leaks, outcome, said: said.join('\n'), left: left.map(({ id }) => id) };
}

test('an entry of the image cache in the project is taken away with what it was made of, and told', async () => {
  await using stand = await withCache('of the user');
  const { cached, leaks, outcome, said, left } = await settled(stand);
  expect(cached).toHaveLength(1);
  expect({ leaks, outcome, left }).toEqual({ leaks: [], outcome: 'passed', left: [] });
  expect(said).toMatch(/Removed volume image-[\da-f-]+ .*image cache/);
  expect((await stand.clients.storpool.snapshots.list()).filter(({ deleted }) => !deleted)).toEqual([]);
});

test('one in the project of an internal tenant is left and told with the command', async () => {
  await using stand = await withCache('of an internal tenant');
  const { cached, leaks, outcome, said, left } = await settled(stand);
  expect({ leaks, outcome, left }).toEqual({ leaks: [], outcome: 'passed', left: cached });
  expect(said).toContain(`openstack volume delete ${cached[0]}`);
});

test('a sweep takes the entry of a killed run away, and nothing that only looks like it', async () => {
  await using stand = await withCache('of the user');
  const { cinder } = stand.clients;
  const { image } = await fromImage(stand);
  const named = await cinder.volumes.create({ name: `image-${image.id}`, size: gib(1), metadata: {} });
  await cinder.volumes.untilAvailable(named.id);
  const { removed, left } = await sweepOf(stand);
  expect(left).toEqual([]);
  expect(removed.filter((what) => what.startsWith(`volume image-${image.id}`))).toHaveLength(1);
  expect((await cinder.volumes.list()).map(({ id }) => id)).toEqual([named.id]);
});

test('a sweep tells of one in another project', async () => {
  await using stand = await withCache('of an internal tenant');
  await fromImage(stand);
  const { perhaps } = await sweepOf(stand);
  expect(perhaps.map(({ look }) => look)).toEqual([expect.stringMatching(/openstack volume delete [\da-f-]+$/)]);
});
