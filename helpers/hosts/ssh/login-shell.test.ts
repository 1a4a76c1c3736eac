import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellLine } from '../../commands/commands.ts';
import { forLoginShell } from './login-shell.ts';

const ASCII = Array.from({ length: 127 }, (_, i) => String.fromCharCode(i + 1)).join('');
const WORDS = [ASCII, String.raw`it's a\b\\c\'d!e`, 'two\nlines\n', '', 'ü€ 😀', '$HOME `id` "q"', '\n'];
const line = shellLine(['printf', '%s|', ...WORDS]);

test('a shell of POSIX runs it as before, with its input and its exit status', () => {
  const run = (command: string) => String(spawnSync('sh', ['-c', command]).stdout);
  expect(run(forLoginShell(line))).toBe(WORDS.map((word) => `${word}|`).join(''));
  const { stdout, status } = spawnSync('sh', ['-c', forLoginShell(shellLine(['sh', '-c', 'cat\nexit 3']))], { input: 'in' });
  expect([String(stdout), status]).toEqual(['in', 3]);
});

test('what csh and fish read otherwise is not between its quotes', () => {
  expect(forLoginShell(line)).toMatch(/^sh -c '[^'\n!\\]*"(?:[\w./:=@%+,-]|\\0[0-3][0-7]{2})*"\)"'$/);
});

test('a line that all read alike stays as it can be read', () => {
  const plain = shellLine(['timeout', '-k', '1', '60', 'cat', '/dev/storpool/it is']);
  expect(forLoginShell(plain)).toBe(plain);
});
