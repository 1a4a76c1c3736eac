import { onController } from '../../fixtures/mock/faults/hosts.ts';
import { hang } from '../../fixtures/mock/faults/interrupted-work.ts';
import { callOf, detailObject, type ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { fail, refuse, retell } from '../../fixtures/mock/faults/replies.ts';
import { reportedVolume } from '../../fixtures/mock/faults/reported.ts';

interface Images {
  readonly images: readonly object[];
}

const ANOTHER = '00000000-0000-4000-8000-00000000000d';

/** How a volume can fail to be made from an image. */
export const imagePathFaults: readonly ProvenFault[] = [
  {
    id: 'image-no-space',
    kind: 'refuse',
    cause: "The controller's conversion directory is full (F33)",
    seam: 'cinder.image.convert',
    reddens: ['image.path'],
    act: fail('qemu-img: error while writing: No space left on device'),
  },
  {
    id: 'image-stuck',
    kind: 'stick',
    cause: 'Glance is slow or does not answer: the volume stays in downloading (F34)',
    seam: 'cinder.image.download',
    reddens: ['image.path'],
    act: hang,
  },
  {
    id: 'image-block-down',
    kind: 'stick',
    cause: 'storpool_block does not run on the controller: the volume stays in downloading (F2)',
    seam: 'health.client',
    when: onController,
    reddens: ['image.path'],
    act: () => Promise.resolve('down'),
  },
  {
    id: 'image-upload-refused',
    kind: 'refuse',
    cause: 'The store of Glance is full (F34)',
    seam: 'glance.uploadImage',
    reddens: ['image.path'],
    blocks: true,
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
    act: reportedVolume(() => ({ status: 'restoring-backup' })),
  },
  {
    id: 'image-copy-stuck',
    kind: 'stick',
    cause: 'The data network of StorPool is cut off on the controller: the copy hangs at its first write (F84)',
    seam: 'cinder.image.convert',
    reddens: ['image.path'],
    act: hang,
  },
  {
    id: 'image-done-but-error',
    kind: 'lie',
    cause: 'The driver fails late: the volume is filled and then put into error (F25)',
    seam: 'cinder.driver.copy_image_to_volume',
    reddens: ['image.path'],
    act: async (next, context) => {
      await next();
      throw new Error(`volume ${String(detailObject(context, 'volume')['id'])}: Failed to terminate connection`);
    },
  },
  {
    id: 'image-of-another',
    kind: 'lie',
    cause: 'The name of the image leads to another image: it was uploaded again meanwhile',
    seam: 'glance.listImages',
    when: (context) => callOf(context).query.has('name'),
    reddens: ['image.path'],
    act: retell(({ images, ...rest }: Images) => ({ ...rest, images: images.map((image) => ({ ...image, id: ANOTHER })) })),
  },
];
