import type { StoredBytes } from '../../fixtures/devices/stored-bytes.ts';
import type { Witness } from '../../fixtures/scenario/witness.ts';

/** Sees that what StorPool has stored of a volume only grew while an image was copied to it, up to the data of that image. */
export function seeStoredBytesGrow(see: Witness, { samples, neverShrank }: StoredBytes, dataBytes: number): void {
  const last = samples.at(-1)?.bytes ?? 0;
  see.that('stored bytes never shrink', neverShrank, samples.map(({ bytes }) => bytes).join(' → '), 'only growth');
  see.that('stored bytes at the end', last >= dataBytes, last, `at least the ${dataBytes} bytes of the image's data`);
}
