import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { type Played, played } from '../../../fixtures/proof/fuzz/play.ts';
import type { Step } from '../../../fixtures/proof/fuzz/step.ts';
import { quickFolder } from '../pool.ts';

/** Longer than the slowest request may take: a process that says nothing for so long has hung. */
const PATIENCE_MS = 180_000;

/** Plays requests in a process of its own, and in another when that one is dead. */
export class Player implements AsyncDisposable {
  readonly #log: string;
  #child: ChildProcess | undefined;

  constructor(log: string) {
    this.#log = log;
  }

  async play(steps: readonly Step[], signal: AbortSignal): Promise<Played> {
    const child = this.#child ?? (await this.#start());
    this.#child = child;
    const over = new AbortController();
    const limit = AbortSignal.any([over.signal, AbortSignal.timeout(PATIENCE_MS), signal]);
    const answered = once(child, 'message', { signal: limit });
    const ended = once(child, 'exit', { signal: limit });
    child.send(steps);
    try {
      const first = await Promise.race([answered, ended.then(([code, sign]) => `the mock's process ended: ${code ?? sign}`)]);
      return typeof first === 'string' ? await this.#lost(first) : played.parse(first[0]);
    } catch (error) {
      signal.throwIfAborted();
      return await this.#lost(`the mock hung: ${String(error)}`);
    } finally {
      over.abort();
      void Promise.allSettled([answered, ended]);
    }
  }

  async #start(): Promise<ChildProcess> {
    const log = openSync(this.#log, 'a', 0o600);
    const env = { ...process.env, TMPDIR: quickFolder() };
    const child = fork(join(import.meta.dirname, 'worker.ts'), { execArgv: [], env, stdio: ['ignore', log, log, 'ipc'] });
    await once(child, 'message');
    return child;
  }

  async #lost(why: string): Promise<Played> {
    await this[Symbol.asyncDispose]();
    return { answers: {}, asked: {}, done: {}, wrong: [why] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
}
