import { LineCounter, parseDocument, type YAMLError } from 'yaml';

/** Kinds of errors whose words in the library (yaml 2.9, dist/compose) tell of the form alone, and quote nothing of the file. */
const OF_FORM = new Set([
  'MISSING_CHAR',
  'BAD_INDENT',
  'BLOCK_AS_IMPLICIT_KEY',
  'MULTILINE_IMPLICIT_KEY',
  'DUPLICATE_KEY',
  'TAB_AS_INDENT',
]);

/**
 * Reads YAML. What is wrong is told by its place, without a word of the file, where passwords stand; the library itself says nothing. Throws
 * Error in one line. `failsafe` leaves all scalars texts.
 */
export function readYaml(text: string, schema: 'core' | 'failsafe' = 'core'): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { schema, lineCounter, prettyErrors: false, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new Error(inWords(error, lineCounter));
  }
  try {
    return document.toJS() as unknown;
  } catch {
    throw new Error('it is not YAML that can be read: an alias names no anchor, or too many are used');
  }
}

/** What is wrong, without a word of the file. */
export function inWords({ code, message, pos: [start] }: YAMLError, lines: LineCounter): string {
  const { line, col } = lines.linePos(start);
  const what = OF_FORM.has(code) ? message : code.toLowerCase().replaceAll('_', ' ');
  return `${what} (line ${line}, column ${col})`;
}
