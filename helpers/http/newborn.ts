/** For so long a service may not see what it has just made: a read may be answered by another node of its database. */
const UNSEEN_MS = 5000;

/** What was made a moment ago, by id. */
export class Newborn {
  readonly #bornAt = new Map<string, number>();
  readonly #gone = new Set<string>();

  add(id: string): void {
    this.#bornAt.set(id, performance.now());
  }

  /** Another service tells of it. What is heard of for the first time may be as young as that: Nova's servers have volumes that Nova made. */
  hear(id: string): void {
    if (!this.#bornAt.has(id) && !this.#gone.has(id)) {
      this.add(id);
    }
  }

  /** It was asked to go: from now on it is not there when a service says so. */
  forget(id: string): void {
    this.#bornAt.delete(id);
    this.#gone.add(id);
  }

  /** For how long, in milliseconds, something that these words name need not have been seen yet; 0: it would be. */
  unseenMs(words: string): number {
    const ages = [...this.#bornAt].flatMap(([id, at]) => (words.includes(id) ? [at + UNSEEN_MS - performance.now()] : []));
    return Math.max(0, ...ages);
  }
}
