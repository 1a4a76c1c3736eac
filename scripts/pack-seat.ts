import { createWriteStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { commitOf, filesOfPackage, NODE_BINARY, packagesOf, sourcesOf } from './seat/parts.ts';

const HELP = `Makes one file of the suite, with Node and all that it needs, for an operator's seat that has neither npm nor a network.

  npm run pack:seat                  writes acceptance-seat-VERSION.tar.gz here
  npm run pack:seat -- --out FILE    writes it there

There, without being root:  tar xf acceptance-seat-VERSION.tar.gz && acceptance-seat/acceptance plan --target live
`;
const ROOT = join(import.meta.dirname, '..');
const FOLDER = 'acceptance-seat';
const BEST = 9;
/** All files alike, so that two packs of one commit are the same. */
const AT = new Date('2020-01-01T00:00:00Z');
const [READ, EXECUTE] = [0o644, 0o755];
/** A person's own folder stays known: paths that they type count from there. */
const COMMAND = `#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
INIT_CWD=$PWD
export INIT_CWD
cd -- "$here" && exec ./${NODE_BINARY} --max-semi-space-size=4 --import ./bin/require-node.mjs bin/acceptance.ts "$@"
`;

const { values } = parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } } });
process.stdout.write(values.help ? HELP : await packed(values.out));

async function packed(out: string | undefined): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
  const file = resolve(process.env['INIT_CWD'] ?? '.', out ?? `${FOLDER}-${version}.tar.gz`);
  if (!existsSync(join(ROOT, NODE_BINARY))) {
    return `Node for Linux on x86-64 is not here\n  file: ${NODE_BINARY}\n  → Pack it on Linux on x86-64, after npm ci.\n`;
  }
  const sources = sourcesOf(ROOT);
  const libraries = packagesOf(ROOT).flatMap((folder) => filesOfPackage(ROOT, folder));
  const tar = pack();
  const written = pipeline(tar, createGzip({ level: BEST }), createWriteStream(file));
  const add = (name: string, bytes: Buffer | string, mode = READ) =>
    tar.entry({ name: `${FOLDER}/${name}`, mode, mtime: AT }, bytes);
  add('acceptance', COMMAND, EXECUTE);
  add('seat.json', `${JSON.stringify({ version, commit: commitOf(ROOT), command: './acceptance' })}\n`);
  add(NODE_BINARY, readFileSync(join(ROOT, NODE_BINARY)), EXECUTE);
  for (const path of [...sources, ...libraries]) {
    add(path, readFileSync(join(ROOT, path)));
  }
  tar.finalize();
  await written;
  const mib = (statSync(file).size / 1024 ** 2).toFixed(0);
  return `${file}: ${mib} MiB, ${sources.length} files of the suite, ${libraries.length} of its libraries, and Node.\n`;
}
