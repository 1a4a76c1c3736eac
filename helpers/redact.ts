import { formsOf, MIN_SECRET, patternOf } from './masking/secret-forms.ts';
import { MASK, maskPatterns, namesSecret } from './masking/secret-patterns.ts';
import { visible } from './masking/visible.ts';

/** No secret is longer. */
const SLACK = 4096;

/** Tells which texts programs read, by their field and how deep it lies: 1 is a field of the value itself. */
export type Kept = (field: string, text: string, depth: number) => boolean;

/** Replaces secrets by a mask before text may leave the process. Keeps what it was told for the whole run. */
export class Redactor {
  readonly #forms = new Set<string>();
  #pattern: RegExp | undefined;

  constructor(secrets: Iterable<string> = []) {
    for (const secret of secrets) {
      this.learn(secret);
    }
  }

  /** Adds a secret, in all the forms in which it may be said. Values shorter than 4 characters are ignored. */
  learn(secret: string): void {
    if (secret.length < MIN_SECRET || this.#forms.has(secret)) {
      return;
    }
    for (const form of formsOf(secret)) {
      this.#forms.add(form);
    }
    this.#pattern = undefined;
  }

  /** Takes time in proportion to the text. For what programs read, use `maskValues` or `maskJson`: a secret may be any word. */
  mask(text: string): string {
    this.#pattern ??= patternOf(this.#forms);
    return maskPatterns(this.#pattern === undefined ? text : text.replace(this.#pattern, MASK));
  }

  /** Text as a person or a report may have it: masked, and with what would steer a terminal in letters. */
  clean(text: string): string {
    return visible(this.mask(text));
  }

  /** The beginning of a long text, masked: at most `length` characters, fewer where the mask is shorter than what it hides. */
  maskStart(text: string, length: number): string {
    const looked = length + 2 * SLACK;
    if (text.length <= looked) {
      return this.mask(text).slice(0, length);
    }
    const masked = this.mask(text.slice(0, looked));
    // The end of what was looked at may be the beginning of a secret.
    return masked.slice(0, Math.max(0, Math.min(length, masked.length - SLACK)));
  }

  /**
   * The same value, with every text in it cleaned and what stands in fields of secrets masked. Names of fields, numbers, and the texts that
   * programs read stay what they are, whatever a secret may be.
   */
  maskValues<T>(value: T, kept: Kept = () => false): T {
    return this.#values(value, kept, '', 0) as T;
  }

  /** The same for a text that is JSON; any other text is only cleaned. `indent` as JSON.stringify has it. */
  maskJson(text: string, kept?: Kept, indent = 0): string {
    try {
      return JSON.stringify(this.maskValues(JSON.parse(text) as unknown, kept), undefined, indent);
    } catch {
      return this.clean(text);
    }
  }

  #values(value: unknown, kept: Kept, field: string, depth: number): unknown {
    if (typeof value === 'string') {
      return kept(field, value, depth) ? visible(value) : namesSecret(field) ? MASK : this.clean(value);
    }
    if (Array.isArray(value)) {
      return value.map((item) => this.#values(item, kept, field, depth));
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    if ('toJSON' in value && typeof value.toJSON === 'function') {
      return this.#values(value.toJSON(), kept, field, depth);
    }
    const fields = Object.entries(value).map(([key, inner]) => [visible(key), this.#values(inner, kept, key, depth + 1)]);
    return Object.fromEntries(fields);
  }
}
