import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const MOST_FILES = 16;
const MOST_LINES = 300;
const HANGS_MS = 180_000;
/** Sent to a host whole, in one piece. */
const ONE_PIECE = 'helpers/hosts/probe/probe.sh';

/** Files that are code and not tests of it, as paths from the root. */
const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((path) => /^(bin|fixtures|helpers|reports|scenarios|scripts)\/.*\.(ts|mjs|py|sh)$/.test(path));
const written = sources.filter((path) => !/\.(test|attacks|bench|clients|containers|outages)\.ts$/.test(path));

/** The folders that the map of CONTRIBUTING has a line for: names end in `/`, and those further in lie in the one above them. */
function mappedFolders(): Set<string> {
  const contributing = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const map = /## The house\n+```\n([\s\S]*?)\n```/.exec(contributing)?.[1] ?? '';
  const above: string[] = [];
  const folders = new Set<string>();
  for (const line of map.split('\n')) {
    const depth = (/^ */.exec(line)?.[0].length ?? 0) / 2;
    const names = /^((?:[\w.-]+\/ ?)+)/.exec(line.trim())?.[1]?.trim().split(' ') ?? [];
    above.length = depth;
    for (const name of names) {
      folders.add([...above, name.slice(0, -1)].join('/'));
    }
    above[depth] = names.at(-1)?.slice(0, -1) ?? '';
  }
  return folders;
}

describe('the house', () => {
  test('has a line in the map for each folder, and a folder for each line', () => {
    const folders = new Set(sources.map((path) => dirname(path)));
    const mapped = mappedFolders();
    expect([...folders].filter((folder) => !mapped.has(folder))).toEqual([]);
    const known = (folder: string) => [...folders].some((one) => one === folder || one.startsWith(`${folder}/`));
    expect([...mapped].filter((folder) => !known(folder))).toEqual([]);
  });

  test('has no folder in which one has to search', () => {
    const crowded = Map.groupBy(written, (path) => dirname(path));
    expect([...crowded].filter(([, files]) => files.length > MOST_FILES).map(([folder]) => folder)).toEqual([]);
  });

  test('has no file that is too long to read', () => {
    const long = sources.filter(
      (path) => path !== ONE_PIECE && readFileSync(join(ROOT, path), 'utf8').split('\n').length > MOST_LINES + 1,
    );
    expect(long).toEqual([]);
  });

  test('has no test with a limit that a busy machine could reach: what hangs ends by the one of vitest.config.ts', () => {
    const tight = sources
      .filter((path) => /\.(test|attacks)\.ts$/.test(path))
      .flatMap(
        (path) =>
          readFileSync(join(ROOT, path), 'utf8')
            .match(/\btimeout: \d[\d_]*/g)
            ?.map((said) => `${path}: ${said}`) ?? [],
      );
    expect(tight.filter((said) => Number(said.replace(/.* /, '').replaceAll('_', '')) < HANGS_MS)).toEqual([]);
  });
});
