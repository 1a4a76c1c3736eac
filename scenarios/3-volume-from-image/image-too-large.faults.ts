import { callOf, type ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { cinderRefusal, refuse, retell } from '../../fixtures/mock/faults/replies.ts';

/** How an image that does not fit can be taken all the same. */
export const imageTooLargeFaults: readonly ProvenFault[] = [
  {
    id: 'image-cut-off',
    kind: 'lie',
    cause: 'An image larger than the volume is accepted, and its end is missing (F32)',
    seam: ['glance.showImage', 'cinder.driver.copy_image_to_volume'],
    reddens: ['image.too-large-refused'],
    act: (next, context) => {
      if (context.seam === 'cinder.driver.copy_image_to_volume') {
        return Promise.resolve();
      }
      return retell((body: object) => ({ ...body, virtual_size: null }))(next, context);
    },
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
];
