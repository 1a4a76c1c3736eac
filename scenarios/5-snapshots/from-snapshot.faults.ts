import { after } from '../../fixtures/mock/faults/after.ts';
import {
  misplaceBlock,
  overwrite,
  shrinkDevice,
  tearBlock,
  thenCorrupt,
  thenCorruptClone,
  thenCorruptLarge,
  zero,
} from '../../fixtures/mock/faults/corrupt.ts';
import { harmsEarlier } from '../../fixtures/mock/faults/earlier-bytes.ts';
import { atAttachment, foreignBytes } from '../../fixtures/mock/faults/foreign-bytes.ts';
import { doneLate } from '../../fixtures/mock/faults/interrupted-work.ts';
import { oneCopy, otherTemplate } from '../../fixtures/mock/faults/placement.ts';
import { detailObject, type ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { changeRequest } from '../../fixtures/mock/faults/replies.ts';
import { reportedInfo, reportedVolume } from '../../fixtures/mock/faults/reported.ts';
import { BLOCK, GIB, MIB } from '../../fixtures/mock/faults/sizes.ts';

/** Only the second, larger volume. */
const LARGE = 2 * GIB;

const MADE = {
  id: 'from-snapshot',
  what: 'A volume from a snapshot',
  seam: 'cinder.driver.create_volume_from_snapshot',
  check: 'from-snapshot.parent',
} as const;

/** How a volume from a snapshot can differ from it. */
export const fromSnapshotFaults: readonly ProvenFault[] = [
  {
    id: 'from-snapshot-kept-told-early',
    kind: 'delay',
    cause: 'Cinder says that the snapshot is gone, and StorPool deletes it only later (F28)',
    seam: ['cinder.driver.delete_snapshot', 'agent.attach'],
    reddens: ['from-snapshot.layers'],
    act: doneLate('cinder.driver.delete_snapshot'),
  },
  {
    id: 'from-snapshot-damaged',
    kind: 'corrupt',
    cause: 'The volume from the snapshot differs from it in one block (F45)',
    seam: 'bytes.clone',
    reddens: ['from-snapshot.bytes'],
    act: thenCorruptClone((file) => overwrite(file, MIB)),
  },
  {
    id: 'from-snapshot-copied',
    kind: 'lie',
    cause: 'The volume from the snapshot is a full copy without a parent (F51)',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['from-snapshot.parent'],
    act: reportedInfo(() => ({ parentName: '' })),
  },
  {
    id: 'from-snapshot-not-larger',
    kind: 'lie',
    cause: 'The larger volume has the size of the snapshot',
    seam: 'cinder.driver.create_volume_from_snapshot',
    reddens: ['from-snapshot.larger'],
    act: changeRequest((request) => {
      request['size'] = GIB;
    }),
  },
  {
    id: 'from-snapshot-really-copied',
    kind: 'lie',
    cause: 'The volume is made of a copy of the source and not of the snapshot (F51)',
    seam: 'cinder.driver.create_volume_from_snapshot',
    reddens: ['from-snapshot.parent'],
    guideSees: '`storpool volume list` lists a volume of the right size.',
    act: changeRequest((request, context) => {
      delete request['parent'];
      request['baseOn'] = `os--volume-${String(detailObject(context, 'snapshot')['volumeId'])}`;
    }),
  },
  {
    id: 'from-snapshot-forgotten',
    kind: 'lose',
    cause: 'Cinder does not remember which snapshot the volume was made from',
    seam: 'cinder.showVolume',
    reddens: ['from-snapshot.parent'],
    act: reportedVolume(() => ({ snapshot_id: null })),
  },
  {
    id: 'from-snapshot-zero-block',
    kind: 'lose',
    cause: 'One block of the snapshot reads as zeros in the new volume (F45)',
    seam: 'bytes.clone',
    reddens: ['from-snapshot.bytes'],
    act: thenCorruptClone((file) => zero(file, 3 * MIB, BLOCK)),
  },
  {
    id: 'from-snapshot-misplaced-block',
    kind: 'corrupt',
    cause: 'A wrong block map: one block shows what belongs elsewhere (F45)',
    seam: 'bytes.clone',
    reddens: ['from-snapshot.bytes'],
    act: thenCorruptClone((file) => misplaceBlock(file, MIB, 5 * MIB)),
  },
  {
    id: 'from-snapshot-torn-block',
    kind: 'corrupt',
    cause: 'Half of a block comes from before (F48)',
    seam: 'bytes.clone',
    reddens: ['from-snapshot.bytes'],
    act: thenCorruptClone((file) => tearBlock(file, GIB / 2)),
  },
  {
    id: 'from-snapshot-larger-in-cinder',
    kind: 'lie',
    cause: 'Cinder tells the size of the snapshot for the larger volume',
    seam: 'cinder.showVolume',
    reddens: ['from-snapshot.larger'],
    act: reportedVolume(() => ({ size: 1 })),
  },
  {
    id: 'from-snapshot-larger-in-storpool',
    kind: 'lie',
    cause: 'StorPool tells the size of the snapshot for the larger volume',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['from-snapshot.larger'],
    act: reportedInfo(() => ({ size: GIB })),
  },
  {
    id: 'from-snapshot-larger-device',
    kind: 'lie',
    cause: 'The device of the larger volume ends where the snapshot did',
    seam: 'agent.attach',
    reddens: ['from-snapshot.larger'],
    act: thenCorruptLarge(LARGE, (file, context) => shrinkDevice(file, context, GIB)),
  },
  {
    id: 'from-snapshot-dirty-tail',
    kind: 'corrupt',
    cause: 'Behind the snapshot the larger volume shows bytes of somebody else (F26)',
    seam: 'agent.attach',
    reddens: ['from-snapshot.larger'],
    act: thenCorruptLarge(LARGE, (file) => overwrite(file, GIB + 700 * MIB)),
  },
  {
    id: 'from-snapshot-larger-loses',
    kind: 'lose',
    cause: 'The larger volume has lost some of the snapshot (F26)',
    seam: 'agent.attach',
    reddens: ['from-snapshot.larger'],
    act: thenCorruptLarge(LARGE, (file) => zero(file, GIB / 2, BLOCK)),
  },
  otherTemplate(MADE),
  oneCopy(MADE),
  foreignBytes({
    ...{ id: 'from-snapshot-foreign-far', what: 'The volume from the snapshot', check: 'from-snapshot.bytes' },
    ...atAttachment(2),
  }),
  foreignBytes({
    ...{ id: 'from-snapshot-larger-foreign-far', what: 'The larger volume from the snapshot', check: 'from-snapshot.larger' },
    ...atAttachment(3),
  }),
  {
    ...{ id: 'from-snapshot-delete-damages-first', cause: 'Deleting the snapshot damages the first volume made from it (F52)' },
    ...{
      reddens: ['from-snapshot.kept'],
      ...harmsEarlier({ nth: 2, trigger: 'storpool.SnapshotDelete' }, (file) => overwrite(file, 300 * MIB)),
    },
  },
  {
    ...{ id: 'from-snapshot-larger-damages-first', cause: 'Making the larger volume damages the first one (F52)' },
    ...{
      reddens: ['from-snapshot.larger'],
      ...harmsEarlier({ nth: 2, trigger: 'bytes.clone', time: 2 }, (file) => overwrite(file, 3 * MIB)),
    },
  },
  {
    ...{
      id: 'from-snapshot-larger-damages-source',
      cause: 'Once the larger volume is made, its source shows bytes of somebody else (F52)',
    },
    ...{
      kind: 'corrupt',
      reddens: ['from-snapshot.larger'],
      ...atAttachment(4),
      act: thenCorrupt((file) => overwrite(file, 300 * MIB)),
    },
  },
  {
    ...oneCopy({ ...MADE, id: 'from-snapshot-larger', what: 'A larger volume from a snapshot', check: 'from-snapshot.layers' }),
    when: (context) => detailObject(context, 'request')['size'] === LARGE,
  },
  {
    ...otherTemplate({
      ...MADE,
      id: 'from-snapshot-larger',
      what: 'A larger volume from a snapshot',
      check: 'from-snapshot.layers',
    }),
    when: (context) => detailObject(context, 'request')['size'] === LARGE,
  },
  {
    id: 'from-snapshot-kept-loses-tail',
    kind: 'corrupt',
    cause: 'When the snapshot is merged, bytes of somebody else show behind its end in a larger volume made from it (F52)',
    seam: ['storpool.SnapshotDelete', 'agent.attach'],
    reddens: ['from-snapshot.kept'],
    act: after(
      { trigger: 'storpool.SnapshotDelete' },
      thenCorruptLarge(LARGE, (file) => overwrite(file, GIB + 12 * MIB)),
    ),
  },
];
