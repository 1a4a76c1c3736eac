declare const unit: unique symbol;

/** A size as StorPool speaks of it: bytes, a multiple of the 512-byte sector (reference: StorPool API, type `Size`). */
export type Bytes = number & { readonly [unit]: 'Bytes' };

/** A size as Cinder and Nova speak of it: whole GiB. */
export type GiB = number & { readonly [unit]: 'GiB' };

const GIB = 1024 ** 3;
const SECTOR = 512;

/** Brands a number of bytes. Throws RangeError unless it is a non-negative multiple of 512. */
export function bytes(value: number): Bytes {
  if (!Number.isSafeInteger(value) || value < 0 || value % SECTOR !== 0) {
    throw new RangeError(`${value} is not a size in bytes: expected a non-negative multiple of ${SECTOR}`);
  }
  return value as Bytes;
}

/** Brands a number of GiB. Throws RangeError unless it is a non-negative integer. */
export function gib(value: number): GiB {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${value} is not a size in GiB: expected a non-negative integer`);
  }
  return value as GiB;
}

export function toBytes(size: GiB): Bytes {
  return bytes(size * GIB);
}

/** The smallest whole number of GiB that holds `size` bytes. */
export function gibHolding(size: number): GiB {
  return gib(Math.ceil(size / GIB));
}
