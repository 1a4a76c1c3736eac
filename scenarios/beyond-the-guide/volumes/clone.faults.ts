import { overwrite, thenCorrupt, thenCorruptClone, zero } from '../../../fixtures/mock/faults/corrupt.ts';
import { harmsEarlier } from '../../../fixtures/mock/faults/earlier-bytes.ts';
import { atAttachment, foreignBytes } from '../../../fixtures/mock/faults/foreign-bytes.ts';
import { oneCopy, otherTemplate } from '../../../fixtures/mock/faults/placement.ts';
import type { ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { changeRequest } from '../../../fixtures/mock/faults/replies.ts';
import { reportedStatus, reportedVolume } from '../../../fixtures/mock/faults/reported.ts';
import { BLOCK, GIB, MIB } from '../../../fixtures/mock/faults/sizes.ts';

/** Loses what was written in the nth attachment, as it is detached. */
const lostAtDetach = (nth: number, offset: number): Pick<ProvenFault, 'kind' | 'seam' | 'skip' | 'times' | 'act'> => ({
  ...{ kind: 'lose', seam: 'agent.detach', skip: nth - 1, times: 1 },
  act: thenCorrupt((file) => zero(file, offset, BLOCK)),
});

const MADE = { id: 'clone', what: 'A clone', seam: 'cinder.driver.create_cloned_volume', check: 'clone.shared' } as const;

/** How a volume made from a volume can go wrong. */
export const cloneFaults: readonly ProvenFault[] = [
  otherTemplate(MADE),
  oneCopy(MADE),
  {
    id: 'clone-source-forgotten',
    kind: 'lose',
    cause: 'Cinder does not remember which volume the clone was made from',
    seam: 'cinder.showVolume',
    reddens: ['clone.shared'],
    act: reportedVolume(() => ({ source_volid: null })),
  },
  {
    id: 'clone-not-larger',
    kind: 'lie',
    cause: 'The driver gives a clone that asks for more the size of its source',
    seam: 'cinder.driver.create_cloned_volume',
    reddens: ['clone.bytes'],
    act: changeRequest((request) => {
      request['size'] = GIB;
    }),
  },
  // Attached to be stamped, to be read, and to be written again: first the source, then the clone.
  {
    ...{ id: 'clone-source-loses-writes', cause: 'What is written to the source after the clone was made is lost (F42)' },
    ...{ ...lostAtDetach(3, MIB), reddens: ['clone.apart'] },
  },
  {
    ...{ id: 'clone-loses-writes', cause: 'What is written to the clone is lost (F42)' },
    ...{ ...lostAtDetach(4, GIB / 2), reddens: ['clone.apart'] },
  },
  {
    id: 'clone-damaged',
    kind: 'corrupt',
    cause: 'The clone differs from its source in one block (F45)',
    seam: 'bytes.clone',
    reddens: ['clone.bytes'],
    remark: 'what was written to the clone is stored there',
    act: thenCorruptClone((file) => overwrite(file, MIB)),
  },
  {
    id: 'clone-empty',
    kind: 'lie',
    cause: 'The driver makes a new volume instead of a clone',
    seam: 'cinder.driver.create_cloned_volume',
    reddens: ['clone.shared', 'clone.bytes'],
    act: changeRequest((request) => {
      delete request['baseOn'];
      request['template'] = 'hybrid';
    }),
  },
  {
    id: 'clone-stores-everything',
    kind: 'lie',
    cause: 'The clone stores all data again (F51)',
    seam: 'storpool.VolumesGetStatus',
    reddens: ['clone.shared'],
    act: reportedStatus(({ snapshot }) => (snapshot ? {} : { storedSize: 8 * MIB })),
  },
  {
    id: 'clone-shows-later-writes',
    kind: 'lie',
    cause: 'What is written to the source afterwards shows on the clone (F49)',
    seam: 'agent.attach',
    // Stamped, read, written again on both, read: the clone is read last.
    skip: 5,
    reddens: ['clone.apart'],
    act: thenCorrupt((file) => overwrite(file, 4 * MIB)),
  },
  {
    id: 'source-shows-writes-of-clone',
    kind: 'lie',
    cause: 'What is written to the clone shows on its source (F49)',
    seam: 'agent.attach',
    skip: 4,
    times: 1,
    reddens: ['clone.apart'],
    act: thenCorrupt((file) => overwrite(file, GIB / 2)),
  },
  {
    ...{ id: 'clone-delete-damages-source', cause: 'Deleting the clone damages its source (F52)', reddens: ['clone.apart'] },
    ...harmsEarlier({ nth: 1, trigger: 'storpool.VolumeDelete' }, (file) => overwrite(file, 300 * MIB)),
  },
  foreignBytes({ id: 'clone-foreign-far', what: 'The clone', check: 'clone.bytes', ...atAttachment(2) }),
  foreignBytes({
    ...{ id: 'clone-source-foreign-far', what: 'The source, after both were written again,', check: 'clone.apart' },
    ...atAttachment(5),
  }),
  foreignBytes({
    ...{ id: 'clone-apart-foreign-far', what: 'The clone, after both were written again,', check: 'clone.apart' },
    ...atAttachment(6),
  }),
];
