import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
/** Commands, and orders, by which what a person has not looked at is gone. */
const DESTROYS =
  /\s>\s*[/$]|\brm -|\bmkfs|\bdd (if|of)=|\btruncate\b|\b(volume|snapshot|attachment)-delete\b|\bdelete (it|them|what)\b|\bsed -i/i;
const REMEDY = /\b(remedy|advice)\b[^`'"]*([`'"])(.*?)\2,?$/gm;

function sources(dir: string): string[] {
  return readdirSync(join(root, dir), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name));
}

test('no remedy destroys what nobody has looked at', () => {
  const files = [...sources('scenarios'), ...sources('fixtures/preflight')];
  const remedies = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(REMEDY)].map(([, , , words = '']) => words));

  expect(remedies.length).toBeGreaterThan(100);
  expect(remedies.filter((words) => DESTROYS.test(words))).toEqual([]);
});
