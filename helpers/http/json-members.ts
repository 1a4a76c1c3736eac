const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [...'"\\,[]{}'].map((c) => c.charCodeAt(0));
/** Levels of a member of the list or object that is the value of a document's field. */
const MEMBER_LEVEL = 2;
/** Characters from a field's name to its value. */
const LONGEST_FIELD = 64;

/**
 * Reads a JSON document piece by piece and hands over the members of one of its fields, a list or an object, as texts: `{…}` of a list,
 * `"key": {…}` of an object. A reply of any length so takes no more memory than one of its rows. Does not judge whether it is JSON.
 */
export class JsonMembers {
  readonly #field: RegExp;
  readonly #see: (member: string) => void;
  #rest = '';
  #pending: Buffer[] = [];
  #level = 0;
  #inString = false;
  #escaped = false;
  #within = false;

  constructor(field: string, see: (member: string) => void) {
    this.#field = new RegExp(`"${field}"\\s*:\\s*[[{]$`);
    this.#see = see;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.#inString) {
        this.#inString = this.#escaped || byte !== QUOTE;
        this.#escaped = byte === BACKSLASH && !this.#escaped;
      } else if (byte === QUOTE) {
        this.#inString = true;
      } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        this.#level += 1;
        if (this.#level === MEMBER_LEVEL) {
          start = this.#enter(chunk, start, at + 1);
        }
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        this.#level -= 1;
        if (this.#within && this.#level < MEMBER_LEVEL) {
          this.#member(chunk.subarray(start, at));
          this.#within = false;
          start = at;
        }
      } else if (byte === COMMA && this.#within && this.#level === MEMBER_LEVEL) {
        this.#member(chunk.subarray(start, at));
        start = at + 1;
      }
    }
    this.#pending.push(chunk.subarray(start));
  }

  /** The document without those members. */
  end(): string {
    this.#rest += this.#taken();
    return this.#rest;
  }

  /** Returns where the members begin, or where what was not handed over yet begins when this is not the field. */
  #enter(chunk: Buffer, start: number, at: number): number {
    this.#pending.push(chunk.subarray(start, at));
    const before = this.#taken();
    this.#rest += before;
    this.#within = this.#field.test(before.slice(-LONGEST_FIELD));
    return at;
  }

  #member(end: Buffer): void {
    this.#pending.push(end);
    const text = this.#taken().trim();
    if (text !== '') {
      this.#see(text);
    }
  }

  #taken(): string {
    const [only] = this.#pending;
    const text = (this.#pending.length === 1 && only !== undefined ? only : Buffer.concat(this.#pending)).toString('utf8');
    this.#pending = [];
    return text;
  }
}
