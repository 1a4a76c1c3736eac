import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { RemoteResult, RunOptions } from '../command-result.ts';
import { type Frame, pack, Unpacker } from './frames.ts';

const SCRIPT = join(import.meta.dirname, 'session.py');
const MOST_OUTPUT = 64 * 1024 ** 2;
const MOST_COMPLAINT = 4096;
/** For a command without a limit of its own. */
const LONGEST_SECONDS = 6 * 3600;

const endSchema = z.object({ code: z.number().nullable(), timedOut: z.boolean(), notStarted: z.string().optional() });

interface Pending {
  readonly onOutput: RunOptions['onOutput'];
  readonly stdout: Buffer[];
  readonly stderr: Buffer[];
  bytes: number;
  readonly end: (result: RemoteResult) => void;
}

/**
 * One way into a container for many commands: `docker exec` starts five processes for each of them, which on a busy machine takes longer than
 * the command. It keeps nobody's process alive, and when its owner dies the commands end with it.
 */
export class DockerSession {
  /** False when the container has no Python that could serve: then commands must go in one by one. */
  readonly isOpen: Promise<boolean>;
  readonly #container: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #pending = new Map<number, Pending>();
  #commands = 0;
  #complaint = '';
  #isOver = false;

  constructor(container: string, environment: Readonly<Record<string, string>>) {
    this.#container = container;
    const script = readFileSync(SCRIPT, 'utf8');
    const argv = ['exec', '-i', container, 'python3', '-I', '-S', '-c', script];
    this.#child = spawn('docker', argv, { env: environment, stdio: 'pipe', detached: true });
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.isOpen = promise;
    const unpacker = new Unpacker();
    this.#child.stdout.on('data', (chunk: Buffer) => {
      for (const frame of unpacker.take(chunk)) {
        frame.kind === 'H' ? resolve(true) : this.#hear(frame);
      }
    });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#complaint = `${this.#complaint}${chunk.toString()}`.slice(-MOST_COMPLAINT);
    });
    const over = () => {
      resolve(false);
      this.#close();
    };
    this.#child.once('error', over);
    this.#child.once('close', over);
    // It may end before it has heard everything; its end tells that.
    this.#child.stdin.on('error', () => {});
    this.#hold(true);
    void promise.then(() => this.#hold(this.#pending.size > 0));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  async run(argv: readonly string[], { input, signal, timeoutMs, onOutput }: RunOptions): Promise<RemoteResult> {
    signal?.throwIfAborted();
    if (this.#isOver) {
      return this.#nothing();
    }
    this.#commands += 1;
    const number = this.#commands;
    const { promise, resolve } = Promise.withResolvers<RemoteResult>();
    this.#pending.set(number, { onOutput, stdout: [], stderr: [], bytes: 0, end: resolve });
    this.#hold(true);
    const seconds = timeoutMs === undefined ? LONGEST_SECONDS : timeoutMs / 1000;
    this.#send('R', number, JSON.stringify({ argv, seconds }));
    // A stream that is given up before its end is the end of what the command reads, too.
    void this.#feed(number, input)
      .catch(() => undefined)
      .finally(() => this.#send('E', number));
    const stop = () => this.#send('K', number);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const result = await promise;
      signal?.throwIfAborted();
      return result;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async #feed(number: number, input: RunOptions['input']): Promise<void> {
    if (input instanceof Readable) {
      for await (const piece of input) {
        this.#send('I', number, piece as Uint8Array);
      }
    } else if (input !== undefined) {
      this.#send('I', number, input);
    }
  }

  #send(kind: string, number: number, payload: Uint8Array | string = ''): void {
    if (!this.#isOver) {
      this.#child.stdin.write(pack(kind, number, payload));
    }
  }

  #hear({ kind, number, payload }: Frame): void {
    const pending = this.#pending.get(number);
    if (pending === undefined) {
      return;
    }
    if (kind === 'X') {
      const { code, timedOut, notStarted } = endSchema.parse(JSON.parse(payload.toString()));
      const stderr = notStarted ?? Buffer.concat(pending.stderr).toString();
      this.#end(number, { stdout: Buffer.concat(pending.stdout), stderr, exitCode: code ?? undefined, timedOut });
      return;
    }
    pending.bytes += payload.length;
    if (pending.bytes > MOST_OUTPUT) {
      this.#send('K', number);
      return;
    }
    (kind === 'O' ? pending.stdout : pending.stderr).push(payload);
    if (kind === 'O') {
      pending.onOutput?.(payload.toString());
    }
  }

  #end(number: number, result: RemoteResult): void {
    this.#pending.get(number)?.end(result);
    this.#pending.delete(number);
    this.#hold(this.#pending.size > 0);
  }

  /** The container ended, or somebody ended the session: so did its commands. */
  #close(): void {
    this.#isOver = true;
    for (const number of this.#pending.keys()) {
      this.#end(number, this.#nothing());
    }
  }

  #nothing(): RemoteResult {
    const stderr = this.#complaint.trim() || `the way into container ${this.#container} closed`;
    return { stdout: Buffer.alloc(0), stderr, exitCode: undefined, timedOut: false };
  }

  /** While nothing is asked of it, the session must not keep this process from ending. */
  #hold(isBusy: boolean): void {
    for (const handle of [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      const { ref, unref } = handle as { ref?: () => void; unref?: () => void };
      (isBusy ? ref : unref)?.call(handle);
    }
  }
}
