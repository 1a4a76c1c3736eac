import { once } from 'node:events';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// The test runner, held by a pipe: when the supervisor dies without a word, the pipe closes, and nobody may go on making things
// that nobody would remove.
process.stdin.once('close', () => process.kill(-process.pid, 'SIGKILL'));

const modules = join(import.meta.dirname, '..', '..', 'node_modules');
enableCompileCache(join(modules, '.cache', 'acceptance-compiled'));
// The first line tells what to run; meanwhile the runner is loaded.
const [[order]] = (await Promise.all([
  once(createInterface({ input: process.stdin }), 'line'),
  import(pathToFileURL(join(modules, 'vitest', 'dist', 'node.js')).href),
])) as [[string], unknown];
process.stdin.unref();
Object.assign(process.env, JSON.parse(order) as Record<string, string>);

const vitest = join(modules, 'vitest', 'vitest.mjs');
process.argv.splice(1, process.argv.length - 1, vitest, 'run', '--project', 'scenarios');
await import(pathToFileURL(vitest).href);
