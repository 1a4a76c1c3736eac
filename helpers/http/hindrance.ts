import { eventually, pauseAsAsked, remainingMs } from '../eventually.ts';
import { HttpFailure, Unreachable } from './http-failure.ts';

/** Why a request that failed may fare better when it is sent again. */
export interface Hindrance {
  /** `503`, `502`, …, or `no reply`. */
  readonly why: string;
  /** The service may have carried it out all the same. */
  readonly mayBeDone: boolean;
  /** … or may still be at it. */
  readonly isUnderWay: boolean;
  /** Nobody was there to be asked: that of whom nobody ever was there is no passing one. */
  readonly isUnsent: boolean;
  /** For how long the service asked to be left alone, in milliseconds; 0 when it did not. */
  readonly restMs: number;
}

const TOO_LARGE = 413;
const TOO_MANY = 429;
const BAD_GATEWAY = 502;
const UNAVAILABLE = 503;
const GATEWAY_TIMEOUT = 504;
/** As long as Python's bindings of StorPool are patient (StorPool reference §1.2). */
const MOST_PATIENCE_MS = 30_000;
/** Who has never answered is not restarted but away, and a person waits for the reason. */
const FIRST_PATIENCE_MS = 5000;
export const FIRST_PAUSE_MS = 100;

/**
 * What hindered a request for a while, or undefined. RFC 9110 §15.6.4 and RFC 6585 §4: who answers 503 or 429 has not taken it on, and may or
 * may not say how long to wait; nor has Cinder's own rate limiter, which answers 413 with a time to wait, where a quota that is used up says 0
 * (openstack/cinder cinder/api/v2/limits.py, RateLimitingMiddleware; cinder/api/contrib/backups.py). Of 502, 504 and a lost reply only the
 * proxy's half is known. StorPool's own bindings take a refused connection for one that passes, too (StorPool reference §1.2).
 */
export function hindranceOf(error: unknown): Hindrance | undefined {
  if (error instanceof Unreachable) {
    const { maybeDone, isTimeout, isRestarting } = error;
    const why = maybeDone ? 'no reply' : 'nobody there';
    return maybeDone || isRestarting
      ? { why, mayBeDone: maybeDone, isUnderWay: isTimeout, isUnsent: !maybeDone, restMs: 0 }
      : undefined;
  }
  if (!(error instanceof HttpFailure) || error.isFinal) {
    return;
  }
  const { status, restMs } = error;
  const isAsked = status === UNAVAILABLE || status === TOO_MANY || (status === TOO_LARGE && (restMs ?? 0) > 0);
  if (!isAsked && status !== BAD_GATEWAY && status !== GATEWAY_TIMEOUT) {
    return;
  }
  return {
    why: String(status),
    mayBeDone: !isAsked,
    isUnderWay: status === GATEWAY_TIMEOUT,
    isUnsent: false,
    restMs: restMs ?? 0,
  };
}

/** A try, and what hindered it. */
interface Attempt<T> {
  readonly done?: { readonly value: T };
  readonly error?: unknown;
  readonly hindrance: Hindrance | undefined;
}

export interface Send<T> {
  /** To complete "gave up waiting for …". */
  readonly what: string;
  /** Sends it; `repeats` is how often it was sent before. */
  readonly send: (repeats: number) => Promise<T>;
  /** False of what must not be carried out twice: it is sent again only where it was not sent at all. */
  readonly isSafe?: boolean;
  readonly signal?: AbortSignal | undefined;
}

interface Patient {
  readonly requestMs: number;
  readonly patienceMs?: number | undefined;
  /** It has answered others before. */
  readonly isKnown?: boolean | undefined;
}

/** How patient a client is with its service. */
export class Patience {
  readonly #mostMs: number;
  readonly #isKnown: boolean;
  #hasAnswered = false;
  #isAway = false;

  constructor({ requestMs, patienceMs = MOST_PATIENCE_MS, isKnown = false }: Patient) {
    this.#mostMs = Math.min(requestMs, patienceMs);
    this.#isKnown = isKnown;
  }

  /** For how long a request may be repeated: until the deadline of the step around it. Whom nobody waits for any more gets no second one. */
  get ms(): number {
    return this.#isAway ? 0 : Math.min(this.#wholeMs, remainingMs() ?? this.#wholeMs);
  }

  get #wholeMs(): number {
    return this.#hasAnswered ? this.#mostMs : Math.min(this.#mostMs, FIRST_PATIENCE_MS);
  }

  /** Sends a request, and again, with growing pauses, for as long as it is hindered. Throws what the last one came to. */
  async sent<T>({ what, send, isSafe = true, signal }: Send<T>): Promise<T> {
    const { ms } = this;
    const isWhole = ms >= this.#wholeMs;
    const ends = performance.now() + ms;
    const isPassing = ({ isUnsent }: Hindrance) => (isUnsent ? this.#hasAnswered || this.#isKnown : isSafe);
    const first = await attempt(() => send(0), isPassing);
    if (!isWorthWaiting(first, ends)) {
      return this.#settled(first, isWhole);
    }
    let last = first;
    let repeats = 0;
    await eventually<Attempt<T>>({
      what,
      read: async () => {
        await rested(last.hindrance, signal);
        repeats += 1;
        last = await attempt(() => send(repeats), isPassing);
        return last;
      },
      describe: ({ hindrance }) => hindrance?.why ?? 'answered',
      until: (tried) => !isWorthWaiting(tried, ends),
      everyMs: FIRST_PAUSE_MS,
      withinMs: ends - performance.now(),
      signal,
      advice: '',
    }).catch((error: unknown) => {
      signal?.throwIfAborted();
      if (last.hindrance === undefined) {
        throw error;
      }
    });
    return this.#settled(last, isWhole);
  }

  /** Whom a step had little time left for was not waited for in vain. */
  #settled<T>({ done, error, hindrance }: Attempt<T>, isWhole: boolean): T {
    const isSilent = error instanceof Unreachable;
    this.#isAway = hindrance === undefined ? this.#isAway && isSilent : isWhole || this.#isAway;
    this.#hasAnswered ||= hindrance === undefined && !isSilent;
    if (done === undefined) {
      throw error;
    }
    return done.value;
  }
}

async function attempt<T>(send: () => Promise<T>, isPassing: (hindrance: Hindrance) => boolean): Promise<Attempt<T>> {
  try {
    return { done: { value: await send() }, hindrance: undefined };
  } catch (error) {
    const hindrance = hindranceOf(error);
    return { error, hindrance: hindrance !== undefined && isPassing(hindrance) ? hindrance : undefined };
  }
}

/** Waits as long as the service asked for, or a moment. */
async function rested(hindrance: Hindrance | undefined, signal: AbortSignal | undefined): Promise<void> {
  await pauseAsAsked(Math.max(hindrance?.restMs ?? 0, FIRST_PAUSE_MS), signal);
}

function isWorthWaiting({ hindrance }: Attempt<unknown>, ends: number): boolean {
  return hindrance !== undefined && performance.now() + hindrance.restMs < ends;
}
