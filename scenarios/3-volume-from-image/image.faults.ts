import { part, spoil, stick, text } from '../../fixtures/mock/faults/corrupt.ts';
import { type ProvenFault, pretend, retell } from '../../fixtures/mock/faults/proven-fault.ts';

const MIB = 1024 ** 2;

interface CinderVolume {
  readonly volume: Record<string, unknown>;
}

/** Chapter 3: a volume from an image. */
export const imageFaults: readonly ProvenFault[] = [
  {
    id: 'image-no-space',
    kind: 'refuse',
    cause: "The controller's conversion directory is full (F33)",
    seam: 'cinder.image.convert',
    reddens: ['image.path'],
    act: () => Promise.reject(new Error('qemu-img: error while writing: No space left on device')),
  },
  {
    id: 'image-stuck',
    kind: 'stick',
    cause: 'Glance is slow or does not answer: the volume stays in downloading (F34)',
    seam: 'cinder.image.download',
    reddens: ['image.path'],
    act: stick,
  },
  {
    id: 'image-not-converted',
    kind: 'corrupt',
    cause: 'The qcow2 file itself was copied onto the volume (F31)',
    seam: 'cinder.image.convert',
    guideSees: 'The volume leaves `downloading` and becomes available; nobody looks at its bytes.',
    reddens: ['image.bytes'],
    act: (next, context) => {
      const conversion = part(context, 'conversion') as { argv: string[] };
      conversion.argv = conversion.argv.map((word, i, argv) => (argv[i - 1] === '-f' ? 'raw' : word));
      return next();
    },
  },
  {
    id: 'image-not-copied',
    kind: 'lie',
    cause: 'The copy went elsewhere: the volume is available and empty (F34)',
    seam: 'cinder.image.convert',
    reddens: ['image.progress'],
    act: pretend(undefined),
  },
  {
    id: 'image-damaged',
    kind: 'corrupt',
    cause: 'One block of the copy is wrong (F35, F45)',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: async (next, context) => {
      await next();
      await spoil(text(context, 'device'), 5 * MIB);
    },
  },
  {
    id: 'image-too-small',
    kind: 'lie',
    cause: 'StorPool has another size than Cinder tells',
    seam: 'cinder.driver.create_volume',
    reddens: ['image.size'],
    act: (next, context) => {
      part(context, 'request')['size'] = 512 * MIB;
      return next();
    },
  },
  {
    id: 'image-not-bootable',
    kind: 'lose',
    cause: 'The bootable flag is missing after the copy (F37)',
    seam: 'cinder.showVolume',
    reddens: ['image.bootable'],
    act: retell((body: Partial<CinderVolume>) =>
      body.volume === undefined ? body : { volume: { ...body.volume, bootable: 'false' } },
    ),
  },
  {
    id: 'image-stays-attached',
    kind: 'leak',
    cause: 'After the copy the volume stays attached to the controller (F44)',
    seam: 'cinder.image.detach',
    guideSees: 'The volume is available; the attachment is left to a later double writer.',
    reddens: ['image.detached'],
    act: pretend(undefined),
  },
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
];
