import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Redactor } from '../../helpers/redact.ts';

export interface RunnerEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunnerParts {
  /** A module and its arguments, run by this Node. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Where the runner's own output goes, masked. */
  readonly log: string;
  readonly redactor: Redactor;
  /** Told that the log cannot be written; the runner goes on without. */
  readonly onLogError: (error: unknown) => void;
  /** How long the runner has to end itself when it is stopped; milliseconds. */
  readonly graceMs: number;
}

/**
 * The test runner, as a process group of its own: a Ctrl-C reaches only this process, and all of the group can be ended.
 * The runner holds the other end of a pipe, from which it learns what to run, and ends itself when this process dies without a word.
 */
export class Runner {
  /** Resolves when nothing of it is left. */
  readonly ended: Promise<RunnerEnd>;
  readonly #child: ChildProcess;
  readonly #graceMs: number;
  #impatience: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(parts: RunnerParts) {
    const child = spawn(process.execPath, [...parts.argv], {
      cwd: parts.cwd,
      // Colours would stand in the log as letters.
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    // It may have died before it heard what to run; then its end tells so.
    child.stdin.on('error', () => {});
    this.#child = child;
    this.#graceMs = parts.graceMs;
    this.ended = this.#watch(exitOf(child), [child.stdout, child.stderr], parts);
  }

  /** Tells the runner what to run. The pipe stays open. */
  begin(order: string): void {
    this.#child.stdin?.write(`${order}\n`);
  }

  /** Asks the group to end; kills it when it takes too long. */
  stop(): void {
    this.#signal('SIGTERM');
    this.#impatience ??= setTimeout(() => this.#signal('SIGKILL'), this.#graceMs);
  }

  async #watch(exit: Promise<RunnerEnd>, outputs: readonly Readable[], parts: RunnerParts): Promise<RunnerEnd> {
    const log = createWriteStream(parts.log, { flags: 'a', mode: 0o600 }).on('error', parts.onLogError);
    const copied = Promise.all(outputs.map((output) => copyMasked(output, log, parts.redactor)));
    const end = await exit;
    clearTimeout(this.#impatience);
    this.#signal('SIGKILL');
    this.#isOver = true;
    await copied;
    log.end();
    await finished(log).catch(() => undefined);
    return end;
  }

  #signal(name: NodeJS.Signals): void {
    // Later the number may be somebody else's.
    if (this.#child.pid === undefined || this.#isOver) {
      return;
    }
    try {
      process.kill(-this.#child.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
        throw error;
      }
    }
  }
}

function exitOf(child: ChildProcess): Promise<RunnerEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

async function copyMasked(from: Readable, to: NodeJS.WritableStream, redactor: Redactor): Promise<void> {
  for await (const line of createInterface({ input: from })) {
    to.write(`${redactor.clean(line)}\n`);
  }
}
