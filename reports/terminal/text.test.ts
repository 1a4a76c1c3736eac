import { expect, test } from 'vitest';
import { fitted } from './text.ts';

test('lines that are too long are broken at blanks and hang, also coloured ones; short ones and commands stay', () => {
  const text = [
    'short',
    '  a: some words that are far too long',
    '  $ cinder create --display-name a-very-long-name 1',
    '',
    'end',
  ];

  expect(fitted(text.join('\n'), 20).split('\n')).toEqual([
    ...['short', '  a: some words that', '    are far too long', text[2], '', 'end'],
  ]);
  expect(fitted('\u001b[31mred words\u001b[39m and more', 14)).toBe('\u001b[31mred words\u001b[39m and\n  more');
  expect(fitted('\u001b[2F\u001b[J', 2)).toBe('\u001b[2F\u001b[J');
});

test('a word that is longer than a line is left whole', () => {
  expect(fitted('see http://127.0.0.1:5000/v3/volumes now', 12)).toBe('see\n  http://127.0.0.1:5000/v3/volumes\n  now');
});
