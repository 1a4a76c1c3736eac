const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [...'"\\[]{}'].map((c) => c.charCodeAt(0));
/** 1 for each byte that has a meaning outside of strings. */
const MEANS = Uint8Array.from({ length: 256 }, (_, byte) => ('",[]{}'.includes(String.fromCharCode(byte)) ? 1 : 0));
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
    let at = 0;
    for (;;) {
      at = this.#inString ? this.#endOfString(chunk, at) : nextOfMeaning(chunk, at);
      const byte = chunk[at];
      if (byte === undefined) {
        break;
      }
      at += 1;
      if (byte === QUOTE) {
        this.#inString = !this.#inString;
      } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        this.#level += 1;
        if (this.#level === MEMBER_LEVEL) {
          start = this.#enter(chunk, start, at);
        }
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        this.#level -= 1;
        if (this.#within && this.#level < MEMBER_LEVEL) {
          this.#member(chunk.subarray(start, at - 1));
          start = at - 1;
          this.#within = false;
        }
      } else if (this.#within && this.#level === MEMBER_LEVEL) {
        this.#member(chunk.subarray(start, at - 1));
        start = at;
      }
    }
    this.#pending.push(chunk.subarray(start));
  }

  /** The document without those members. */
  end(): string {
    this.#rest += this.#taken();
    return this.#rest;
  }

  /** Where the quote is that ends the string, or the chunk's end. */
  #endOfString(chunk: Buffer, from: number): number {
    let at = this.#escaped ? from + 1 : from;
    this.#escaped = at > chunk.length;
    for (; at < chunk.length && chunk[at] !== QUOTE; at += 1) {
      if (chunk[at] === BACKSLASH) {
        at += 1;
        this.#escaped = at === chunk.length;
      }
    }
    return at;
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

/** Outside of strings. */
function nextOfMeaning(chunk: Buffer, from: number): number {
  let at = from;
  while (at < chunk.length && MEANS[chunk[at] ?? 0] === 0) {
    at += 1;
  }
  return at;
}
