import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onceOnly, since, sinceAvailable } from '../../../fixtures/mock/faults/after.ts';
import { afterwards, blank, stick, text } from '../../../fixtures/mock/faults/corrupt.ts';
import { callOf, type ProvenFault, retell } from '../../../fixtures/mock/faults/proven-fault.ts';
import { cinderAttachmentsTold, staleAttachment, volumeTold } from '../../../fixtures/mock/faults/reported.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const BLOCK = 4096;
const COPIED = 7 * MIB;
const COPY_MS = 500;
const ANOTHER = '00000000-0000-4000-8000-00000000000d';

interface Images {
  readonly images: readonly object[];
}
interface Attached {
  readonly volumeAttachments: readonly object[];
}

/** Loses what was written in the nth attachment, as it is detached. */
const lostAtDetach = (nth: number, offset: number): Pick<ProvenFault, 'kind' | 'seam' | 'skip' | 'times' | 'act'> => ({
  ...{ kind: 'lose', seam: 'agent.detach', skip: nth - 1, times: 1 },
  act: afterwards((file) => blank(file, offset, BLOCK)),
});

/** What each layer may tell wrongly late, when the others have long agreed: in the order of the guide, and beyond. */
export const remainingFaults: readonly ProvenFault[] = [
  {
    id: 'image-of-another',
    kind: 'lie',
    cause: 'The name of the image leads to another image: it was uploaded again meanwhile',
    seam: 'glance.listImages',
    when: (context) => callOf(context).query.has('name'),
    reddens: ['image.path'],
    act: retell(({ images, ...rest }: Images) => ({ ...rest, images: images.map((image) => ({ ...image, id: ANOTHER })) })),
  },
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
      const volume = text(context, 'volume');
      const isFirst = !context.memory.has(volume);
      context.memory.set(volume, true);
      const stored = (await next()) as number;
      return isFirst ? 500 * MIB : stored;
    },
  },
  {
    id: 'fill-boot-sector-lost',
    kind: 'lose',
    cause: 'The first sector of the volume is lost as soon as the copy has ended (F42)',
    seam: 'bytes.stored',
    reddens: ['fill.early-boot-sector'],
    act: async (next, context) => {
      const stored = (await next()) as number;
      if (stored >= COPIED) {
        const cluster = dirname(dirname(text(context, 'file')));
        await blank(join(cluster, 'hosts', 'controller', 'dev', 'storpool', text(context, 'volume')), 0, 512).catch(
          () => undefined,
        );
      }
      return stored;
    },
  },
  {
    id: 'source-delete-in-error',
    kind: 'lose',
    cause: 'Cinder refuses to delete the volume, and leaves it in error_deleting all the same (F52)',
    seam: ['cinder.deleteVolume', 'cinder.showVolume'],
    reddens: ['snapshot.source-delete'],
    act: since(
      { trigger: 'cinder.deleteVolume', times: 1 },
      volumeTold(() => ({ status: 'error_deleting' })),
    ),
  },
  {
    id: 'boot-from-source',
    kind: 'lie',
    cause: 'The server runs from the source of the snapshot itself, not from a new volume (F62)',
    seam: ['cinder.createVolume', 'nova.listVolumeAttachments'],
    reddens: ['boot.root-volume'],
    act: async (next, context) => {
      const { seam, memory } = context;
      if (seam === 'nova.listVolumeAttachments') {
        const volumeId = memory.get('source');
        const isSource = ({ volumeAttachments }: Attached) => ({
          volumeAttachments: volumeAttachments.map((row) => ({ ...row, volumeId })),
        });
        return retell(isSource)(next, context);
      }
      const reply = (await next()) as { body: { volume?: { id: string } } };
      memory.set('source', memory.get('source') ?? reply.body.volume?.id);
      return reply;
    },
  },
  {
    id: 'boot-delete-stays-in-cinder',
    kind: 'leak',
    cause: 'Cinder lists an attachment of the deleted server, although the volume is available (F59)',
    seam: ['nova.deleteServer', 'cinder.listAttachmentsDetail'],
    reddens: ['boot.delete'],
    act: since(
      { trigger: 'nova.deleteServer' },
      cinderAttachmentsTold((rows, volume) => [...rows, staleAttachment(volume)]),
    ),
  },
  {
    id: 'clone-source-forgotten',
    kind: 'lose',
    cause: 'Cinder does not remember which volume the clone was made from',
    seam: 'cinder.showVolume',
    reddens: ['clone.shared'],
    act: volumeTold(() => ({ source_volid: null })),
  },
  // Attached to be stamped, to be read, and to be written again: first the source, then the clone.
  {
    ...{ id: 'clone-source-loses-writes', cause: 'What is written to the source after the clone was made is lost (F42)' },
    ...{ ...lostAtDetach(3, MIB), reddens: ['clone.apart'] },
  },
  {
    ...{ id: 'clone-loses-writes', cause: 'What is written to the clone is lost (F42)' },
    ...{ ...lostAtDetach(4, GIB / 2), reddens: ['clone.apart'] },
  },
  {
    id: 'revert-size-in-cinder',
    kind: 'lie',
    cause: 'After the revert Cinder tells another size (F55)',
    seam: ['cinder.revertVolume', 'cinder.showVolume'],
    reddens: ['revert.available'],
    act: since(
      { trigger: 'cinder.revertVolume' },
      volumeTold(() => ({ size: 2 })),
    ),
  },
  {
    id: 'revert-loses-snapshot',
    kind: 'lose',
    cause: 'The revert leaves the snapshot in error (F55)',
    seam: ['cinder.revertVolume', 'cinder.showSnapshot'],
    reddens: ['revert.available'],
    act: since(
      { trigger: 'cinder.revertVolume', times: 1 },
      retell(({ snapshot, ...rest }: { snapshot?: object }) =>
        snapshot === undefined ? rest : { snapshot: { ...snapshot, status: 'error' } },
      ),
    ),
  },
  {
    id: 'retype-stuck',
    kind: 'stick',
    cause: 'The volume stays in retyping: StorPool is still moving data (F54)',
    seam: 'cinder.driver.retype',
    reddens: ['retype.type'],
    act: stick,
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
    id: 'upload-status-returns',
    kind: 'lie',
    cause: 'Cinder takes back that the volume is available again after the upload',
    seam: ['cinder.uploadVolume', 'cinder.showVolume'],
    reddens: ['upload.image'],
    act: sinceAvailable('cinder.uploadVolume', onceOnly(volumeTold(() => ({ status: 'uploading' })))),
  },
  {
    id: 'upload-stays-in-cinder',
    kind: 'leak',
    cause: 'Cinder keeps an attachment of the controller after the upload (F44)',
    seam: ['cinder.uploadVolume', 'cinder.listAttachmentsDetail'],
    reddens: ['upload.image'],
    act: since(
      { trigger: 'cinder.uploadVolume' },
      cinderAttachmentsTold((rows, volume) => [...rows, staleAttachment(volume)]),
    ),
  },
  {
    id: 'upload-delete-breaks-volume',
    kind: 'lose',
    cause: 'Deleting the image puts the volume that was built from it into error',
    seam: ['glance.deleteImage', 'cinder.showVolume'],
    reddens: ['upload.removed'],
    act: since(
      { trigger: 'glance.deleteImage', times: 1 },
      volumeTold(() => ({ status: 'error' })),
    ),
  },
];
