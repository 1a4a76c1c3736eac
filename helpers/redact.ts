/** What stands in reports where a secret was. */
export const MASK = '******';

const MIN_SECRET = 4;
/** Values of these fields are secrets wherever they appear in JSON, headers or query strings. */
const FIELDS =
  /("(?:password|adminPass|secret|token|auth_token|X-Auth-Token|X-Subject-Token|Authorization)"\s*:\s*")([^"]*)(")/gi;
const STORPOOL_TOKEN = /(Storpool\s+v1:)[^\s"'\\,;]+/gi;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"\\]+:)([^\s/@"\\]+)(@)/gi;

/** Replaces secrets by a mask before text may leave the process. Keeps what it was told for the whole run. */
export class Redactor {
  readonly #forms = new Set<string>();

  constructor(secrets: Iterable<string> = []) {
    for (const secret of secrets) {
      this.learn(secret);
    }
  }

  /** Adds a secret, in plain, base64 and URL-encoded form. Values shorter than 4 characters are ignored. */
  learn(secret: string): void {
    if (secret.length < MIN_SECRET) {
      return;
    }
    this.#forms.add(secret);
    this.#forms.add(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    this.#forms.add(encodeURIComponent(secret));
    this.#forms.add(JSON.stringify(secret).slice(1, -1));
  }

  mask(text: string): string {
    let masked = text;
    for (const form of this.#forms) {
      masked = masked.replaceAll(form, MASK);
    }
    return masked.replace(FIELDS, `$1${MASK}$3`).replace(STORPOOL_TOKEN, `$1${MASK}`).replace(URL_PASSWORD, `$1${MASK}$3`);
  }
}
