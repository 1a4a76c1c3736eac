import { misplaceBlock, overwrite, tearBlock, zero } from '../../fixtures/mock/faults/corrupt.ts';
import { type Act, detail, detailObject, type ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { MIB } from '../../fixtures/mock/faults/sizes.ts';

/** After qemu-img wrote the device. */
const afterCopy =
  (harm: (device: string) => Promise<void>): Act =>
  async (next, context) => {
    await next();
    await harm(detail(context, 'device'));
  };

/** How the bytes of a volume can differ from those of its image. */
export const imageBytesFaults: readonly ProvenFault[] = [
  {
    id: 'image-not-converted',
    kind: 'corrupt',
    cause: 'The qcow2 file itself was copied onto the volume (F31)',
    seam: 'cinder.image.convert',
    guideSees: 'The volume leaves `downloading` and becomes available; nobody looks at its bytes.',
    reddens: ['image.bytes'],
    act: (next, context) => {
      const conversion = detailObject(context, 'conversion') as { argv: string[] };
      conversion.argv = conversion.argv.map((word, i, argv) => (argv[i - 1] === '-f' ? 'raw' : word));
      return next();
    },
  },
  {
    id: 'image-damaged',
    kind: 'corrupt',
    cause: 'One block of the copy is wrong (F35, F45)',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: afterCopy((device) => overwrite(device, 5 * MIB)),
  },
  {
    id: 'image-zero-block',
    kind: 'lose',
    cause: 'One block of the copy was never written (F45)',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: afterCopy((device) => zero(device, 2 * MIB, 4096)),
  },
  {
    id: 'image-misplaced-block',
    kind: 'corrupt',
    cause: 'One block of the copy lies where another belongs (F45)',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: afterCopy((device) => misplaceBlock(device, 2 * MIB, 6 * MIB)),
  },
  {
    id: 'image-dirty-hole',
    kind: 'corrupt',
    cause: 'A hole of the image does not read as zeros: the device was not empty (F26)',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: afterCopy((device) => overwrite(device, 10 * MIB)),
  },
  {
    id: 'image-boot-sector-lost',
    kind: 'lose',
    cause: 'The first sector was not copied',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: afterCopy((device) => zero(device, 0, 512)),
  },
  {
    id: 'image-torn-block',
    kind: 'corrupt',
    cause: 'Half of a block was written (F48)',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: afterCopy((device) => tearBlock(device, 3 * MIB)),
  },
  {
    id: 'image-foreign-behind',
    kind: 'corrupt',
    cause: 'Behind the image the volume shows bytes of somebody else (F26)',
    seam: 'cinder.image.convert',
    reddens: ['image.bytes'],
    act: afterCopy((device) => overwrite(device, 300 * MIB)),
  },
];
