/**
 * What login shells other than POSIX's do not leave alone between single quotes: csh a line's end and `!`, fish a backslash (tcsh(1), Lexical
 * structure; fish's documentation, Quotes).
 */
const TOUCHED = /[\n\\!]/;
const PLAIN = /^[\w./:=@%+,-]$/;

/** The same command line in a form that whatever login shell the host's user has hands on to its `sh`; as it is where it needs none. */
export function forLoginShell(line: string): string {
  return TOUCHED.test(line) ? `sh -c 'eval "exec $(printf %b "${octal(line)}")"'` : line;
}

/** As printf's `%b` reads it: a word of letters, digits and `\0ooo`, a byte each (POSIX, printf). */
function octal(text: string): string {
  const plain = (byte: number) => byte < 0x80 && PLAIN.test(String.fromCharCode(byte));
  return [...Buffer.from(text)]
    .map((byte) => (plain(byte) ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`))
    .join('');
}
