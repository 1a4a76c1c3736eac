import { once } from 'node:events';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What the supervisor tells: variables for the workers, and the folders that hold what was selected. */
interface Order {
  readonly environment: Readonly<Record<string, string>>;
  readonly folders: readonly string[];
}

// What it and its workers write is the run's, and for nobody else to read.
process.umask(0o077);
// The test runner, held by a pipe: when the supervisor dies without a word, the pipe closes, and nobody may go on making things
// that nobody would remove.
process.stdin.once('close', () => process.kill(-process.pid, 'SIGKILL'));

enableCompileCache(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'acceptance-compiled'));
// The first line tells what to run; meanwhile the runner is loaded.
const [[order]] = (await Promise.all([once(createInterface({ input: process.stdin }), 'line'), import('vitest/node')])) as [
  [string],
  unknown,
];
process.stdin.unref();
const { environment, folders } = JSON.parse(order) as Order;
Object.assign(process.env, environment);

const vitest = fileURLToPath(new URL('./vitest.mjs', import.meta.resolve('vitest/package.json')));
process.argv.splice(1, process.argv.length - 1, vitest, 'run', '--project', 'scenarios', ...folders);
await import(pathToFileURL(vitest).href);
