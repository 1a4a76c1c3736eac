import { part, spoil, text } from '../../../fixtures/mock/faults/corrupt.ts';
import { type ProvenFault, pretend, retell, type StorpoolData } from '../../../fixtures/mock/faults/proven-fault.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Beyond the guide: clones, reverts, images of volumes, retypes. */
export const beyondVolumeFaults: readonly ProvenFault[] = [
  {
    id: 'clone-damaged',
    kind: 'corrupt',
    cause: 'The clone differs from its source in one block (F45)',
    seam: 'bytes.clone',
    reddens: ['clone.bytes'],
    remark: 'what was written to the clone is stored there',
    act: async (next, context) => {
      await next();
      const own = context.details['own'] as () => Promise<string>;
      await spoil(await own(), MIB);
    },
  },
  {
    id: 'clone-empty',
    kind: 'lie',
    cause: 'The driver makes a new volume instead of a clone',
    seam: 'cinder.driver.create_cloned_volume',
    reddens: ['clone.shared', 'clone.bytes'],
    act: (next, context) => {
      const request = part(context, 'request');
      delete request['baseOn'];
      request['template'] = 'hybrid';
      return next();
    },
  },
  {
    id: 'clone-stores-everything',
    kind: 'lie',
    cause: 'The clone stores all data again (F51)',
    seam: 'storpool.VolumesGetStatus',
    reddens: ['clone.shared'],
    act: retell((body: StorpoolData<Record<string, { snapshot: boolean; storedSize: number }>>) => ({
      ...body,
      data: Object.fromEntries(
        Object.entries(body.data).map(([name, row]) => [name, row.snapshot ? row : { ...row, storedSize: 8 * MIB }]),
      ),
    })),
  },
  {
    id: 'clone-shows-later-writes',
    kind: 'lie',
    cause: 'What is written to the source afterwards shows on the clone (F49)',
    seam: 'agent.attach',
    // Stamped, read, written again on both, read: the clone is read last.
    skip: 5,
    reddens: ['clone.apart'],
    act: async (next, context) => {
      await next();
      await spoil(text(context, 'file'), 4 * MIB);
    },
  },
  {
    id: 'source-shows-writes-of-clone',
    kind: 'lie',
    cause: 'What is written to the clone shows on its source (F49)',
    seam: 'agent.attach',
    skip: 4,
    times: 1,
    reddens: ['clone.apart'],
    act: async (next, context) => {
      await next();
      await spoil(text(context, 'file'), GIB / 2);
    },
  },
  {
    id: 'revert-fails',
    kind: 'refuse',
    cause: 'The driver cannot revert: the volume ends in error (F55)',
    seam: 'cinder.driver.revert_to_snapshot',
    reddens: ['revert.available'],
    act: () => Promise.reject(new Error('StorPool API: invalidParam')),
  },
  {
    id: 'revert-resizes',
    kind: 'lie',
    cause: 'After the revert the volume has another size on StorPool (F55)',
    seam: 'storpool.VolumeGetInfo',
    // Once for each time that it was attached before.
    skip: 2,
    reddens: ['revert.available'],
    act: retell((body: StorpoolData<{ size: number }>) => ({ ...body, data: { ...body.data, size: body.data.size / 2 } })),
  },
  {
    id: 'revert-ignored',
    kind: 'lie',
    cause: 'Cinder says that the volume is reverted, and StorPool was never asked (F55)',
    seam: 'cinder.driver.revert_to_snapshot',
    reddens: ['revert.bytes'],
    act: pretend(undefined),
  },
  {
    id: 'upload-fails',
    kind: 'refuse',
    cause: 'Glance does not take the data: Cinder gives the image up (F33)',
    seam: 'cinder.image.upload',
    reddens: ['upload.image'],
    act: () => Promise.reject(new Error('HTTP 413 Request Entity Too Large: the image exceeds the storage quota')),
  },
  {
    id: 'upload-leaves-attachment',
    kind: 'leak',
    cause: 'After the upload the volume stays attached to the controller (F44)',
    seam: 'cinder.image.detach',
    times: 1,
    reddens: ['upload.image'],
    act: pretend(undefined),
  },
  {
    id: 'upload-damaged',
    kind: 'corrupt',
    cause: 'One block of the image is wrong (F35)',
    seam: 'glance.store',
    reddens: ['upload.bytes'],
    act: async (next, context) => {
      await next();
      await spoil(text(context, 'path'), 5 * MIB);
    },
  },
  {
    id: 'upload-delete-ignored',
    kind: 'leak',
    cause: 'Glance says that the image is deleted, and keeps it',
    seam: 'glance.deleteImage',
    times: 1,
    waits: true,
    reddens: ['upload.removed'],
    act: pretend({ status: 204 }),
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
    act: (next, context) => {
      delete part(context, 'request')['template'];
      return next();
    },
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
    act: async (next, context) => {
      await next();
      await spoil(text(context, 'file'), GIB / 2);
    },
  },
];
