import { overwrite, tearBlock, thenCorrupt, zero } from '../../../fixtures/mock/faults/corrupt.ts';
import { forgetsMeanwhile, mixesMoments } from '../../../fixtures/mock/faults/earlier-bytes.ts';
import { atAttachment } from '../../../fixtures/mock/faults/foreign-bytes.ts';
import { detailObject, type ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { changeRequest, pretend } from '../../../fixtures/mock/faults/replies.ts';
import { BLOCK, GIB, MIB } from '../../../fixtures/mock/faults/sizes.ts';

const SNAPSHOTS = { seam: 'bytes.snapshot', reddens: ['crash-consistency.snapshots'] } as const;
/** After three snapshots the clone is made of a fourth. */
const CLONE = { seam: 'bytes.snapshot', skip: 3, times: 1, reddens: ['crash-consistency.clone'] } as const;
const EXTEND = { reddens: ['crash-consistency.extend'] } as const;

/** How a copy of a volume that is being written to can be no moment of it. */
export const crashConsistencyFaults: readonly ProvenFault[] = [
  {
    ...{
      id: 'snapshot-mixes-moments',
      kind: 'corrupt',
      cause: 'A snapshot of a volume that is being written to mixes moments (F48)',
    },
    ...{ ...SNAPSHOTS, times: 3, act: mixesMoments(GIB / 2) },
  },
  {
    ...{
      id: 'snapshot-misses-flushed',
      kind: 'lose',
      cause: 'What was flushed before is not in a snapshot of a volume in use (F48)',
    },
    ...{ ...SNAPSHOTS, times: 1, act: thenCorrupt((file) => zero(file, 0, BLOCK), 'to') },
  },
  {
    ...{ id: 'snapshot-torn', kind: 'corrupt', cause: 'A snapshot of a volume in use holds half of a block (F48)' },
    ...{ ...SNAPSHOTS, skip: 1, times: 1, act: thenCorrupt((file) => tearBlock(file, 0), 'to') },
  },
  {
    ...{ id: 'snapshot-shows-later-writes', kind: 'lie', reddens: ['crash-consistency.snapshots'] },
    cause: 'The volume from a snapshot is made of the volume as it is now, to which was written since (F49)',
    seam: 'cinder.driver.create_volume_from_snapshot',
    act: changeRequest((request, context) => {
      delete request['parent'];
      request['baseOn'] = `os--volume-${String(detailObject(context, 'snapshot')['volumeId'])}`;
    }),
  },
  // Attached to be written to, then the volumes of the three snapshots, the clone, and the volume again.
  {
    ...{ id: 'snapshot-in-use-foreign', kind: 'corrupt', reddens: ['crash-consistency.snapshots'] },
    cause: 'The volume from the second snapshot of a volume in use shows bytes of somebody else (F26, F45)',
    ...{ ...atAttachment(3), act: thenCorrupt((file) => overwrite(file, GIB / 2)) },
  },
  {
    ...{ id: 'snapshot-in-use-foreign-elsewhere', kind: 'corrupt', reddens: ['crash-consistency.snapshots'] },
    cause: 'The volume from the third snapshot shows bytes of somebody else where nobody writes (F26, F45)',
    ...{ ...atAttachment(4), act: thenCorrupt((file) => overwrite(file, 300 * MIB)) },
  },
  {
    ...{ id: 'clone-in-use-foreign-elsewhere', kind: 'corrupt' },
    cause: 'A clone of a volume that is being written to holds bytes of somebody else where nobody writes (F26, F45)',
    ...{ ...CLONE, act: thenCorrupt((file) => overwrite(file, 300 * MIB), 'to') },
  },
  {
    ...{ id: 'extend-in-use-damages-old-end', kind: 'corrupt' },
    cause: 'An extend of a volume that is being written to leaves other bytes before its old end (F26)',
    ...{ ...EXTEND, seam: 'bytes.resize', act: thenCorrupt((file) => overwrite(file, GIB - BLOCK)) },
  },
  {
    ...{ id: 'clone-mixes-moments', kind: 'corrupt', cause: 'A clone of a volume that is being written to mixes moments (F48)' },
    ...{ ...CLONE, act: mixesMoments(GIB / 2) },
  },
  {
    ...{
      id: 'extend-mixes-moments',
      kind: 'lose',
      cause: 'What is written while the volume is extended is lost afterwards (F26)',
    },
    ...{ ...EXTEND, seam: 'bytes.resize', act: forgetsMeanwhile },
  },
  {
    ...{
      id: 'extend-in-use-not-on-device',
      kind: 'lie',
      cause: 'The block client keeps the old size of the device in use (F24)',
    },
    ...{ ...EXTEND, seam: 'agent.resize', act: pretend(undefined) },
  },
];
