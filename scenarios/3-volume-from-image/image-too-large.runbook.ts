import { runbook } from '../../fixtures/scenario/runbook.ts';
import { createFromImage, deleteVolume, IMAGE, putImage, VOLUME } from '../vocabulary/steps.ts';

const section = 'Create a Cinder volume based on a Glance image';

export const imageTooLargeRunbook = runbook({
  id: 'image-too-large',
  chapter: 3,
  title: 'An image that is larger than the volume is refused and leaves nothing',
  makes: { image: IMAGE, volume: VOLUME },
  steps: {
    image: putImage('Put an empty 2 GiB image into Glance', 'empty.qcow2'),
    create: createFromImage('Ask for a 1 GiB volume from it', 'volume'),
    remove: deleteVolume('Remove the volume, if Cinder made one'),
    look: { title: 'Look for what is left', look: (book) => book.storpoolVolumeList() },
  },
  checks: {
    'image.too-large-refused': {
      claim: 'An image larger than the volume is refused with a clear reason, and nothing is left behind',
      guide: { section, line: 'cinder create --image-id … 3' },
      remedy: 'A volume that becomes available here is cut off at its end: check the Cinder release and its image size checks.',
    },
  },
});
