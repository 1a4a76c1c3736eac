import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The test runner, held by a pipe: when the supervisor dies without a word, the pipe closes, and nobody may go on making things
// that nobody would remove.
process.stdin.resume();
process.stdin.once('close', () => process.kill(-process.pid, 'SIGKILL'));
process.stdin.unref();

const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
process.argv.splice(1, process.argv.length - 1, vitest, 'run', '--project', 'scenarios', ...process.argv.slice(2));
await import(pathToFileURL(vitest).href);
