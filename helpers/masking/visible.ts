/**
 * What steers a terminal or turns text around: control characters but for line breaks and tabs, and those that change the direction of
 * writing (Unicode 15, UAX #9).
 */
const STEERING = '[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]|\\r(?!\\n)';
const STEERS = new RegExp(STEERING, 'g');
/** What this suite itself writes to a terminal: colours, the lines that it draws again, and Node's own prompt. */
const OWN_STEERS = new RegExp(`\\x1b\\[(?:[\\d;]*m|\\d*[AFG]|0?[JK]|\\?25[hl])|${STEERING}`, 'g');

/** Text of others as it may be shown: what would steer a terminal stands there in letters, such as `\x1b` and `\u202e`. */
export function visible(text: string): string {
  let shown = '';
  let done = 0;
  STEERS.lastIndex = 0;
  while (STEERS.test(text)) {
    const at = STEERS.lastIndex - 1;
    shown += text.slice(done, at) + inLetters(text[at] ?? '');
    done = at + 1;
  }
  return done === 0 ? text : shown + text.slice(done);
}

/** The same for what must stay on its line, such as a name. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\r\n\t]/g, inLetters);
}

/** The same for all that goes to a terminal: only what this suite draws with passes. */
export function visibleDrawing(text: string): string {
  return text.replace(OWN_STEERS, (found) => (found.length > 1 ? found : inLetters(found)));
}

/** As they come to be met: a text may be nothing else. */
const LETTERS = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function inLetters(character: string): string {
  const known = LETTERS.get(character);
  if (known !== undefined) {
    return known;
  }
  const code = character.charCodeAt(0).toString(16);
  const letters = code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
  LETTERS.set(character, letters);
  return letters;
}
