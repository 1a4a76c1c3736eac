/** What stands in reports where a secret was. */
export const MASK = '******';

const MIN_SECRET = 4;
/** `secret_uuid` and `secret_type` name a secret of libvirt's, and are none. */
const NAMES = '[\\w-]*(?:password|passphrase|adminPass|admin_pass|secret|keyring|token)|Authorization';
/** Values of these fields are secrets wherever they appear in JSON, also in JSON that is a string of other JSON, however deep. */
const FIELDS = new RegExp(`(?<!\\\\)(\\\\*")(${NAMES})\\1(\\s*:\\s*)\\1([\\s\\S]*?)(?<!\\\\)\\1`, 'gi');
/** The same as Python prints them, and as headers and query strings have them. */
const PYTHON = new RegExp(`(['"](?:${NAMES})['"]\\s*:\\s*u?')([^']*)(')`, 'gi');
const HEADERS = /(\bX-(?:Auth|Subject|Service)-Token\s*[:=]\s*)([^\s"'\\,;&]+)/gi;
const STORPOOL_TOKEN = /(Storpool\s+v1:)[^\s"'\\,;]+/gi;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"\\]+:)([^\s/@"\\]+)(@)/gi;
/** Tokens that nobody was told of: Keystone's Fernet tokens and signed ones (JWS). */
const TOKENS = /\bgAAAA[\w-]{40,}={0,2}|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g;
/** The same in base64, at whichever of its three places they begin. Clients have tokens that nobody else was told of. */
const ENCODED_TOKENS = /(?:Z0FBQU|dBQUFB|nQUFB|ZXlK)[\w+/-]{50,}={0,2}/g;
/** Characters of base64 at a place where the bytes before and after the secret no longer matter. */
const BASE64_GROUP = 4;
const BASE64_BYTES = 3;

/** Replaces secrets by a mask before text may leave the process. Keeps what it was told for the whole run. */
export class Redactor {
  readonly #forms = new Set<string>();
  #pattern: RegExp | undefined;

  constructor(secrets: Iterable<string> = []) {
    for (const secret of secrets) {
      this.learn(secret);
    }
  }

  /** Adds a secret, in plain, base64, URL-encoded, HTML, JSON and Python form. Values shorter than 4 characters are ignored. */
  learn(secret: string): void {
    if (secret.length < MIN_SECRET) {
      return;
    }
    for (const form of formsOf(secret)) {
      this.#forms.add(form);
    }
    this.#pattern = undefined;
  }

  mask(text: string): string {
    this.#pattern ??= patternOf(this.#forms);
    const known = this.#pattern === undefined ? text : text.replace(this.#pattern, MASK);
    return known
      .replace(FIELDS, `$1$2$1$3$1${MASK}$1`)
      .replace(PYTHON, `$1${MASK}$3`)
      .replace(HEADERS, `$1${MASK}`)
      .replace(STORPOOL_TOKEN, `$1${MASK}`)
      .replace(URL_PASSWORD, `$1${MASK}$3`)
      .replace(TOKENS, MASK)
      .replace(ENCODED_TOKENS, MASK);
  }
}

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret);
  const spoken = [secret, ...inPython(secret), ...inHtml(secret)].flatMap((text) => [text, inAscii(inJson(text))]);
  const forms = [
    // What a service says stands in its JSON, and this again in a line of evidence.
    ...spoken.flatMap((text) => [text, inJson(text), inJson(inJson(text))]),
    encoded,
    encoded.toLowerCase(),
    new URLSearchParams([['', secret]]).toString().slice(1),
    ...base64Forms(secret),
  ];
  return [...new Set(forms)].filter((form) => form.length >= MIN_SECRET);
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

/** As Python writes JSON. */
const inAscii = (text: string) =>
  text.replaceAll(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** As Python prints a text within something else, by which quote it chooses. */
function inPython(secret: string): string[] {
  const doubled = secret.replaceAll('\\', '\\\\');
  return [doubled, doubled.replaceAll("'", "\\'")];
}

/** As error pages have it. */
function inHtml(secret: string): string[] {
  const tags = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quotes = tags.replaceAll('"', '&quot;');
  return [tags, quotes, quotes.replaceAll("'", '&#x27;'), quotes.replaceAll("'", '&#39;')];
}

/** However the secret lies within what was encoded, as in `user:password` of HTTP's basic authentication; and the safe alphabet of URLs. */
function base64Forms(secret: string): string[] {
  const whole = Buffer.from(secret);
  const shifted = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), whole]).toString('base64');
    const from = before === 0 ? 0 : BASE64_GROUP;
    const groups = Math.floor((before + whole.length) / BASE64_BYTES);
    return text.slice(from, groups * BASE64_GROUP);
  });
  const forms = [whole.toString('base64').replace(/=+$/, ''), ...shifted.filter((form) => form.length >= 2 * BASE64_GROUP)];
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

/** The longest forms first, so that none is masked only in part. */
function patternOf(forms: ReadonlySet<string>): RegExp | undefined {
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  return longestFirst.length === 0 ? undefined : new RegExp(longestFirst.map(literally).join('|'), 'g');
}

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
