import { eventually } from '../eventually.ts';
import { FIRST_PAUSE_MS, type Hindrance, hindranceOf } from './hindrance.ts';
import type { Http } from './http.ts';

export interface OnlyOnce<T> {
  readonly http: Pick<Http, 'service' | 'patienceMs' | 'signal'>;
  /** Such as `POST /volumes`. */
  readonly what: string;
  /** Sends it; `repeats` is how often it was sent before. */
  readonly send: (repeats: number) => Promise<T>;
  /** Looks for what it should have come to: undefined when that is nowhere to be seen. */
  readonly find: () => Promise<T | undefined>;
}

/** For so long what a lost request may have come to is looked for: other nodes of a database see it later. */
const LOOK_MS = 3000;

/**
 * Sends what must not be carried out twice. When it was put off or its reply was lost, what it should have come to is looked up, and only
 * where nothing is found it is sent again; never while it may still be under way. Throws what the last try came to.
 */
export async function onlyOnce<T>({ http, what, send, find }: OnlyOnce<T>): Promise<T> {
  const patienceMs = http.patienceMs;
  const tries = new Tries(send);
  const first = await tries.next();
  if (first !== undefined) {
    return first.value;
  }
  const found = await eventually<Done<T> | undefined>({
    what: `${http.service} to carry out ${what}`,
    read: async () => {
      const value = await find();
      return value === undefined ? await tries.nextIfDue() : { value };
    },
    describe: (done) => (done === undefined ? tries.why : 'done'),
    until: (done) => done !== undefined,
    unless: () => (tries.isOver ? 'it was not carried out' : undefined),
    everyMs: FIRST_PAUSE_MS,
    withinMs: Math.max(patienceMs, tries.lookMs),
    signal: http.signal,
    advice: '',
  }).catch(() => {
    http.signal?.throwIfAborted();
    throw tries.error;
  });
  if (found === undefined) {
    throw tries.error;
  }
  return found.value;
}

interface Done<T> {
  readonly value: T;
}

/** The tries to send one request. */
class Tries<T> {
  /** What the last one came to. */
  error: unknown;
  readonly #send: (repeats: number) => Promise<T>;
  #hindrance: Hindrance | undefined;
  #mayBeDone = false;
  #failedAt = 0;
  #sent = 0;

  constructor(send: (repeats: number) => Promise<T>) {
    this.#send = send;
  }

  get why(): string {
    return this.#hindrance?.why ?? 'refused';
  }

  /** For how long it is to be looked for after the last try, in milliseconds. */
  get lookMs(): number {
    return this.#mayBeDone ? LOOK_MS : 0;
  }

  /** It was refused, or is left to the service, and was looked for long enough. */
  get isOver(): boolean {
    return !this.#isRepeatable && this.#sinceMs >= this.lookMs;
  }

  /** Sends it; undefined when it was hindered. Throws a refusal of what cannot have been carried out before. */
  async next(): Promise<Done<T> | undefined> {
    try {
      return { value: await this.#send(this.#sent++) };
    } catch (error) {
      this.error = error;
      this.#failedAt = performance.now();
      this.#hindrance = hindranceOf(error);
      this.#mayBeDone ||= this.#hindrance?.mayBeDone === true;
      if (this.#hindrance === undefined && !this.#mayBeDone) {
        throw error;
      }
      return;
    }
  }

  async nextIfDue(): Promise<Done<T> | undefined> {
    const isDue = this.#sinceMs >= Math.max(this.lookMs, this.#hindrance?.restMs ?? 0);
    return isDue && this.#isRepeatable ? await this.next() : undefined;
  }

  get #isRepeatable(): boolean {
    return this.#hindrance !== undefined && !this.#hindrance.isUnderWay;
  }

  get #sinceMs(): number {
    return performance.now() - this.#failedAt;
  }
}
