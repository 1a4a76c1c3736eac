import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type StopSignal = (typeof SIGNALS)[number];
type Cause = StopSignal | 'a defect';

const SIGNAL_EXIT = 128;
/** A Ctrl-C under npm comes twice: from the terminal, and handed on by npm. */
const ECHO_MS = 500;

/** What is told of a signal. */
export interface Words {
  /** What becomes of the work, to complete "SIGINT: stopping; …". */
  readonly first: string;
  /** The answer to every later signal. */
  readonly later: string;
}

const OF_A_RUN: Words = {
  first: 'then everything that this run made is removed.',
  later: 'Cleaning up is under way: what this run made is being removed. Please wait.',
};

/**
 * Turns the first SIGINT, SIGTERM or SIGHUP, or an error that nobody caught, into an aborted `signal`; later ones are only answered with
 * words, because what was made must be removed first. Disposing gives the signals back.
 */
export class Interruption implements Disposable {
  readonly #abort = new AbortController();
  readonly #say: (text: string) => void;
  readonly #words: Words;
  readonly #now: () => number;
  #by: Cause | undefined;
  #heardAt = 0;

  constructor(say: (text: string) => void, words: Words = OF_A_RUN, now = () => performance.now()) {
    this.#say = say;
    this.#words = words;
    this.#now = now;
    for (const name of SIGNALS) {
      process.on(name, this.#hear);
    }
    process.on('uncaughtException', this.#stumble);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get by(): Cause | undefined {
    return this.#by;
  }

  /** 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP, 1 after a defect; undefined while nothing came. */
  get exitCode(): number | undefined {
    if (this.#by === 'a defect') {
      return 1;
    }
    return this.#by === undefined ? undefined : SIGNAL_EXIT + constants.signals[this.#by];
  }

  [Symbol.dispose](): void {
    for (const name of SIGNALS) {
      process.off(name, this.#hear);
    }
    process.off('uncaughtException', this.#stumble);
  }

  readonly #hear = (name: StopSignal): void => {
    const isEcho = name === this.#by && this.#now() - this.#heardAt < ECHO_MS;
    this.#heardAt = this.#now();
    if (this.#by === undefined) {
      this.#stop(name, name);
    } else if (!isEcho) {
      this.#say(this.#words.later);
    }
  };

  readonly #stumble = (error: unknown): void => {
    const what = `A defect of the suite, please report it: ${error instanceof Error ? error.stack : String(error)}\n`;
    this.#by === undefined ? this.#stop('a defect', what) : this.#say(what);
  };

  #stop(by: Cause, told: string): void {
    this.#by = by;
    // Whoever asked a question ends its line first.
    this.#abort.abort(new Interrupted(by));
    this.#say(`${told}: stopping; ${this.#words.first}`);
  }
}

/** Why work was aborted. */
class Interrupted extends Error {
  override name = 'Interrupted';

  constructor(by: Cause) {
    super(`interrupted by ${by}`);
  }
}

/** For work that only reads, so that an interruption need not wait for it. Throws the signal's reason. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason as Error);
  signal.throwIfAborted();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
