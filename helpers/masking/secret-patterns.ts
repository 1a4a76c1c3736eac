/** What stands in reports where a secret was. */
export const MASK = '******';

/**
 * Masks what by its place or form is a secret that nobody was told of. Takes time in proportion to the text, whatever stands in it: no
 * pattern here may look at the same characters again and again, which rules out a repeated part before the first fixed word.
 */
export function maskPatterns(text: string): string {
  const fields = WORDS.test(text) ? maskAssigned(maskFields(text)) : text;
  return maskSigned(fields)
    .replace(STORPOOL_TOKEN, `$1${MASK}`)
    .replace(URL_PASSWORD, `$1${MASK}@`)
    .replace(FERNET, MASK)
    .replace(ENCODED_TOKENS, MASK);
}

/** True for a field whose value is a secret. `secret_uuid` and `secret_type` name a secret of libvirt's, and are none. */
export function namesSecret(field: string): boolean {
  return SECRET_NAME.test(field);
}

const NAMES = 'password|passphrase|passwd|_pass|admin_?pass|secret|keyring|token|authorization';
const SECRET_NAME = new RegExp(`(?:${NAMES})$`, 'i');
/** The same, spelled so that V8 finds it twice as fast. */
const WORDS = /[pskta_](?:ass(?:word|phrase|wd)|dmin_?pass|ecret|eyring|oken|uthorization|pass)/i;
/** The end of a field's name and the beginning of its value, as JSON, Python, YAML and Node write them, also JSON that is a string of other JSON. */
const FIELD = new RegExp(`(?:${NAMES})(?:\\\\*["'])?\\s*:\\s*[ub]?\\\\*["']`, 'gi');
/** As shells, query strings and configuration files have it. */
const ASSIGNED =
  /((?:password|passphrase|passwd|_pass|admin_?pass|secret|token)[ \t]*=[ \t]*)(?!=)("[^"\n]*"?|'[^'\n]*'?|[^\s"'\\,;&]+)/gi;
/** As the clients of OpenStack print what they were told of a thing: a row for each field. `openstack server create` has its `adminPass`. */
const ROW = new RegExp(`(\\|[ \\t]*[\\w.-]*(?:${NAMES})[ \\t]*\\|[ \\t]*)[^|\\n"\\\\]+`, 'gi');
const HEADERS = /(\bX-(?:Auth|Subject|Service)-Token\s*[:=]\s*)([^\s"'\\,;&]+)/gi;
const AUTHORIZATION = /(\bAuthorization\s*:\s*(?:(?:Basic|Bearer|Digest|Negotiate)\s+)?)(?!Storpool)([^\s"'\\,;&]+)/gi;
const STORPOOL_TOKEN = /(Storpool\s+v1:)[^\s"'\\,;]+/gi;
/** Up to the last `@` before the host's name ends: a password may hold one. */
const URL_PASSWORD = /([a-z0-9+.-]:\/\/[^\s:/@"\\]*:)[^\s/"\\]+@/gi;
/** Tokens that nobody was told of: Keystone's Fernet tokens. */
const FERNET = /\bgAAAA[\w-]{40,}={0,2}/g;
/** The same in base64, at whichever of its three places they begin. Clients have tokens that nobody else was told of. */
const ENCODED_TOKENS = /(?:Z0FBQU|dBQUFB|nQUFB|ZXlK)[\w+/-]{50,}={0,2}/g;
/** Signed tokens (JWS), where they begin. */
const SIGNED = /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/y;
const RUN = /[\w-]*/y;

function maskAssigned(text: string): string {
  const rows = text.includes('|') ? text.replace(ROW, `$1${MASK} `) : text;
  return rows.replace(ASSIGNED, `$1${MASK}`).replace(HEADERS, `$1${MASK}`).replace(AUTHORIZATION, `$1${MASK}`);
}

/** A value that does not end was cut off: then it is masked as far as its line goes. */
function maskFields(text: string): string {
  let masked = '';
  let done = 0;
  let line = -1;
  FIELD.lastIndex = 0;
  while (FIELD.test(text)) {
    const from = FIELD.lastIndex;
    line = line < from ? endOf('\n', text, from) : line;
    masked += text.slice(done, from) + MASK;
    done = text[from - 1] === "'" ? endOfPython(text, from, line) : endOfJson(text, from, line);
    FIELD.lastIndex = done;
  }
  return done === 0 ? text : masked + text.slice(done);
}

function endOf(what: string, text: string, from: number): number {
  const at = text.indexOf(what, from);
  return at === -1 ? text.length : at;
}

/** How many strings deep in JSON a quote stands, by the backslashes before it: each string doubles those within and adds one. */
function depthOf(slashes: number): number {
  return 31 - Math.clz32((slashes + 1) & -(slashes + 1));
}

/** Where the JSON string that begins there ends: at a quote as deep as its own, at one that ends a string around it, or with its line. */
function endOfJson(text: string, from: number, line: number): number {
  const depth = depthOf(slashesBefore(text, from - 1, 0));
  for (let at = endOf('"', text, from); at < line; at = endOf('"', text, at + 1)) {
    const itsDepth = depthOf(slashesBefore(text, at, from));
    if (itsDepth <= depth) {
      return at - ((1 << itsDepth) - 1);
    }
  }
  return line;
}

/** Where what Python prints in single quotes ends. A quote after a backslash belongs to it, however many strings deep that is. */
function endOfPython(text: string, from: number, line: number): number {
  let at = endOf("'", text, from);
  while (at < line && at > from && text[at - 1] === '\\') {
    at = endOf("'", text, at + 1);
  }
  return Math.min(at, line);
}

function slashesBefore(text: string, at: number, from: number): number {
  let first = at;
  while (first > from && text[first - 1] === '\\') {
    first -= 1;
  }
  return at - first;
}

/** Where no token begins at one place in a run of letters, none begins later in that run: it would go on in the same way. */
function maskSigned(text: string): string {
  let masked = '';
  let done = 0;
  for (let at = text.indexOf('eyJ'); at !== -1; ) {
    SIGNED.lastIndex = at;
    const isSigned = SIGNED.test(text);
    if (isSigned) {
      masked += text.slice(done, at) + MASK;
      done = SIGNED.lastIndex;
    }
    at = text.indexOf('eyJ', isSigned ? done : nextStart(text, at));
  }
  return done === 0 ? text : masked + text.slice(done);
}

function nextStart(text: string, at: number): number {
  if (/\w/.test(text[at - 1] ?? '')) {
    return at + 1;
  }
  RUN.lastIndex = at;
  RUN.test(text);
  return RUN.lastIndex;
}
