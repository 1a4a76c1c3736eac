import { type StoredBytes, untilCounted } from '../../fixtures/devices/stored-bytes.ts';
import type { Witness } from '../../fixtures/scenario/witness.ts';
import type { Storpool } from '../../helpers/storpool/storpool.ts';

type Layers = Pick<Storpool, 'volumes'>;

/**
 * Sees that what StorPool has stored of a volume only grew while an image was copied to it, up to the data of that image. What others took a snapshot
 * of meanwhile is in that one: Cinder's image cache, which clones from or for the volume, or a service of StorPool's (VolumeCare).
 */
export async function seeStoredBytesGrow(
  see: Witness,
  storpool: Layers,
  stored: StoredBytes,
  { dataBytes, signal }: { readonly dataBytes: number; readonly signal: AbortSignal },
): Promise<void> {
  see.note('stored bytes over time', stored.samples);
  const { parentName } = await storpool.volumes.info(stored.name);
  if (parentName !== '') {
    const held = await untilCounted(
      () => bytesHeld(storpool, stored.name),
      (bytes) => bytes >= dataBytes,
      signal,
    );
    see.note('parent on StorPool', parentName);
    see.that('stored bytes with those of its parents', held >= dataBytes, held, `at least ${dataBytes}`);
    return;
  }
  await stored.untilCounted(dataBytes, signal);
  const { samples, neverShrank } = stored;
  const last = samples.at(-1)?.bytes ?? 0;
  see.that('stored bytes never shrink', neverShrank, samples.map(({ bytes }) => bytes).join(' → '), 'only growth');
  see.that('stored bytes at the end', last >= dataBytes, last, `at least the ${dataBytes} bytes of the image's data`);
}

/** Bytes that StorPool has stored in a volume and in the snapshots that it shares data with. */
async function bytesHeld(storpool: Layers, name: string): Promise<number> {
  const chain = await storpool.volumes.chain(name);
  const status = await storpool.volumes.status([name, ...chain.map((layer) => layer.name)]);
  return status.values().reduce((sum, { storedSize }) => sum + storedSize, 0);
}
