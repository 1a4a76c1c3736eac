import { closeSync, type FSWatcher, openSync, readSync, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Evidence } from '../../helpers/evidence.ts';

const CHUNK = 64 * 1024;
/** Network and container file systems may not tell of changes; then this is how late a line is shown. */
const FALLBACK_MS = 1000;
const NEWLINE = 10;

/** Follows a file that grows; dispose of it to read what is left and stop. */
export interface EvidenceTail extends Disposable {
  /** Reads what has been appended since. */
  readonly drain: () => void;
}

/**
 * Hands on each whole line of evidence once, as soon as it has been appended; `fromEnd`: only what is appended from now on. The file need not
 * exist yet, its folder must.
 * Lines that are not JSON are left to the verdict, which counts them.
 */
export function tailEvidence(
  path: string,
  onLine: (line: Evidence) => void,
  { fromEnd = false }: { readonly fromEnd?: boolean } = {},
): EvidenceTail {
  const start = fromEnd ? (statSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0;
  const reader = new LineReader(path, onLine, start);
  const watcher = watchFolder(dirname(path), (name) => {
    if (name === null || name === basename(path)) {
      reader.drain();
    }
  });
  const fallback = setInterval(() => reader.drain(), FALLBACK_MS).unref();
  reader.drain();
  return {
    drain: () => reader.drain(),
    [Symbol.dispose]: () => {
      watcher?.close();
      clearInterval(fallback);
      reader.drain();
      reader.close();
    },
  };
}

/** Without a watch, of which a system has only so many, the fallback still reads the file. */
function watchFolder(folder: string, onChange: (name: string | null) => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, (_, name) => onChange(name));
    return watcher.on('error', () => watcher.close());
  } catch {
    return;
  }
}

class LineReader {
  readonly #path: string;
  readonly #onLine: (line: Evidence) => void;
  readonly #chunk = Buffer.alloc(CHUNK);
  #rest = Buffer.alloc(0);
  #file: number | undefined;
  #offset: number;

  constructor(path: string, onLine: (line: Evidence) => void, start: number) {
    this.#offset = start;
    this.#path = path;
    this.#onLine = onLine;
  }

  drain(): void {
    this.#file ??= openIfThere(this.#path);
    if (this.#file === undefined) {
      return;
    }
    for (let length = this.#read(this.#file); length > 0; length = this.#read(this.#file)) {
      this.#take(this.#chunk.subarray(0, length));
    }
  }

  close(): void {
    if (this.#file !== undefined) {
      closeSync(this.#file);
      this.#file = undefined;
    }
  }

  #read(file: number): number {
    const length = readSync(file, this.#chunk, 0, CHUNK, this.#offset);
    this.#offset += length;
    return length;
  }

  /** Bytes are decoded by whole lines only, so that a letter cut by the end of a chunk is not lost. */
  #take(added: Buffer): void {
    const bytes = Buffer.concat([this.#rest, added]);
    const end = bytes.lastIndexOf(NEWLINE);
    this.#rest = Buffer.from(bytes.subarray(end + 1));
    for (const text of bytes.toString('utf8', 0, Math.max(0, end)).split('\n')) {
      const line = parse(text);
      if (line !== undefined) {
        this.#onLine(line);
      }
    }
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function parse(text: string): Evidence | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Evidence);
  } catch {
    return undefined;
  }
}
