import type { ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { reportedInfo, reportedStatus } from '../../fixtures/mock/faults/reported.ts';
import { MIB } from '../../fixtures/mock/faults/sizes.ts';

/** How the stored bytes can be told wrongly. */
export const accountingFaults: readonly ProvenFault[] = [
  {
    id: 'accounting-clone-full',
    kind: 'lie',
    cause: 'The volume from the snapshot stores all data again (F51)',
    seam: 'storpool.VolumesGetStatus',
    guideSees: '`storpool volume list` lists the volume; the status table shows it only to who adds it up.',
    waits: true,
    reddens: ['accounting.split'],
    act: reportedStatus(({ snapshot }) => (snapshot ? {} : { storedSize: 8 * MIB })),
  },
  {
    id: 'accounting-one-copy',
    kind: 'lie',
    cause: 'The data is stored once although three copies were promised (F19)',
    seam: 'storpool.VolumesGetStatus',
    waits: true,
    reddens: ['accounting.totals'],
    act: reportedStatus(({ storedSize }) => ({ onDiskSize: storedSize })),
  },
  {
    id: 'accounting-copied-data',
    kind: 'lie',
    cause: 'Volumes store again what their snapshot holds (F51)',
    seam: 'bytes.stored',
    waits: true,
    reddens: ['accounting.split'],
    act: async (next, { details }) => (details['snapshot'] === true ? next() : ((await next()) as number) + 8 * MIB),
  },
  {
    id: 'accounting-empty-snapshot',
    kind: 'lose',
    cause: 'The snapshot stores nothing',
    seam: 'storpool.VolumesGetStatus',
    waits: true,
    reddens: ['accounting.split'],
    act: reportedStatus(({ snapshot }) => (snapshot ? { storedSize: 0 } : {})),
  },
  {
    id: 'accounting-counted-twice',
    kind: 'lie',
    cause: 'The same data is counted in many objects',
    seam: 'storpool.VolumesGetStatus',
    waits: true,
    reddens: ['accounting.totals'],
    act: reportedStatus(({ storedSize }) => ({ storedSize: 40 * storedSize })),
  },
  {
    id: 'accounting-too-many-copies',
    kind: 'lie',
    cause: 'Far more is stored than the copies that were promised: dead copies pile up (F72)',
    seam: 'storpool.VolumesGetStatus',
    waits: true,
    reddens: ['accounting.totals'],
    act: reportedStatus(({ storedSize }) => ({ onDiskSize: 60 * storedSize })),
  },
  {
    id: 'accounting-other-replication',
    kind: 'lie',
    cause: 'The volume keeps fewer copies than its template promises (F19)',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['accounting.totals'],
    act: reportedInfo(() => ({ replication: 2 })),
  },
];
