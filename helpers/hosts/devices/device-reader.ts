import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Failure } from '../../failure.ts';
import type { DeviceRange, See } from '../command-result.ts';
import type { ExpectedRange, Mismatch } from './device.ts';

/** Node has it; the type declarations of ES2024 do not. */
declare const WebAssembly: { Memory: new (wanted: { initial: number }) => { readonly buffer: ArrayBuffer } };

const CHUNK = 4 * 1024 * 1024;
const WASM_PAGE = 65_536;
/** What O_DIRECT asks of offsets, lengths and memory on any drive. */
const ALIGNMENT = 4096;
const IN_FLIGHT = 2;
const ZEROS = Buffer.alloc(CHUNK);

/** What is read: a block device, or a mock's stand-in for one, that its owner holds open. */
export interface Readable {
  readonly file: FileHandle;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Reads devices in aligned pieces. Keeps its buffers for the next read, because aligned memory is dear to reserve. */
export class DeviceReader {
  readonly #idle: Buffer[] = [];

  /** Throws Failure when the device ends before the range does. */
  async read(from: Readable, offset: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    const result = Buffer.allocUnsafe(length);
    await this.#scan(from, { offset, length, signal }, (piece, at) => {
      piece.copy(result, at - offset);
      return false;
    });
    return result;
  }

  /** Hands the range over as it is read. Throws Failure when the device ends before the range does. */
  async scan(from: Readable, { offset, length }: DeviceRange, see: See, signal?: AbortSignal): Promise<void> {
    await this.#scan(from, { offset, length, signal }, (piece, at) => {
      see(piece, at);
      return false;
    });
  }

  /** The offset of the first byte that is not zero, or undefined. Reads the whole range. */
  async firstNonZero(from: Readable, offset: number, length: number, signal?: AbortSignal): Promise<number | undefined> {
    let found: number | undefined;
    await this.#scan(from, { offset, length, signal }, (piece, at) => {
      if (piece.compare(ZEROS, 0, piece.length) !== 0) {
        found = at + piece.findIndex((byte) => byte !== 0);
      }
      return found !== undefined;
    });
    return found;
  }

  /** Which of the ranges hold something else. Reads all of them. */
  async compare(from: Readable, expected: readonly ExpectedRange[], signal?: AbortSignal): Promise<Mismatch[]> {
    const mismatches: Mismatch[] = [];
    for (const range of expected) {
      const at = await this.#mismatch(from, range, signal);
      if (at !== undefined) {
        mismatches.push({ range, at });
      }
    }
    return mismatches;
  }

  async #mismatch(from: Readable, range: ExpectedRange, signal: AbortSignal | undefined): Promise<number | undefined> {
    if (range.sha256 === undefined) {
      return this.firstNonZero(from, range.offset, range.length, signal);
    }
    const hash = createHash('sha256');
    await this.scan(from, range, (piece) => hash.update(piece), signal);
    return hash.digest('hex') === range.sha256 ? undefined : range.offset;
  }

  /** Hands over the range piece by piece, in order, until `see` says that it has seen enough. */
  async #scan(
    from: Readable,
    range: { offset: number; length: number; signal: AbortSignal | undefined },
    see: (piece: Buffer, at: number) => boolean,
  ): Promise<void> {
    const end = range.offset + range.length;
    if (end > from.size) {
      const details = { path: from.path, size: from.size, wanted: `bytes ${range.offset} to ${end}` };
      throw new Failure('the device ends before the bytes that should be read', details, 'Compare its size with StorPool’s.');
    }
    const start = range.offset - (range.offset % ALIGNMENT);
    const pieces = Math.ceil((end - start) / CHUNK);
    const ahead: Promise<Piece>[] = [];
    const begin = (nth: number) => {
      const at = start + nth * CHUNK;
      const piece = this.#piece(from.file, at, Math.min(CHUNK, from.size - at));
      // Errors are met when the piece's turn comes; until then they must not count as unhandled.
      piece.catch(() => undefined);
      ahead.push(piece);
    };
    for (let nth = 0; nth < Math.min(IN_FLIGHT, pieces); nth += 1) {
      begin(nth);
    }
    try {
      for (let nth = 0; nth < pieces; nth += 1) {
        range.signal?.throwIfAborted();
        const piece = await (ahead.shift() as Promise<Piece>);
        const at = Math.max(piece.at, range.offset);
        const isEnough = see(piece.buffer.subarray(at - piece.at, Math.min(end - piece.at, piece.length)), at);
        this.#idle.push(piece.buffer);
        if (isEnough) {
          return;
        }
        if (nth + IN_FLIGHT < pieces) {
          begin(nth + IN_FLIGHT);
        }
      }
    } finally {
      await this.#settle(ahead);
    }
  }

  async #piece(file: FileHandle, at: number, wanted: number): Promise<Piece> {
    const buffer = this.#idle.pop() ?? alignedBuffer();
    let length = 0;
    while (length < wanted) {
      // A direct read past the last full block may only end at the device's end, so whole blocks are always asked for.
      const { bytesRead } = await file.read(buffer, length, CHUNK - length, at + length);
      if (bytesRead === 0) {
        throw new Failure(
          'a read came back short',
          { at: at + length, wanted: wanted - length },
          'Look into the kernel log: dmesg',
        );
      }
      length += bytesRead;
    }
    return { buffer, at, length: wanted };
  }

  async #settle(ahead: readonly Promise<Piece>[]): Promise<void> {
    for (const result of await Promise.allSettled(ahead)) {
      if (result.status === 'fulfilled') {
        this.#idle.push(result.value.buffer);
      }
    }
  }
}

interface Piece {
  readonly buffer: Buffer;
  readonly at: number;
  readonly length: number;
}

/** WebAssembly's memory begins at a page, which a Buffer's does not and O_DIRECT needs. */
function alignedBuffer(): Buffer {
  return Buffer.from(new WebAssembly.Memory({ initial: CHUNK / WASM_PAGE }).buffer);
}
