import { truncate } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { shrinkDevice, thenCorrupt } from '../../fixtures/mock/faults/corrupt.ts';
import { oneCopy, otherTemplate } from '../../fixtures/mock/faults/placement.ts';
import { callOf, detail, type ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { changeRequest, pretend, retell } from '../../fixtures/mock/faults/replies.ts';
import { asksForOneVolume, reportedInfo, reportedVolume } from '../../fixtures/mock/faults/reported.ts';
import { MIB } from '../../fixtures/mock/faults/sizes.ts';

const COPY_MS = 500;

interface Attachments {
  readonly attachments: readonly object[];
}

const MADE = { id: 'image', what: 'A volume from an image', seam: 'cinder.driver.create_volume', check: 'image.size' } as const;

/** How a volume from an image can go wrong, but for the copy itself and its bytes. */
export const imageFaults: readonly ProvenFault[] = [
  {
    id: 'image-not-copied',
    kind: 'lie',
    cause: 'The copy went elsewhere: the volume is available and empty (F34)',
    seam: 'cinder.image.convert',
    reddens: ['image.progress'],
    act: pretend(undefined),
  },
  {
    id: 'image-too-small',
    kind: 'lie',
    cause: 'StorPool has another size than Cinder tells',
    seam: 'cinder.driver.create_volume',
    reddens: ['image.size'],
    act: changeRequest((request) => {
      request['size'] = 512 * MIB;
    }),
  },
  {
    id: 'image-not-bootable',
    kind: 'lose',
    cause: 'The bootable flag is missing after the copy (F37)',
    seam: 'cinder.showVolume',
    reddens: ['image.bootable'],
    act: reportedVolume(() => ({ bootable: 'false' })),
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
    id: 'image-half-downloaded',
    kind: 'lose',
    cause: "The controller's conversion directory keeps only the beginning of the image (F33, F35)",
    seam: 'cinder.image.download',
    reddens: ['image.progress', 'image.bytes'],
    act: thenCorrupt((file) => truncate(file, MIB), 'path'),
  },
  {
    id: 'image-size-in-cinder',
    kind: 'lie',
    cause: 'Cinder tells another size than was asked for',
    seam: 'cinder.showVolume',
    reddens: ['image.size'],
    act: reportedVolume(() => ({ size: 3 })),
  },
  {
    id: 'image-size-in-storpool',
    kind: 'lie',
    cause: 'StorPool tells another size than Cinder',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['image.size'],
    act: reportedInfo(({ size }) => ({ size: size / 2 })),
  },
  {
    id: 'image-size-of-device',
    kind: 'lie',
    cause: 'The device on the host is smaller than the volume',
    seam: 'agent.attach',
    skip: 1,
    reddens: ['image.size'],
    act: thenCorrupt((file, context) => shrinkDevice(file, context, 64 * MIB)),
  },
  {
    id: 'image-metadata-lost',
    kind: 'lose',
    cause: 'The volume does not remember its image (F37)',
    seam: 'cinder.showVolume',
    reddens: ['image.bootable'],
    act: reportedVolume(() => ({ volume_image_metadata: {} })),
  },
  {
    id: 'image-metadata-absent',
    kind: 'lose',
    cause: 'The volume tells nothing of its image, though no policy hides it (F37)',
    seam: 'cinder.showVolume',
    reddens: ['image.bootable'],
    act: reportedVolume(() => ({ volume_image_metadata: undefined })),
  },
  {
    id: 'image-other-format',
    kind: 'lie',
    cause: 'The volume remembers another disk format than the image has (F37)',
    seam: 'cinder.showVolume',
    reddens: ['image.bootable'],
    act: reportedVolume(({ volume_image_metadata: metadata }) =>
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
  otherTemplate(MADE),
  oneCopy(MADE),
  {
    id: 'image-progress-shrinks',
    kind: 'lie',
    cause: 'The stored bytes of the volume go down while the image is copied to it',
    // The copy takes long enough to be looked at.
    seam: ['cinder.image.convert', 'bytes.stored'],
    reddens: ['image.progress'],
    act: async (next, context) => {
      if (context.seam === 'cinder.image.convert') {
        await pause(COPY_MS, undefined, { signal: context.signal });
        return next();
      }
      const volume = detail(context, 'volume');
      const isFirst = !context.memory.has(volume);
      context.memory.set(volume, true);
      const stored = (await next()) as number;
      return isFirst ? 500 * MIB : stored;
    },
  },
  {
    id: 'image-properties-lost',
    kind: 'lose',
    cause: "The volume does not remember its image's own properties (F37)",
    seam: 'cinder.showVolume',
    reddens: ['image.layers'],
    act: reportedVolume(({ volume_image_metadata: metadata }) =>
      metadata === undefined ? {} : { volume_image_metadata: { ...(metadata as object), acceptance_run: undefined } },
    ),
  },
  {
    id: 'image-size-in-glance',
    kind: 'lie',
    cause: 'Glance tells one byte less than was uploaded',
    seam: 'glance.showImage',
    reddens: ['image.layers'],
    act: retell(({ size, ...image }: { size?: number | null }) => ({
      ...image,
      size: typeof size === 'number' ? size - 1 : size,
    })),
  },
];
