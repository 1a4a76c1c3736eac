import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLES = join(ROOT, 'docs', 'driver-ci');
const files = readdirSync(EXAMPLES);
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** All texts in a YAML document. */
function texts(node: unknown): string[] {
  if (typeof node === 'string') {
    return [node];
  }
  return node !== null && typeof node === 'object' ? Object.values(node).flatMap(texts) : [];
}

const all = files.flatMap((file) => texts(parse(read(`docs/driver-ci/${file}`))));
/** Command lines of this suite, which may stand one after another in a line. */
const commands = all.flatMap((text) => [
  ...text.matchAll(/\b(?:npm run ([\w:]+)(?: --(?= ))?|node (scripts\/\S+))((?: (?!&&)\S+)*)/g),
]);
const helpOf = (...argv: string[]) => {
  const node = ['--import', './bin/require-node.mjs', ...argv, '--help'];
  return spawnSync(process.execPath, node, { cwd: ROOT, encoding: 'utf8' }).stdout;
};

test('there are examples for GitHub and for Zuul, each with its table', () => {
  expect(commands.filter(([text]) => text.includes(' compare ')).length).toBe(2);
  expect(commands.length).toBe(6);
});

test.for(commands.map(([text, script, file, rest]) => ({ text, script, file, words: (rest ?? '').trim().split(' ') })))(
  '$text: its options are known',
  ({ script, file, words }) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const program = file ?? / (\S+\.ts)/.exec(scripts[script ?? ''] ?? '')?.[1] ?? 'no such script';
    expect(existsSync(join(ROOT, program))).toBe(true);
    const options = words.filter((word) => word.startsWith('--'));
    const subcommand = words[0]?.startsWith('-') === false ? [words[0]] : [];
    const help = helpOf(program, ...subcommand);
    expect(options.filter((option) => !new RegExp(`^ *${option}[ ,]|-- ${option}\\b`, 'm').test(help))).toEqual([]);
  },
);

test('files and folders that they name are there', () => {
  const named = all.flatMap((text) => [
    ...[...text.matchAll(/(?<=--waivers )\S+/g)].map(([path]) => path),
    ...[...text.matchAll(/(?<=')suite\/([^'*]+?)(?:\/\*+)?(?=')/g)].map(([, path]) => path ?? ''),
  ]);
  expect(named).toContain('waivers/ci.yaml');
  expect(named).toContain('fixtures/containers');
  // Made by a run.
  const made = /^reports\/runs|^comment\.md$/;
  expect(named.filter((path) => !made.test(path) && !existsSync(join(ROOT, path)))).toEqual([]);
});

test('the table that they show is the one that compare writes', () => {
  const shown = all.flatMap((text) => [...text.matchAll(/[\w-]+\.md/g)].map(([name]) => name));
  expect(new Set(shown)).toEqual(new Set(['drivers.md', 'comment.md']));
  expect(read('bin/commands/compare-drivers.ts')).toContain("'drivers.md'");
});

test('the job has its playbooks, and the page names every example', () => {
  const [{ job }] = parse(read('docs/driver-ci/zuul.yaml')) as [{ job: { run: string; 'post-run': string } }];
  expect(files).toEqual(expect.arrayContaining([basename(job.run), basename(job['post-run'])]));
  const page = read('docs/driver-ci.md');
  const linked = [...page.matchAll(/\]\(driver-ci\/([^)]+)\)/g)].map(([, name]) => name);
  expect(new Set(linked)).toEqual(new Set(files));
  expect(read('README.md')).toContain('docs/driver-ci.md');
});
