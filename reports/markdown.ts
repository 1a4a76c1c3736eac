import { visible } from '../helpers/masking/visible.ts';

/** What means something in Markdown (GitHub's, too); of `_` only at the edge of a word, and of some only at the beginning. */
const MARKUP = /[\\|<>`*[\]~&$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|^[#+=-]|(?<=^\d+)[.)](?=\s)/gu;

/** Text of others as Markdown that shows it letter by letter, on its line and in its cell: no image, link, code, formula or HTML. */
export function shown(text: string): string {
  const lines = visible(text)
    .split('\n')
    .map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .join('; ')
    .replace(MARKUP, '\\$&');
}

/** The cells are Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
