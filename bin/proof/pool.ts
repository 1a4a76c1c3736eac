import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, statfsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { MEMORY } from '../../fixtures/targets/dead-clusters.ts';
import { answer, failed, type Job, type Order, type Result } from './jobs.ts';

/** A job, and whether it mostly waits for deadlines. */
export interface Task {
  readonly job: Job;
  readonly waits: boolean;
  /** True when it keeps a core busy by itself, as a browser does. */
  readonly fillsCore?: boolean;
}

export interface PoolOptions {
  /** Where the workers' own output goes. */
  readonly log: string;
  readonly signal: AbortSignal;
  readonly onResult: (result: Result) => void;
}

/** How much one worker does at once: clusters wait for their child processes half of the time. What waits is waited for beside that. */
const AT_WORK = 3;
const WAITING = 4;
const ENOUGH = 4 * 1024 ** 3;

/** A cluster is some hundred small files, which cost least in memory. */
export function quickFolder(): string {
  const { bavail, bsize } = existsSync(MEMORY) ? statfsSync(MEMORY) : { bavail: 0, bsize: 0 };
  return bavail * bsize > ENOUGH ? MEMORY : tmpdir();
}

/** Does all jobs in worker processes, the first ones first. A worker that dies fails its jobs and is replaced. */
export async function runJobs(jobs: readonly Task[], options: PoolOptions): Promise<void> {
  const left = [...jobs];
  const crews = Array.from({ length: Math.max(1, Math.min(availableParallelism(), jobs.length)) }, () => crew(left, options));
  await Promise.all(crews);
}

/** One worker after the other, each until it dies or nothing is left. */
async function crew(left: Task[], options: PoolOptions): Promise<void> {
  while (left.length > 0 && !options.signal.aborted) {
    const worker = new Worker(left, options);
    await worker.ended;
  }
}

class Worker {
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #left: Task[];
  readonly #options: PoolOptions;
  readonly #busy = new Map<number, Task>();
  #orders = 0;

  constructor(left: Task[], options: PoolOptions) {
    const log = openSync(options.log, 'a', 0o600);
    this.#left = left;
    this.#options = options;
    const env = { ...process.env, TMPDIR: quickFolder() };
    this.#child = fork(join(import.meta.dirname, 'worker.ts'), { execArgv: [], env, stdio: ['ignore', log, log, 'ipc'] });
    this.#child.on('message', (message) => this.#hear(message));
    this.ended = this.#watch();
  }

  async #watch(): Promise<void> {
    const hangUp = () => this.#hangUp();
    this.#options.signal.addEventListener('abort', hangUp, { once: true });
    const [code, signal] = (await once(this.#child, 'exit')) as [number | null, string | null];
    this.#options.signal.removeEventListener('abort', hangUp);
    for (const { job } of this.#busy.values()) {
      this.#options.onResult(failed(job, `its worker ended with ${signal ?? code}`));
    }
  }

  #hear(message: unknown): void {
    if (message !== 'ready') {
      const { id, result } = answer.parse(message);
      this.#busy.delete(id);
      this.#options.onResult(result);
    }
    this.#feed();
  }

  #feed(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      this.#orders += 1;
      this.#busy.set(this.#orders, next);
      this.#child.send({ id: this.#orders, job: next.job } satisfies Order);
    }
    if (this.#busy.size === 0 && this.#left.length === 0) {
      this.#hangUp();
    }
  }

  /** The next task of a kind that there is room for. */
  #take(): Task | undefined {
    const busy = [...this.#busy.values()];
    const hasRoom = (waits: boolean) => busy.filter((task) => task.waits === waits).length < (waits ? WAITING : AT_WORK);
    const isFull = busy.some(({ fillsCore = false }) => fillsCore);
    const at = isFull
      ? -1
      : this.#left.findIndex(({ waits, fillsCore = false }) => (fillsCore ? busy.length === 0 : hasRoom(waits)));
    return at < 0 ? undefined : this.#left.splice(at, 1)[0];
  }

  #hangUp(): void {
    if (this.#child.connected) {
      this.#child.disconnect();
    }
  }
}
