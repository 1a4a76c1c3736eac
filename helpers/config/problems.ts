import { CannotRun } from '../failure.ts';

/** Collects everything that is wrong with the settings, so that a person mends it in one go. */
export class Problems {
  readonly #found = new Map<string, string>();

  /** `where` is the setting's name as a person writes it. */
  add(where: string, what: string): void {
    this.#found.set(where, what);
  }

  get count(): number {
    return this.#found.size;
  }

  /** Throws one CannotRun that names all problems, if there is any. */
  throwIfAny(advice: string): void {
    if (this.count > 0) {
      const what = this.count === 1 ? 'one setting is not right' : `${this.count} settings are not right`;
      const mending = this.count === 1 ? advice.replace(/^Mend them/, 'Mend it') : advice;
      throw new CannotRun(what, Object.fromEntries(this.#found), mending);
    }
  }
}
