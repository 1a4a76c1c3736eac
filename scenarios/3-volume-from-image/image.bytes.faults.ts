import { truncate } from 'node:fs/promises';
import { afterwards, blank, misplace, part, shrinkDevice, spoil, stick, tear, text } from '../../fixtures/mock/faults/corrupt.ts';
import { callOf, type ProvenFault, pretend, refuse, retell } from '../../fixtures/mock/faults/proven-fault.ts';
import { asksForOneVolume, cinderRefusal, infoTold, volumeTold } from '../../fixtures/mock/faults/reported.ts';

const MIB = 1024 ** 2;

interface Attachments {
  readonly attachments: readonly object[];
}

interface Images {
  readonly images: readonly object[];
}

/** After qemu-img wrote the device. */
const afterCopy =
  (harm: (device: string) => Promise<void>): ProvenFault['act'] =>
  async (next, context) => {
    await next();
    await harm(text(context, 'device'));
  };

/** Chapter 3: more ways in which a volume from an image goes wrong. */
export const copyingFaults: readonly ProvenFault[] = [
  {
    id: 'image-block-down',
    kind: 'stick',
    cause: 'storpool_block does not run on the controller: the volume stays in downloading (F2)',
    seam: 'health.client',
    when: ({ details }) => details['host'] === 'controller',
    reddens: ['image.path'],
    act: () => Promise.resolve('down'),
  },
  {
    id: 'image-half-downloaded',
    kind: 'lose',
    cause: "The controller's conversion directory keeps only the beginning of the image (F33, F35)",
    seam: 'cinder.image.download',
    reddens: ['image.progress', 'image.bytes'],
    act: async (next, context) => {
      await next();
      await truncate(text(context, 'path'), MIB);
    },
  },
  {
    id: 'image-upload-refused',
    kind: 'refuse',
    cause: 'The store of Glance is full (F34)',
    seam: 'glance.uploadImage',
    reddens: ['image.path'],
    act: refuse({ status: 413, body: { message: 'Image storage media is full: There is not enough disk space' } }),
  },
  {
    id: 'image-ambiguous',
    kind: 'lie',
    cause: 'Two images have the same name, as after somebody else uploaded one (the guide takes whatever awk finds)',
    seam: 'glance.listImages',
    when: (context) => callOf(context).query.has('name'),
    reddens: ['image.path'],
    act: retell(({ images, ...rest }: Images) => ({
      ...rest,
      images: images.flatMap((image) => [image, { ...image, id: '00000000-0000-4000-8000-00000000000a' }]),
    })),
  },
  {
    id: 'image-impossible-state',
    kind: 'lie',
    cause: 'The volume passes through a state that has nothing to do with images',
    seam: 'cinder.showVolume',
    skip: 1,
    times: 1,
    reddens: ['image.path'],
    act: volumeTold(() => ({ status: 'restoring-backup' })),
  },
  {
    id: 'image-zero-block',
    kind: 'lose',
    cause: 'One block of the copy was never written (F45)',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: afterCopy((device) => blank(device, 2 * MIB, 4096)),
  },
  {
    id: 'image-misplaced-block',
    kind: 'corrupt',
    cause: 'One block of the copy lies where another belongs (F45)',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: afterCopy((device) => misplace(device, 2 * MIB, 6 * MIB)),
  },
  {
    id: 'image-dirty-hole',
    kind: 'corrupt',
    cause: 'A hole of the image does not read as zeros: the device was not empty (F26)',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: afterCopy((device) => spoil(device, 10 * MIB)),
  },
  {
    id: 'image-boot-sector-lost',
    kind: 'lose',
    cause: 'The first sector was not copied',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: afterCopy((device) => blank(device, 0, 512)),
  },
  {
    id: 'image-size-in-cinder',
    kind: 'lie',
    cause: 'Cinder tells another size than was asked for',
    seam: 'cinder.showVolume',
    reddens: ['image.size'],
    act: volumeTold(() => ({ size: 3 })),
  },
  {
    id: 'image-size-in-storpool',
    kind: 'lie',
    cause: 'StorPool tells another size than Cinder',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['image.size'],
    act: infoTold(({ size }) => ({ size: size / 2 })),
  },
  {
    id: 'image-size-of-device',
    kind: 'lie',
    cause: 'The device on the host is smaller than the volume',
    seam: 'agent.attach',
    skip: 1,
    reddens: ['image.size'],
    act: afterwards((file, context) => shrinkDevice(file, context, 64 * MIB)),
  },
  {
    id: 'image-metadata-lost',
    kind: 'lose',
    cause: 'The volume does not remember its image (F37)',
    seam: 'cinder.showVolume',
    reddens: ['image.bootable'],
    act: volumeTold(() => ({ volume_image_metadata: {} })),
  },
  {
    id: 'image-other-format',
    kind: 'lie',
    cause: 'The volume remembers another disk format than the image has (F37)',
    seam: 'cinder.showVolume',
    reddens: ['image.bootable'],
    act: volumeTold(({ volume_image_metadata: metadata }) =>
      metadata === undefined ? {} : { volume_image_metadata: { ...(metadata as object), disk_format: 'vhd' } },
    ),
  },
  {
    id: 'image-attached-in-cinder',
    kind: 'leak',
    cause: 'Cinder keeps an attachment of the controller after the copy (F64)',
    seam: 'cinder.listAttachmentsDetail',
    when: asksForOneVolume,
    reddens: ['image.detached'],
    act: retell(({ attachments }: Attachments, context) => {
      const volume = callOf(context).query.get('volume_id');
      const id = '00000000-0000-4000-8000-00000000000b';
      return { attachments: [...attachments, { id, volume_id: volume, status: 'attached', instance: null }] };
    }),
  },
  {
    id: 'image-too-large-unclear',
    kind: 'lie',
    cause: 'A volume that is too small is refused with words that help nobody',
    seam: 'cinder.createVolume',
    reddens: ['image.too-large-refused'],
    act: refuse(cinderRefusal(400, 'badRequest', 'The server could not comply with the request.')),
  },
  {
    id: 'image-too-large-kept',
    kind: 'leak',
    cause: 'The volume that was refused is there all the same',
    seam: 'cinder.createVolume',
    times: 1,
    reddens: ['image.too-large-refused', 'run.nothing-left'],
    act: async (next, context) => {
      (callOf(context).body as { volume: { size: number } }).volume.size = 4;
      await next();
      return cinderRefusal(400, 'badRequest', 'Size of specified image 2GB is larger than volume size 1GB.');
    },
  },
  {
    id: 'image-too-large-left',
    kind: 'leak',
    cause: 'The failed volume is gone from Cinder and stays on StorPool (F28)',
    seam: ['glance.showImage', 'cinder.driver.delete_volume'],
    reddens: ['image.too-large-refused', 'run.nothing-left'],
    act: (next, context) =>
      context.seam === 'glance.showImage'
        ? retell((body: object) => ({ ...body, virtual_size: null }))(next, context)
        : Promise.resolve(),
  },
  {
    id: 'image-never-deleted',
    kind: 'leak',
    cause: 'Glance accepts that an image is deleted and keeps it (F82)',
    seam: 'glance.deleteImage',
    waits: true,
    reddens: ['run.nothing-left'],
    during: ['image-too-large'],
    act: pretend({ status: 204 }),
  },
  {
    id: 'image-copy-stuck',
    kind: 'stick',
    cause: 'The data network of StorPool is cut off on the controller: the copy hangs at its first write (F84)',
    seam: 'cinder.image.convert',
    reddens: ['image.path'],
    act: stick,
  },
  {
    id: 'image-torn-block',
    kind: 'corrupt',
    cause: 'Half of a block was written (F48)',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: afterCopy((device) => tear(device, 3 * MIB)),
  },
  {
    id: 'image-done-but-error',
    kind: 'lie',
    cause: 'The driver fails late: the volume is filled and then put into error (F25)',
    seam: 'cinder.driver.copy_image_to_volume',
    reddens: ['image.path'],
    act: async (next, context) => {
      await next();
      throw new Error(`volume ${String(part(context, 'volume')['id'])}: Failed to terminate connection`);
    },
  },
];
