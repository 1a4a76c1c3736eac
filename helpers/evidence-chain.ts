import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { z } from 'zod';

/**
 * How a line of evidence hangs together with the others. Several workers write one file, and none waits for another: each writer has a chain of
 * its own, and the line that closes the file holds the hash of all that stands before it.
 */
const linkSchema = z.object({
  chain: z.object({
    /** Who wrote the line: chance, for each sink anew. */
    of: z.string(),
    /** SHA-256, in hexadecimal digits, of the line that this writer wrote before; of the run's id for its first. */
    after: z.string(),
  }),
});
const closingSchema = z.object({ type: z.literal('closed'), lines: z.number(), sha256: z.string() });

const NEWLINE = 0x0a;
const WRITER_BYTES = 4;
/** Of problems that are told; one line that was changed is one or two. */
const MOST_TOLD = 5;

const hashOf = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
/** A run's folder is called like the run. */
const runOf = (path: string) => basename(dirname(path));

/** Appends lines of one writer to a file that others append to as well. A line is one write, and begins anew after one that is torn. */
export class ChainedFile {
  readonly #path: string;
  readonly #of = randomBytes(WRITER_BYTES).toString('hex');
  #after: string;
  #mayBeTorn = true;

  constructor(path: string) {
    this.#path = path;
    this.#after = hashOf(runOf(path));
  }

  append(line: object): void {
    const text = JSON.stringify({ ...line, chain: { of: this.#of, after: this.#after } });
    const start = this.#mayBeTorn && isTorn(this.#path) ? '\n' : '';
    this.#mayBeTorn = true;
    appendFileSync(this.#path, `${start}${text}\n`, { mode: 0o600 });
    this.#mayBeTorn = false;
    this.#after = hashOf(text);
  }
}

function isTorn(path: string): boolean {
  const file = openSync(path, 'a+', 0o600);
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
  } finally {
    closeSync(file);
  }
}

/** What the line that closes these bytes says of them. */
export function closingOf(bytes: Buffer): { readonly lines: number; readonly sha256: string } {
  const whole = withoutEnd(bytes);
  const lines = whole
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  return { lines: lines.length, sha256: hashOf(whole) };
}

function withoutEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === NEWLINE) {
    end -= 1;
  }
  return bytes.subarray(0, end);
}

/** What the chain tells of a file. */
export interface ChainCheck {
  /** False for what older versions wrote. */
  readonly isChained: boolean;
  /** False while a run lasts, and of one that was killed: what is missing at its end is not noticed. */
  readonly isClosed: boolean;
  readonly lines: number;
  /** Why it is not as it was written, in sentences. */
  readonly problems: readonly string[];
}

/** Looks whether the evidence of that run is as it was written. Lines that are not JSON are left to those who count them. */
export function checkChain(bytes: Buffer, run: string): ChainCheck {
  const check = new Checking(bytes, run);
  let start = 0;
  for (let number = 1; start < bytes.length; number += 1) {
    const found = bytes.indexOf(NEWLINE, start);
    const end = found < 0 ? bytes.length : found;
    if (end > start) {
      check.take(number, start, bytes.subarray(start, end));
    }
    start = end + 1;
  }
  return check.result();
}

class Checking {
  readonly #bytes: Buffer;
  readonly #begin: string;
  readonly #heads = new Map<string, { readonly number: number; readonly hash: string }>();
  readonly #unchained: number[] = [];
  readonly #problems: string[] = [];
  #closedAt: number | undefined;
  #lines = 0;

  constructor(bytes: Buffer, run: string) {
    this.#bytes = bytes;
    this.#begin = hashOf(run);
  }

  take(number: number, start: number, line: Buffer): void {
    this.#lines += 1;
    const value = parsed(line);
    if (value === undefined) {
      return;
    }
    if (this.#closedAt !== undefined) {
      this.#problems.push(`line ${number} was added after the evidence had been closed in line ${this.#closedAt}`);
    }
    const link = linkSchema.safeParse(value).data?.chain;
    if (link === undefined) {
      this.#unchained.push(number);
      return;
    }
    this.#follow(number, link, hashOf(line));
    const closing = closingSchema.safeParse(value).data;
    if (closing !== undefined) {
      this.#close(number, closing, this.#bytes.subarray(0, start));
    }
  }

  result(): ChainCheck {
    const isChained = this.#heads.size > 0;
    const added = isChained ? this.#unchained.map((number) => `line ${number} hangs together with no other: it was added`) : [];
    const all = [...this.#problems, ...added];
    const more = all.length > MOST_TOLD ? [`and ${all.length - MOST_TOLD} more of that kind`] : [];
    const problems = [...all.slice(0, MOST_TOLD), ...more];
    return { isChained, isClosed: this.#closedAt !== undefined, lines: this.#lines, problems };
  }

  #follow(number: number, { of, after }: { readonly of: string; readonly after: string }, hash: string): void {
    const before = this.#heads.get(of);
    if (before === undefined && after !== this.#begin) {
      this.#problems.push(`line ${number} begins nothing of this run: lines before it were taken away, or it is another run's`);
    } else if (before !== undefined && after !== before.hash) {
      this.#problems.push(
        `line ${number} does not follow line ${before.number}: that was changed, or what stood between them was taken away`,
      );
    }
    this.#heads.set(of, { number, hash });
  }

  #close(number: number, told: z.output<typeof closingSchema>, before: Buffer): void {
    this.#closedAt = number;
    const { lines, sha256 } = closingOf(before);
    if (sha256 !== told.sha256 || lines !== told.lines) {
      const what =
        lines === told.lines ? `one of its ${lines} lines was changed` : `it had ${told.lines} lines, and has ${lines}`;
      this.#problems.push(`it is not as it was when it was closed: ${what}`);
    }
  }
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}
