import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { Failure, messageOf } from '../../helpers/failure.ts';

const LIMIT_MS = 60_000;
const LAST_LINES = 20;

/**
 * Allure's command line in a process of its own, which begins to load at once: started early, it makes a report in half the
 * time. Makes one report. Dispose of it when none is wanted after all.
 */
export class AllureProcess implements AsyncDisposable {
  readonly #end = new AbortController();
  readonly #process = execa(process.execPath, [fileURLToPath(new URL('./loader.ts', import.meta.url))], {
    stdin: 'pipe',
    env: { ALLURE_NO_ANALYTICS: '1', NO_COLOR: '1' },
    cancelSignal: this.#end.signal,
    reject: false,
    all: true,
  });

  /** Makes `report/` from `results/` and `allurerc.mjs` in the folder. Throws Failure with Allure's last words. */
  async generate(folder: string, signal?: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(LIMIT_MS);
    const stop = AbortSignal.any(signal === undefined ? [limit] : [limit, signal]);
    const abort = () => this.#end.abort(stop.reason);
    if (stop.aborted) {
      abort();
    }
    stop.addEventListener('abort', abort);
    this.#process.stdin.on('error', (error) => this.#end.abort(error));
    this.#process.stdin.end(`${folder}\n`);
    const { failed, exitCode, all } = await this.#process;
    if (failed) {
      const output = all.split('\n').slice(-LAST_LINES).join('\n');
      const reason = this.#end.signal.aborted ? messageOf(this.#end.signal.reason) : undefined;
      throw new Failure('Allure made no report', { exitCode, reason, output }, 'The other reports of the run tell the same.');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#process;
  }
}
