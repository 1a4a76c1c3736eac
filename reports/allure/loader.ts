import { once } from 'node:events';
import { createRequire, enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

// A process that loads Allure, which takes longer than making a report, and then waits to be told in which folder to make one.
// Ctrl-C reaches every process of the terminal, and an interrupted run is reported too.
process.on('SIGINT', () => undefined);
const allure = join(dirname(fileURLToPath(import.meta.resolve('allure'))), '..');
// Compiled code stays inside the installation: a folder that others may write to would let them run theirs.
enableCompileCache(join(allure, '..', '.cache', 'acceptance-compiled'));
const load = (path: string): Promise<unknown> => import(pathToFileURL(path).href);
const [[folder]] = (await Promise.all([
  once(createInterface({ input: process.stdin }), 'line'),
  load(join(allure, 'dist', 'commands', 'index.js')),
  load(createRequire(join(allure, 'cli.js')).resolve('@allurereport/plugin-awesome')),
])) as [[string], unknown, unknown];
process.chdir(folder);
process.argv.splice(1, process.argv.length - 1, join(allure, 'cli.js'), 'generate', '-c', 'allurerc.mjs', 'results');
await load(join(allure, 'cli.js'));
