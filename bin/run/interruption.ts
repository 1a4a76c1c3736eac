import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type StopSignal = (typeof SIGNALS)[number];

const SIGNAL_EXIT = 128;

/**
 * Turns the first SIGINT, SIGTERM or SIGHUP into an aborted `signal`; later ones are only answered with words, because what was made
 * must be removed first. Disposing gives the signals back.
 */
export class Interruption implements Disposable {
  readonly #abort = new AbortController();
  readonly #say: (text: string) => void;
  #by: StopSignal | undefined;

  constructor(say: (text: string) => void) {
    this.#say = say;
    for (const name of SIGNALS) {
      process.on(name, this.#hear);
    }
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get by(): StopSignal | undefined {
    return this.#by;
  }

  /** 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP; undefined while nothing came. */
  get exitCode(): number | undefined {
    return this.#by === undefined ? undefined : SIGNAL_EXIT + constants.signals[this.#by];
  }

  [Symbol.dispose](): void {
    for (const name of SIGNALS) {
      process.off(name, this.#hear);
    }
  }

  readonly #hear = (name: StopSignal): void => {
    if (this.#by !== undefined) {
      this.#say('Cleaning up is under way: what this run made is being removed. Please wait.');
      return;
    }
    this.#by = name;
    this.#say(`${name}: stopping; then everything that this run made is removed.`);
    this.#abort.abort(new Interrupted(name));
  };
}

/** Why work was aborted. */
class Interrupted extends Error {
  override name = 'Interrupted';

  constructor(by: StopSignal) {
    super(`interrupted by ${by}`);
  }
}
