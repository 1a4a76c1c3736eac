import { after } from '../../fixtures/mock/faults/after.ts';
import { overwrite, thenCorrupt, zero } from '../../fixtures/mock/faults/corrupt.ts';
import { atAttachment, foreignBytes } from '../../fixtures/mock/faults/foreign-bytes.ts';
import { hang } from '../../fixtures/mock/faults/interrupted-work.ts';
import type { ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { cinderRefusal, pretend, refuse, STORPOOL_OK, storpoolError } from '../../fixtures/mock/faults/replies.ts';
import { reportedVolume } from '../../fixtures/mock/faults/reported.ts';
import { BLOCK, MIB } from '../../fixtures/mock/faults/sizes.ts';

/** How deleting the source of a snapshot can go wrong. */
export const sourceDeleteFaults: readonly ProvenFault[] = [
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
    skip: 2,
    reddens: ['snapshot.source-delete'],
    act: thenCorrupt((file) => overwrite(file, 4 * MIB)),
  },
  {
    id: 'snapshot-delete-leaves-snapshot',
    kind: 'leak',
    cause: 'Cinder forgets the snapshot, StorPool keeps it (cloudstack#9855)',
    seam: 'cinder.driver.delete_snapshot',
    reddens: ['snapshot.source-delete', 'run.nothing-left'],
    act: pretend(undefined),
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
    act: hang,
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
    act: pretend(STORPOOL_OK),
  },
  {
    id: 'source-delete-in-error',
    kind: 'lose',
    cause: 'Cinder refuses to delete the volume, and leaves it in error_deleting all the same (F52)',
    seam: ['cinder.deleteVolume', 'cinder.showVolume'],
    reddens: ['snapshot.source-delete'],
    act: after(
      { trigger: 'cinder.deleteVolume', times: 1 },
      reportedVolume(() => ({ status: 'error_deleting' })),
    ),
  },
  foreignBytes({
    ...{
      id: 'snapshot-delete-foreign-on-source',
      what: 'Once its snapshot is deleted, the source',
      check: 'snapshot.source-delete',
    },
    ...atAttachment(2),
  }),
  foreignBytes({
    ...{ id: 'snapshot-delete-foreign-on-clone', what: 'Once the snapshot is deleted, the volume made from it' },
    ...{ check: 'snapshot.source-delete', ...atAttachment(3) },
  }),
  foreignBytes({
    ...{ id: 'source-delete-foreign-on-clone', what: 'Once the source is deleted, the volume made from it' },
    ...{ check: 'source-delete.clone-kept', ...atAttachment(4) },
  }),
  {
    id: 'source-delete-zeroes-others',
    kind: 'lose',
    cause: 'Deleting a volume on StorPool zeroes the first block of the other volumes (F52)',
    seam: ['storpool.VolumeDelete', 'agent.attach'],
    reddens: ['source-delete.clone-kept'],
    act: after(
      { trigger: 'storpool.VolumeDelete' },
      thenCorrupt((file) => zero(file, 0, BLOCK)),
    ),
  },
  {
    id: 'source-delete-stays-on-storpool',
    kind: 'leak',
    cause: 'Cinder forgets the source, StorPool keeps it',
    seam: 'cinder.driver.delete_volume',
    times: 1,
    reddens: ['source-delete.clone-kept', 'run.nothing-left'],
    act: pretend(undefined),
  },
];
