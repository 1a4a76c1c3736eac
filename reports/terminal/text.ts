import { stripVTControlCharacters, styleText } from 'node:util';
import type { Overall, VerdictOutcome } from '../verdict/verdict-schema.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
/** Colours a piece of text, or does not. */
export type Palette = (style: Style, text: string) => string;

export const plain: Palette = (_, text) => text;

/** Colours only where the stream shows them: a terminal, without NO_COLOR. */
export function paletteFor(stream: NodeJS.WriteStream): Palette {
  return (style, text) => styleText(style, text, { stream });
}

export const SYMBOLS: Readonly<Record<VerdictOutcome, string>> = {
  passed: '✔',
  failed: '✖',
  'not-applicable': '–',
  blocked: '⊘',
  'could-not-check': '?',
  waived: '◐',
};

export const OUTCOME_WORDS: Readonly<Record<VerdictOutcome, string>> = {
  passed: 'passed',
  failed: 'failed',
  'not-applicable': 'not applicable',
  blocked: 'blocked',
  'could-not-check': 'could not be checked',
  waived: 'waived',
};

export const OUTCOME_STYLES: Readonly<Record<VerdictOutcome, Style>> = {
  passed: 'green',
  failed: 'red',
  'not-applicable': 'dim',
  blocked: 'yellow',
  'could-not-check': 'yellow',
  waived: 'yellow',
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** `850 ms`, `6.5 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < SECOND) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < MINUTE) {
    return `${(ms / SECOND).toFixed(1)} s`;
  }
  return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / SECOND)} s`;
}

/** `accepted with waivers`, `could not run`. */
export function overallInWords(overall: Overall): string {
  return overall.replaceAll('-', ' ');
}

/** `1 check`, `2 checks`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Breaks each line at blanks so that it fits; its own indentation is kept, longer words are left whole. */
export function wrap(text: string, columns: number, indent = ''): string[] {
  return text.split('\n').flatMap((line) => {
    const own = indent + (/^\s*/.exec(line)?.[0] ?? '');
    const rows: string[] = [];
    for (const word of line.trim().split(/\s+/)) {
      const row = rows.at(-1);
      if (row !== undefined && row.length + 1 + word.length <= columns) {
        rows[rows.length - 1] = `${row} ${word}`;
      } else {
        rows.push(own + word);
      }
    }
    return rows;
  });
}

/** Without colours, and without what draws lines again. */
const widthOf = (text: string) => stripVTControlCharacters(text).length;
/** What is there to be copied stays in one line, however long. */
const COPIED = /^\s*(?:\$|export) /;

/** Breaks the lines that a terminal of that width would break in the middle of words, and indents what follows. */
export function fitted(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => (widthOf(line) <= columns || COPIED.test(line) ? line : hung(line, columns)))
    .join('\n');
}

function hung(line: string, columns: number): string[] {
  const [own = ''] = /^\s*/.exec(line) ?? [];
  const rows: string[] = [];
  for (const word of line.trim().split(' ')) {
    const row = rows.at(-1);
    if (row !== undefined && widthOf(row) + 1 + widthOf(word) <= columns) {
      rows[rows.length - 1] = `${row} ${word}`;
    } else {
      rows.push(`${own}${row === undefined ? '' : '  '}${word}`);
    }
  }
  return rows;
}

/** Cuts text to a width, with `…` where something is missing. */
export function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}

export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
