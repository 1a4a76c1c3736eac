import { NotUnderstood } from './unknown-inventory.ts';

/**
 * Splits as Python's shlex does, which Ansible uses (python/cpython@3.11 Lib/shlex.py, POSIX): at blanks outside of quotes, a backslash before a
 * character outside of single quotes keeps it. With `comments` a # outside of quotes ends the line, also within a word. Throws NotUnderstood
 * when a quote does not end.
 */
export function shellWords(line: string, { comments = false } = {}): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const letter = line.charAt(at);
    const next = line.charAt(at + 1);
    if (letter === '\\' && quote !== "'" && next !== '') {
      // Within double quotes it only keeps these two.
      word = `${word ?? ''}${quote === '"' && !/["\\]/.test(next) ? letter : ''}${next}`;
      at += 1;
    } else if (quote !== '') {
      word = letter === quote ? word : `${word ?? ''}${letter}`;
      quote = letter === quote ? '' : quote;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (comments && letter === '#') {
      break;
    } else if (/[ \t\r\n]/.test(letter)) {
      words.push(...(word === undefined ? [] : [word]));
      word = undefined;
    } else {
      word = `${word ?? ''}${letter}`;
    }
  }
  if (quote !== '') {
    throw new NotUnderstood('a quote does not end');
  }
  return [...words, ...(word === undefined ? [] : [word])];
}
