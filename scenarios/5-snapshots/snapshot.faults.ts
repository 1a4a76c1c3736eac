import { overwrite, thenCorrupt, zero } from '../../fixtures/mock/faults/corrupt.ts';
import { atAttachment, foreignBytes } from '../../fixtures/mock/faults/foreign-bytes.ts';
import { failAfterwards, hang, restartAfterwards } from '../../fixtures/mock/faults/interrupted-work.ts';
import { detailObject, type ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import {
  changeRequest,
  cinderRefusal,
  fail,
  pretend,
  refuse,
  retell,
  type StorpoolData,
} from '../../fixtures/mock/faults/replies.ts';
import { missingFromList, reportedList } from '../../fixtures/mock/faults/reported.ts';
import { BLOCK, GIB, MIB } from '../../fixtures/mock/faults/sizes.ts';

/** How a snapshot can be something else than the volume as it was. */
export const snapshotFaults: readonly ProvenFault[] = [
  {
    id: 'snapshot-fails',
    kind: 'refuse',
    cause: 'The driver cannot take snapshots: the snapshot ends in error',
    seam: 'cinder.driver.create_snapshot',
    reddens: ['snapshot.available'],
    act: fail('StorPool API: invalidParam'),
  },
  {
    id: 'snapshot-stuck',
    kind: 'stick',
    cause: 'The snapshot stays in creating',
    seam: 'cinder.driver.create_snapshot',
    reddens: ['snapshot.available'],
    act: hang,
  },
  {
    id: 'snapshot-nothing',
    kind: 'lie',
    cause: 'Cinder believes in a snapshot that StorPool does not have (F46)',
    seam: 'cinder.driver.create_snapshot',
    reddens: ['snapshot.storpool'],
    act: pretend(undefined),
  },
  {
    id: 'snapshot-not-frozen',
    kind: 'lie',
    cause: 'The volume from the snapshot is made from the volume as it is now (F49)',
    seam: 'cinder.driver.create_volume_from_snapshot',
    reddens: ['snapshot.frozen'],
    act: changeRequest((request, context) => {
      const source = detailObject(context, 'snapshot')['volumeId'];
      delete request['parent'];
      request['baseOn'] = `os--volume-${String(source)}`;
    }),
  },
  {
    id: 'snapshot-incomplete',
    kind: 'lose',
    cause: 'A part of what was written before is not in the snapshot (F48)',
    seam: 'bytes.snapshot',
    reddens: ['snapshot.frozen'],
    act: thenCorrupt((file) => overwrite(file, 6 * MIB), 'to'),
  },
  {
    id: 'snapshot-refused',
    kind: 'refuse',
    cause: 'Cinder refuses a snapshot of the volume: it believes that the volume is in use (F47)',
    seam: 'cinder.createSnapshot',
    reddens: ['snapshot.available'],
    act: refuse(cinderRefusal(400, 'badRequest', 'Invalid volume: Volume must be available, but its status is in-use')),
  },
  {
    id: 'snapshot-done-but-error',
    kind: 'lie',
    cause: 'StorPool takes the snapshot, and the driver fails afterwards',
    seam: 'cinder.driver.create_snapshot',
    reddens: ['snapshot.available'],
    act: failAfterwards('StorPool API: the reply could not be read'),
  },
  {
    id: 'snapshot-worker-restarts',
    kind: 'restart',
    cause: 'cinder-volume is restarted while it takes the snapshot',
    seam: 'cinder.driver.create_snapshot',
    waits: true,
    reddens: ['snapshot.available', 'run.nothing-left'],
    act: restartAfterwards,
  },
  {
    id: 'snapshot-of-another',
    kind: 'lie',
    cause: 'The snapshot was taken of another volume',
    seam: 'storpool.SnapshotsList',
    reddens: ['snapshot.storpool'],
    act: reportedList((row) => ({ ...row, onVolume: 'customer-db' })),
  },
  {
    id: 'snapshot-too-small',
    kind: 'lie',
    cause: 'The snapshot is smaller than its volume',
    seam: 'storpool.SnapshotsList',
    reddens: ['snapshot.storpool'],
    act: reportedList((row) => ({ ...row, size: 512 * MIB })),
  },
  {
    id: 'snapshot-stops-writes',
    kind: 'lose',
    cause: 'What is written after the snapshot is lost at the detach (F42)',
    seam: 'agent.detach',
    skip: 1,
    times: 1,
    reddens: ['snapshot.frozen'],
    act: thenCorrupt((file) => zero(file, 2 * MIB, BLOCK)),
  },
  {
    id: 'snapshot-damages-volume',
    kind: 'corrupt',
    cause: 'Taking the snapshot damages what the volume holds and nobody writes again',
    seam: 'agent.attach',
    skip: 3,
    times: 1,
    reddens: ['snapshot.frozen'],
    act: thenCorrupt((file) => overwrite(file, GIB - BLOCK)),
  },
  {
    id: 'snapshot-name-lost',
    kind: 'lie',
    cause: 'StorPool lists the snapshot without its name',
    seam: 'storpool.SnapshotsList',
    reddens: ['snapshot.storpool'],
    act: retell((body: { data: { name: string; globalId: string }[] }) => ({
      ...body,
      data: body.data.map((row) => ({ ...row, name: `~${row.globalId}` })),
    })),
  },
  {
    id: 'snapshot-of-earlier',
    kind: 'lose',
    cause: 'The snapshot lacks what was written a moment before it: a cache was not flushed (F48)',
    seam: 'bytes.snapshot',
    reddens: ['snapshot.frozen'],
    act: thenCorrupt((file) => zero(file, GIB - BLOCK, BLOCK), 'to'),
  },
  {
    id: 'snapshot-not-in-cinder-list',
    kind: 'lose',
    cause: 'Cinder shows the snapshot by its id and leaves it out of its list: a database replica lags behind',
    seam: 'cinder.listSnapshotsDetail',
    reddens: ['snapshot.available'],
    act: missingFromList('snapshots'),
  },
  {
    id: 'snapshot-foreign-far',
    kind: 'corrupt',
    cause: 'The snapshot shows bytes of somebody else where nobody has written (F45)',
    seam: 'bytes.snapshot',
    reddens: ['snapshot.frozen'],
    act: thenCorrupt((file) => overwrite(file, 300 * MIB), 'to'),
  },
  foreignBytes({
    ...{ id: 'snapshot-volume-foreign-far', what: 'The volume after its snapshot', check: 'snapshot.frozen' },
    ...atAttachment(4),
  }),
  {
    id: 'snapshot-merge-harms-younger',
    kind: 'lose',
    cause: 'Merging a deleted snapshot into a younger one takes data from that (F52)',
    seam: 'bytes.merge',
    when: ({ details }) => String(details['volume']).includes('--snap--'),
    reddens: ['snapshot.younger'],
    act: thenCorrupt((file) => zero(file, 4 * MIB, BLOCK)),
  },
  {
    id: 'snapshot-of-grown-cut',
    kind: 'lose',
    cause: 'A snapshot of an extended volume lacks what lies behind its old end (F48)',
    seam: 'bytes.snapshot',
    skip: 1,
    reddens: ['snapshot.younger'],
    act: thenCorrupt((file) => zero(file, 2 * GIB - BLOCK, BLOCK), 'to'),
  },
  {
    id: 'snapshot-one-copy',
    kind: 'lie',
    cause: 'The snapshot is kept in one copy (F19)',
    seam: 'storpool.Snapshot',
    reddens: ['snapshot.layers'],
    act: retell(({ data, ...rest }: Partial<StorpoolData<object[]>>) =>
      data === undefined ? rest : { ...rest, data: data.map((row) => ({ ...row, replication: 1 })) },
    ),
  },
  foreignBytes({
    ...{ id: 'snapshot-deletes-damage-volume', what: 'The volume, once a snapshot of it is deleted,', check: 'snapshot.younger' },
    ...atAttachment(7),
  }),
  {
    id: 'snapshot-of-another-volume',
    kind: 'lie',
    cause: 'Cinder tells that the snapshot is of another volume',
    seam: 'cinder.showSnapshot',
    reddens: ['snapshot.layers'],
    act: retell(({ snapshot, ...rest }: { snapshot?: object }) =>
      snapshot === undefined ? rest : { snapshot: { ...snapshot, volume_id: '11111111-1111-4111-8111-111111111111' } },
    ),
  },
];
