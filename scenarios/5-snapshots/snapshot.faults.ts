import { part, spoil, stick, text } from '../../fixtures/mock/faults/corrupt.ts';
import { type ProvenFault, pretend, retell, type StorpoolData } from '../../fixtures/mock/faults/proven-fault.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

interface Status {
  readonly storedSize: number;
  readonly onDiskSize: number;
}

/** Chapter 5: snapshots, and volumes from them. */
export const snapshotFaults: readonly ProvenFault[] = [
  {
    id: 'snapshot-fails',
    kind: 'refuse',
    cause: 'The driver cannot take snapshots: the snapshot ends in error',
    seam: 'cinder.driver.create_snapshot',
    reddens: ['snapshot.available'],
    act: () => Promise.reject(new Error('StorPool API: invalidParam')),
  },
  {
    id: 'snapshot-stuck',
    kind: 'stick',
    cause: 'The snapshot stays in creating',
    seam: 'cinder.driver.create_snapshot',
    reddens: ['snapshot.available'],
    act: stick,
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
    act: (next, context) => {
      const request = part(context, 'request');
      const source = part(context, 'snapshot')['volumeId'];
      delete request['parent'];
      request['baseOn'] = `os--volume-${String(source)}`;
      return next();
    },
  },
  {
    id: 'snapshot-incomplete',
    kind: 'lose',
    cause: 'A part of what was written before is not in the snapshot (F48)',
    seam: 'bytes.snapshot',
    reddens: ['snapshot.frozen'],
    act: async (next, context) => {
      await next();
      await spoil(text(context, 'to'), 6 * MIB);
    },
  },
  {
    id: 'from-snapshot-damaged',
    kind: 'corrupt',
    cause: 'The volume from the snapshot differs from it in one block (F45)',
    seam: 'bytes.clone',
    reddens: ['from-snapshot.bytes'],
    act: async (next, context) => {
      await next();
      const own = context.details['own'] as () => Promise<string>;
      await spoil(await own(), MIB);
    },
  },
  {
    id: 'from-snapshot-copied',
    kind: 'lie',
    cause: 'The volume from the snapshot is a full copy without a parent (F51)',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['from-snapshot.parent'],
    act: retell((body: StorpoolData<object>) => ({ ...body, data: { ...body.data, parentName: '' } })),
  },
  {
    id: 'from-snapshot-not-larger',
    kind: 'lie',
    cause: 'The larger volume has the size of the snapshot',
    seam: 'cinder.driver.create_volume_from_snapshot',
    reddens: ['from-snapshot.larger'],
    act: (next, context) => {
      part(context, 'request')['size'] = GIB;
      return next();
    },
  },
  {
    id: 'accounting-clone-full',
    kind: 'lie',
    cause: 'The volume from the snapshot stores all data again (F51)',
    seam: 'storpool.VolumesGetStatus',
    guideSees: '`storpool volume list` lists the volume; the status table shows it only to who adds it up.',
    reddens: ['accounting.split'],
    act: retell((body: StorpoolData<Record<string, { snapshot: boolean } & Status>>) => ({
      ...body,
      data: Object.fromEntries(
        Object.entries(body.data).map(([name, row]) => [name, row.snapshot ? row : { ...row, storedSize: 8 * MIB }]),
      ),
    })),
  },
  {
    id: 'accounting-one-copy',
    kind: 'lie',
    cause: 'The data is stored once although three copies were promised (F19)',
    seam: 'storpool.VolumesGetStatus',
    reddens: ['accounting.totals'],
    act: retell((body: StorpoolData<Record<string, Status>>) => ({
      ...body,
      data: Object.fromEntries(Object.entries(body.data).map(([name, row]) => [name, { ...row, onDiskSize: row.storedSize }])),
    })),
  },
  {
    id: 'source-delete-allowed',
    kind: 'lie',
    cause: 'Cinder deletes a volume in spite of its snapshot (F52)',
    seam: 'cinder.deleteVolume',
    times: 1,
    reddens: ['snapshot.source-delete'],
    act: pretend({ status: 202 }),
  },
  {
    id: 'snapshot-delete-damages-clone',
    kind: 'lose',
    cause: 'Merging a deleted snapshot damages the volume that was made from it (F52)',
    seam: 'agent.attach',
    skip: 1,
    reddens: ['snapshot.source-delete'],
    act: async (next, context) => {
      await next();
      await spoil(text(context, 'file'), 4 * MIB);
    },
  },
  {
    id: 'snapshot-delete-leaves-snapshot',
    kind: 'leak',
    cause: 'Cinder forgets the snapshot, StorPool keeps it (cloudstack#9855)',
    seam: 'cinder.driver.delete_snapshot',
    reddens: ['snapshot.source-delete', 'run.nothing-left'],
    act: pretend(undefined),
  },
];
