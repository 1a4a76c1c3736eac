import {
  afterwards,
  afterwardsIfLarge,
  askInstead,
  blank,
  failAfterwards,
  forget,
  misplace,
  part,
  shrinkDevice,
  spoil,
  stick,
  tear,
  text,
} from '../../fixtures/mock/faults/corrupt.ts';
import { type ProvenFault, pretend, refuse, retell, storpoolError } from '../../fixtures/mock/faults/proven-fault.ts';
import { cinderRefusal, infoTold, listTold, statusTold, volumeTold } from '../../fixtures/mock/faults/reported.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const BLOCK = 4096;
const isLarge = 2 * GIB;

/** Harms the data of a volume that is made from a snapshot, as soon as it is made. */
const cloned =
  (harm: (file: string) => Promise<void>): ProvenFault['act'] =>
  async (next, context) => {
    await next();
    await harm(await (context.details['own'] as () => Promise<string>)());
  };

/** Chapter 5: more ways in which snapshots, and volumes from them, go wrong. */
export const freezingFaults: readonly ProvenFault[] = [
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
    act: forget,
  },
  {
    id: 'snapshot-of-another',
    kind: 'lie',
    cause: 'The snapshot was taken of another volume',
    seam: 'storpool.SnapshotsList',
    reddens: ['snapshot.storpool'],
    act: listTold((row) => ({ ...row, onVolume: 'customer-db' })),
  },
  {
    id: 'snapshot-too-small',
    kind: 'lie',
    cause: 'The snapshot is smaller than its volume',
    seam: 'storpool.SnapshotsList',
    reddens: ['snapshot.storpool'],
    act: listTold((row) => ({ ...row, size: 512 * MIB })),
  },
  {
    id: 'snapshot-stops-writes',
    kind: 'lose',
    cause: 'What is written after the snapshot is lost at the detach (F42)',
    seam: 'agent.detach',
    skip: 1,
    times: 1,
    reddens: ['snapshot.frozen'],
    act: afterwards((file) => blank(file, 2 * MIB, BLOCK)),
  },
  {
    id: 'snapshot-damages-volume',
    kind: 'corrupt',
    cause: 'Taking the snapshot damages what the volume holds and nobody writes again',
    seam: 'agent.attach',
    skip: 3,
    times: 1,
    reddens: ['snapshot.frozen'],
    act: afterwards((file) => spoil(file, GIB - BLOCK)),
  },
  {
    id: 'from-snapshot-really-copied',
    kind: 'lie',
    cause: 'The volume is made of a copy of the source and not of the snapshot (F51)',
    seam: 'cinder.driver.create_volume_from_snapshot',
    reddens: ['from-snapshot.parent'],
    guideSees: '`storpool volume list` lists a volume of the right size.',
    act: askInstead((request, context) => {
      delete request['parent'];
      request['baseOn'] = `os--volume-${String(part(context, 'snapshot')['volumeId'])}`;
    }),
  },
  {
    id: 'from-snapshot-forgotten',
    kind: 'lose',
    cause: 'Cinder does not remember which snapshot the volume was made from',
    seam: 'cinder.showVolume',
    reddens: ['from-snapshot.parent'],
    act: volumeTold(() => ({ snapshot_id: null })),
  },
  {
    id: 'from-snapshot-zero-block',
    kind: 'lose',
    cause: 'One block of the snapshot reads as zeros in the new volume (F45)',
    seam: 'bytes.clone',
    reddens: ['from-snapshot.bytes'],
    act: cloned((file) => blank(file, 3 * MIB, BLOCK)),
  },
  {
    id: 'from-snapshot-misplaced-block',
    kind: 'corrupt',
    cause: 'A wrong block map: one block shows what belongs elsewhere (F45)',
    seam: 'bytes.clone',
    reddens: ['from-snapshot.bytes'],
    act: cloned((file) => misplace(file, MIB, 5 * MIB)),
  },
  {
    id: 'from-snapshot-torn-block',
    kind: 'corrupt',
    cause: 'Half of a block comes from before (F48)',
    seam: 'bytes.clone',
    reddens: ['from-snapshot.bytes'],
    act: cloned((file) => tear(file, GIB / 2)),
  },
  {
    id: 'from-snapshot-larger-in-cinder',
    kind: 'lie',
    cause: 'Cinder tells the size of the snapshot for the larger volume',
    seam: 'cinder.showVolume',
    reddens: ['from-snapshot.larger'],
    act: volumeTold(() => ({ size: 1 })),
  },
  {
    id: 'from-snapshot-larger-in-storpool',
    kind: 'lie',
    cause: 'StorPool tells the size of the snapshot for the larger volume',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['from-snapshot.larger'],
    act: infoTold(() => ({ size: GIB })),
  },
  {
    id: 'from-snapshot-larger-device',
    kind: 'lie',
    cause: 'The device of the larger volume ends where the snapshot did',
    seam: 'agent.attach',
    reddens: ['from-snapshot.larger'],
    act: afterwardsIfLarge(isLarge, (file, context) => shrinkDevice(file, context, GIB)),
  },
  {
    id: 'from-snapshot-dirty-tail',
    kind: 'corrupt',
    cause: 'Behind the snapshot the larger volume shows bytes of somebody else (F26)',
    seam: 'agent.attach',
    reddens: ['from-snapshot.larger'],
    act: afterwardsIfLarge(isLarge, (file) => spoil(file, GIB + 700 * MIB)),
  },
  {
    id: 'from-snapshot-larger-loses',
    kind: 'lose',
    cause: 'The larger volume has lost some of the snapshot (F26)',
    seam: 'agent.attach',
    reddens: ['from-snapshot.larger'],
    act: afterwardsIfLarge(isLarge, (file) => blank(file, GIB / 2, BLOCK)),
  },
  {
    id: 'accounting-copied-data',
    kind: 'lie',
    cause: 'Volumes store again what their snapshot holds (F51)',
    seam: 'bytes.stored',
    reddens: ['accounting.split'],
    act: async (next, { details }) => (details['snapshot'] === true ? next() : ((await next()) as number) + 8 * MIB),
  },
  {
    id: 'accounting-empty-snapshot',
    kind: 'lose',
    cause: 'The snapshot stores nothing',
    seam: 'storpool.VolumesGetStatus',
    reddens: ['accounting.split'],
    act: statusTold(({ snapshot }) => (snapshot ? { storedSize: 0 } : {})),
  },
  {
    id: 'accounting-counted-twice',
    kind: 'lie',
    cause: 'The same data is counted in many objects',
    seam: 'storpool.VolumesGetStatus',
    reddens: ['accounting.totals'],
    act: statusTold(({ storedSize }) => ({ storedSize: 40 * storedSize })),
  },
  {
    id: 'accounting-too-many-copies',
    kind: 'lie',
    cause: 'Far more is stored than the copies that were promised: dead copies pile up (F72)',
    seam: 'storpool.VolumesGetStatus',
    reddens: ['accounting.totals'],
    act: statusTold(({ storedSize }) => ({ onDiskSize: 60 * storedSize })),
  },
  {
    id: 'accounting-other-replication',
    kind: 'lie',
    cause: 'The volume keeps fewer copies than its template promises (F19)',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['accounting.totals'],
    act: infoTold(() => ({ replication: 2 })),
  },
  {
    id: 'source-delete-half',
    kind: 'lose',
    cause: 'Cinder refuses the delete, and the volume is gone from StorPool all the same (F52)',
    seam: 'storpool.Volume',
    reddens: ['snapshot.source-delete'],
    act: refuse(storpoolError('objectDoesNotExist', 'Volume does not exist.', 404)),
  },
  {
    id: 'source-delete-wrong-refusal',
    kind: 'lie',
    cause: 'The delete of a volume that has a snapshot fails inside of Cinder instead of being refused',
    seam: 'cinder.deleteVolume',
    times: 1,
    reddens: ['snapshot.source-delete'],
    act: refuse(cinderRefusal(500, 'computeFault', 'The server has either erred or is incapable of performing the operation.')),
  },
  {
    id: 'snapshot-delete-stuck',
    kind: 'stick',
    cause: 'The snapshot stays in deleting',
    seam: 'cinder.driver.delete_snapshot',
    reddens: ['snapshot.source-delete', 'run.nothing-left'],
    act: stick,
  },
  {
    id: 'snapshot-delete-refused',
    kind: 'refuse',
    cause: 'StorPool does not delete a snapshot that has a child (F52)',
    seam: 'storpool.SnapshotDelete',
    times: 1,
    reddens: ['snapshot.source-delete'],
    act: refuse(storpoolError('busy', 'Snapshot has child volumes')),
  },
  {
    id: 'snapshot-listed-for-ever',
    kind: 'leak',
    cause: 'StorPool still lists the snapshot that was deleted (cloudstack#9855)',
    seam: 'storpool.SnapshotDelete',
    reddens: ['snapshot.source-delete', 'run.nothing-left'],
    act: pretend({ status: 200, body: { generation: 1, data: { ok: true, generation: 1 } } }),
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
    act: async (next, context) => {
      await next();
      await blank(text(context, 'to'), GIB - BLOCK, BLOCK);
    },
  },
];
