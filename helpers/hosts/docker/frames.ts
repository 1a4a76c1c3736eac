/** Kind, number of the command, payload: see session.py. */
export interface Frame {
  readonly kind: string;
  readonly number: number;
  readonly payload: Buffer;
}

const HEAD_BYTES = 9;
const NUMBER_AT = 1;
const LENGTH_AT = 5;

export function pack(kind: string, number: number, payload: Uint8Array | string = ''): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(kind, 'latin1');
  head.writeUInt32BE(number, NUMBER_AT);
  head.writeUInt32BE(body.length, LENGTH_AT);
  return Buffer.concat([head, body]);
}

/** Puts frames together again from chunks that are cut anywhere. */
export class Unpacker {
  #chunks: Buffer[] = [];
  #length = 0;

  /** The frames that the chunk completes. */
  take(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      frames.push(frame);
    }
    return frames;
  }

  #next(): Frame | undefined {
    if (this.#length < HEAD_BYTES) {
      return;
    }
    const all = this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    const end = HEAD_BYTES + all.readUInt32BE(LENGTH_AT);
    if (all.length < end) {
      return;
    }
    this.#chunks = [all.subarray(end)];
    this.#length = all.length - end;
    return {
      kind: all.toString('latin1', 0, NUMBER_AT),
      number: all.readUInt32BE(NUMBER_AT),
      payload: all.subarray(HEAD_BYTES, end),
    };
  }
}
