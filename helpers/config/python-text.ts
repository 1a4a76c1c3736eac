/** What Python's str.strip() and the `\s` of its patterns take for blank, as the inside of a character class; JavaScript's differ. */
export const PYTHON_SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const BEFORE = new RegExp(`^[${PYTHON_SPACE}]+`);
const BEHIND = new RegExp(`[${PYTHON_SPACE}]+$`);

export const stripLeft = (text: string): string => text.replace(BEFORE, '');
export const stripRight = (text: string): string => text.replace(BEHIND, '');
/** As str.strip() does it. */
export const strip = (text: string): string => stripRight(stripLeft(text));

/** Lines as Python's open() tells them: the three kinds of line ends are one. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
