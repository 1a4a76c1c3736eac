import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { extract, type Headers, pack } from 'tar-stream';
import { messageOf } from '../../helpers/failure.ts';
import type { Parts } from './parts.ts';

const zip = promisify(gzip);
const MODE = 0o600;
const MIB = 1024 ** 2;
/** Of all that a bundle holds; one of a run on containers, with all logs in its page, has some 40 MiB. */
const MOST_BYTES = 256 * MIB;
const MOST_ENTRIES = 64;
/** Of an archive as it is on the disk. */
export const MOST_PACKED = 128 * MIB;

/** One .tar.gz of these files, all in one folder. The same files make the same bytes. */
export async function packArchive(folder: string, parts: Parts, time: Date): Promise<Buffer> {
  const tar = pack();
  for (const [name, data] of parts) {
    tar.entry({ name: `${folder}/${name}`, mode: MODE, mtime: time }, data);
  }
  tar.finalize();
  return zip(Buffer.concat(await Array.fromAsync(tar)), { level: constants.Z_BEST_COMPRESSION });
}

export interface Entry {
  /** As the archive has it: it may lead anywhere. */
  readonly name: string;
  /** `file` for a plain one. */
  readonly type: string;
  readonly data: Buffer;
}

export interface Archive {
  /** In their order. */
  readonly entries: readonly Entry[];
  /** Why it is not whole, or more than a bundle, in sentences. */
  readonly problems: readonly string[];
}

/** Reads an archive in memory: nothing is written anywhere, whatever its entries are called. What is damaged or too large is told. */
export async function readArchive(packed: Buffer): Promise<Archive> {
  const { tar, problem } = await unzipped(packed);
  if (tar === undefined) {
    return { entries: [], problems: [problem] };
  }
  const entries: Entry[] = [];
  const problems: string[] = problem === '' ? [] : [problem];
  const reader = extract();
  reader.on('entry', (header: Headers, stream: NodeJS.ReadableStream, next: () => void) => {
    const refused = refusal(header, tar.length, entries.length);
    // What goes wrong is told by the reader, too.
    stream.on('error', () => undefined);
    if (refused !== undefined) {
      reader.destroy(new Error(refused));
      return;
    }
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      entries.push({ name: header.name, type: header.type ?? 'unknown', data: Buffer.concat(chunks) });
      next();
    });
  });
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  reader.on('close', resolve);
  reader.on('error', (error) => void problems.push(`the archive is not whole: ${messageOf(error)}`));
  reader.end(tar);
  await closed;
  return { entries, problems };
}

function refusal({ size = 0 }: Headers, total: number, before: number): string | undefined {
  if (before >= MOST_ENTRIES) {
    return `it has more than ${MOST_ENTRIES} entries`;
  }
  // A size below 0, or none at all, would never come to its end.
  return Number.isSafeInteger(size) && size >= 0 && size <= total ? undefined : 'an entry is longer than the archive';
}

interface Unzipped {
  readonly tar: Buffer | undefined;
  readonly problem: string;
}

function unzipped(packed: Buffer): Promise<Unzipped> {
  return new Promise((resolve) => {
    // With `info`, what was read of the input is told, too; @types/node does not know that form of a callback's value.
    gunzip(packed, { maxOutputLength: MOST_BYTES, info: true }, (error, told) => {
      if (error !== null) {
        const isLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
        const what = isLarge ? `it holds more than ${MOST_BYTES / MIB} MiB` : error.message;
        resolve({ tar: undefined, problem: `the archive ends too early, or is damaged: ${what}` });
        return;
      }
      const { buffer, engine } = told as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
      const rest = packed.length - engine.bytesWritten;
      resolve({ tar: buffer, problem: rest === 0 ? '' : `${rest} bytes follow after the archive's end` });
    });
  });
}
