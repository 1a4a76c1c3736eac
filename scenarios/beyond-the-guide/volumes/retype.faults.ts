import { after } from '../../../fixtures/mock/faults/after.ts';
import { overwrite, thenCorrupt } from '../../../fixtures/mock/faults/corrupt.ts';
import { readOnlyDevice } from '../../../fixtures/mock/faults/earlier-bytes.ts';
import { atAttachment, foreignBytes } from '../../../fixtures/mock/faults/foreign-bytes.ts';
import { hang } from '../../../fixtures/mock/faults/interrupted-work.ts';
import { renameVolume } from '../../../fixtures/mock/faults/placement.ts';
import type { ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { changeRequest, pretend } from '../../../fixtures/mock/faults/replies.ts';
import { reportedInfo } from '../../../fixtures/mock/faults/reported.ts';
import { GIB } from '../../../fixtures/mock/faults/sizes.ts';

/** How a change of the type can go wrong. */
export const retypeFaults: readonly ProvenFault[] = [
  {
    id: 'retype-renames',
    kind: 'lie',
    cause: 'The volume is copied by a migration and keeps the name of the copy on StorPool (F54)',
    seam: 'storpool.VolumeUpdate',
    reddens: ['retype.template', 'retype.identity', 'run.nothing-left'],
    act: renameVolume,
  },
  {
    id: 'retype-keeps-disks',
    kind: 'lie',
    cause: 'The volume has the name of the new template, and its copies stay where they were (F54, F19)',
    seam: ['cinder.retypeVolume', 'storpool.VolumeGetInfo'],
    reddens: ['retype.template'],
    act: after(
      { trigger: 'cinder.retypeVolume' },
      reportedInfo(() => ({ placeAll: 'hdd' })),
    ),
  },
  {
    id: 'retype-stuck',
    kind: 'stick',
    cause: 'The volume stays in retyping: StorPool is still moving data (F54)',
    seam: 'cinder.driver.retype',
    reddens: ['retype.type'],
    act: hang,
  },
  {
    id: 'retype-ignored',
    kind: 'lie',
    cause: 'The scheduler finds no place for the new type, and nobody is told: the type stays (F54)',
    seam: 'cinder.retypeVolume',
    reddens: ['retype.type'],
    act: pretend({ status: 202 }),
  },
  {
    id: 'retype-keeps-template',
    kind: 'lie',
    cause: 'Cinder tells the new type, and on StorPool nothing has changed (F54)',
    seam: 'cinder.driver.retype',
    reddens: ['retype.template'],
    act: changeRequest((request) => {
      delete request['template'];
    }),
  },
  {
    id: 'retype-copies',
    kind: 'lie',
    cause: 'The driver fails with a TypeError, and Cinder copies the whole volume instead (F54)',
    seam: 'cinder.driver.retype',
    reddens: ['retype.identity'],
    act: (_next, context) => (context.details['copyInstead'] as () => Promise<void>)(),
  },
  {
    id: 'retype-loses-data',
    kind: 'lose',
    cause: 'Data is damaged on its way to the disks of the new template (F45)',
    seam: 'agent.attach',
    skip: 1,
    reddens: ['retype.bytes'],
    act: thenCorrupt((file) => overwrite(file, GIB / 2)),
  },
  foreignBytes({ id: 'retype-foreign-far', what: 'The volume of another type', check: 'retype.bytes', ...atAttachment(2) }),
  {
    ...{ id: 'retype-read-only', kind: 'refuse', cause: 'After it was retyped the volume takes no writes any more' },
    ...{ ...atAttachment(2), reddens: ['retype.bytes'], act: readOnlyDevice },
  },
];
