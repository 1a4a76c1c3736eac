import { after, afterAvailable, onlyOnce } from '../../../fixtures/mock/faults/after.ts';
import { overwrite, thenCorrupt, zero } from '../../../fixtures/mock/faults/corrupt.ts';
import { atAttachment, foreignBytes } from '../../../fixtures/mock/faults/foreign-bytes.ts';
import type { ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { fail, pretend, retell } from '../../../fixtures/mock/faults/replies.ts';
import { reportedCinderAttachments, reportedVolume, staleAttachment } from '../../../fixtures/mock/faults/reported.ts';
import { BLOCK, MIB } from '../../../fixtures/mock/faults/sizes.ts';

/** Attached to be stamped, by Cinder for the upload and to be built, and to be read. */
const REBUILT = atAttachment(4);

/** How an image made from a volume can go wrong. */
export const uploadFaults: readonly ProvenFault[] = [
  {
    id: 'upload-device-stays',
    kind: 'leak',
    cause: 'After the upload the device of the volume stays on the controller (F44)',
    seam: ['cinder.uploadVolume', 'agent.detach'],
    reddens: ['upload.image'],
    act: after({ trigger: 'cinder.uploadVolume', times: 1 }, pretend(undefined)),
  },
  {
    id: 'upload-other-format',
    kind: 'lie',
    cause: 'The image of the volume has another format than was asked for',
    seam: 'glance.showImage',
    reddens: ['upload.image'],
    act: retell((image: object) => ({ ...image, disk_format: 'raw' })),
  },
  {
    id: 'upload-needs-more-disk',
    kind: 'lie',
    cause:
      'The image of the volume asks for more room (min_disk) than it was asked to: larger volumes than its own must be made of it',
    seam: ['glance.showImage', 'glance.listImages'],
    reddens: ['upload.layers'],
    act: retell((reply: { images?: object[] }) =>
      reply.images === undefined
        ? { ...reply, min_disk: 1 }
        : { ...reply, images: reply.images.map((image) => ({ ...image, min_disk: 1 })) },
    ),
  },
  {
    id: 'upload-status-returns',
    kind: 'lie',
    cause: 'Cinder takes back that the volume is available again after the upload',
    seam: ['cinder.uploadVolume', 'cinder.showVolume'],
    reddens: ['upload.image'],
    act: afterAvailable('cinder.uploadVolume', onlyOnce(reportedVolume(() => ({ status: 'uploading' })))),
  },
  {
    id: 'upload-stays-in-cinder',
    kind: 'leak',
    cause: 'Cinder keeps an attachment of the controller after the upload (F44)',
    seam: ['cinder.uploadVolume', 'cinder.listAttachmentsDetail'],
    reddens: ['upload.image'],
    act: after(
      { trigger: 'cinder.uploadVolume' },
      reportedCinderAttachments((rows, volume) => [...rows, staleAttachment(volume)]),
    ),
  },
  {
    id: 'upload-delete-breaks-volume',
    kind: 'lose',
    cause: 'Deleting the image puts the volume that was built from it into error',
    seam: ['glance.deleteImage', 'cinder.showVolume'],
    reddens: ['upload.removed'],
    act: after(
      { trigger: 'glance.deleteImage', times: 1 },
      reportedVolume(() => ({ status: 'error' })),
    ),
  },
  {
    id: 'upload-fails',
    kind: 'refuse',
    cause: 'Glance does not take the data: Cinder gives the image up (F33)',
    seam: 'cinder.image.upload',
    reddens: ['upload.image'],
    act: fail('HTTP 413 Request Entity Too Large: the image exceeds the storage quota'),
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
    act: thenCorrupt((file) => overwrite(file, 5 * MIB), 'path'),
  },
  foreignBytes({ id: 'upload-foreign-far', what: 'The volume built from the image', check: 'upload.bytes', ...REBUILT }),
  {
    id: 'upload-delete-damages-source',
    kind: 'lose',
    cause: 'Deleting the image damages the volume that it was made of (F52)',
    seam: ['glance.deleteImage', 'agent.attach'],
    reddens: ['upload.removed'],
    act: after(
      { trigger: 'glance.deleteImage', times: 1 },
      thenCorrupt((file) => zero(file, 0, BLOCK)),
    ),
  },
  {
    id: 'upload-delete-damages-rebuilt',
    kind: 'lose',
    cause: 'Deleting the image damages the volume that was built from it (F52)',
    seam: ['glance.deleteImage', 'agent.attach'],
    reddens: ['upload.removed'],
    act: after(
      { trigger: 'glance.deleteImage', skip: 1 },
      thenCorrupt((file) => overwrite(file, 300 * MIB)),
    ),
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
];
