import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { listeners } from './audience.ts';
import type { Wait } from './evidence.ts';
import { Failure } from './failure.ts';

export interface Waiting<T> {
  /** What is waited for, to complete "gave up waiting for …". */
  readonly what: string;
  /** Asks once. Its errors end the wait at once. */
  readonly read: (signal: AbortSignal | undefined) => Promise<T>;
  /** The state of what was read, in one or two words; the sequence of states becomes evidence. */
  readonly describe: (value: T) => string;
  readonly until: (value: T) => boolean;
  /** A hopeless state: text that says why going on makes no sense, or undefined. */
  readonly unless?: (value: T) => string | undefined;
  readonly withinMs: number;
  /** First pause; it grows by half up to `slowestMs`. */
  readonly everyMs?: number;
  readonly slowestMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** What to do when it never comes. Asked only on failure; may look at other layers. */
  readonly advice: string | ((last: T | undefined) => Promise<string>);
  /** Told once, at the end, good or bad. */
  readonly record?: ((wait: Wait) => void) | undefined;
}

const FIRST_PAUSE_MS = 15;
const SLOWEST_MS = 2000;
const GROWTH = 1.35;
/** A service that is slow to answer is busy with what is waited for: it is left alone for so many times as long as it took. */
const REST = 2;

const pace = new AsyncLocalStorage<() => number>();
const deadline = new AsyncLocalStorage<number>();

/** Milliseconds that are left of the wait that this is part of; undefined outside of any. */
export function remainingMs(): number | undefined {
  const at = deadline.getStore();
  return at === undefined ? undefined : Math.max(0, at - performance.now());
}

/**
 * Within `run`, deadlines come nearer that many times as fast. For a proof that has broken a cluster on purpose and knows that what it waits
 * for cannot come: nothing else may do so.
 */
export function atPace<T>(times: () => number, run: () => Promise<T>): Promise<T> {
  return pace.run(times, run);
}

/** Waits as long as a service asked to be left alone. */
export async function pauseAsAsked(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await pause(ms, undefined, { signal });
}

/**
 * The only thing else in the suite that waits. Polls quickly, then backs off to about a tenth of the time already spent, so that
 * polling adds at most some 10 % to any operation, and asks a slow service no more often than it can bear. Throws Failure at the deadline or at a hopeless state, telling the states seen.
 */
export async function eventually<T>(waiting: Waiting<T>): Promise<T> {
  const started = performance.now();
  const states: { state: string; atMs: number }[] = [];
  const { everyMs = FIRST_PAUSE_MS, slowestMs = SLOWEST_MS, signal } = waiting;
  let polls = 0;
  let idle = everyMs;
  let last: T | undefined;
  let spent = 0;
  let spentAtMs = 0;
  const record = () => {
    listeners()?.waits(undefined);
    waiting.record?.({ what: waiting.what, states, polls, ms: Math.round(performance.now() - started) });
  };
  const giveUp = async (why: string) => {
    record();
    const advice = typeof waiting.advice === 'string' ? waiting.advice : await waiting.advice(last);
    const saw = states.map(({ state }) => state).join(' → ') || 'nothing';
    const after = `${Math.round(performance.now() - started)} ms of ${waiting.withinMs} ms, ${polls} polls`;
    return new Failure(why, { saw, after }, advice);
  };
  for (;;) {
    signal?.throwIfAborted();
    const asked = performance.now();
    const leftMs = Math.min((waiting.withinMs - spent) / (pace.getStore()?.() ?? 1), remainingMs() ?? Number.POSITIVE_INFINITY);
    last = await deadline.run(asked + leftMs, () => waiting.read(signal));
    const answeredMs = performance.now() - asked;
    polls += 1;
    const state = waiting.describe(last);
    const atMs = Math.round(performance.now() - started);
    if (states.at(-1)?.state !== state) {
      states.push({ state, atMs });
    }
    listeners()?.waits({ state, withinMs: waiting.withinMs });
    if (waiting.until(last)) {
      record();
      return last;
    }
    const hopeless = waiting.unless?.(last);
    if (hopeless !== undefined) {
      throw await giveUp(`${waiting.what} cannot come true any more: ${hopeless}`);
    }
    const times = pace.getStore()?.() ?? 1;
    spent += (atMs - spentAtMs) * times;
    spentAtMs = atMs;
    if (spent >= waiting.withinMs) {
      throw await giveUp(`gave up waiting for ${waiting.what}`);
    }
    const rest = Math.min(slowestMs, Math.max(idle, answeredMs * REST));
    await pause(Math.min(rest, (waiting.withinMs - spent) / times + 1), undefined, { signal });
    idle = Math.min(slowestMs, Math.max(idle, Math.min(idle * GROWTH, atMs * 0.1)));
  }
}

/**
 * What was read last, once it is as it should be or too late. Throws what reading throws when nothing was read before: how long something may
 * take to settle says nothing of how long a service may put off the first look.
 */
export async function onceSettled<T>(waiting: Omit<Waiting<T>, 'unless'>): Promise<T> {
  let last: { readonly value: T } | undefined;
  const around = deadline.getStore();
  const first = (signal: AbortSignal | undefined) =>
    around === undefined ? deadline.exit(() => waiting.read(signal)) : deadline.run(around, () => waiting.read(signal));
  const read = async (signal: AbortSignal | undefined) => {
    last = { value: await (last === undefined ? first(signal) : waiting.read(signal)) };
    return last.value;
  };
  return eventually({ ...waiting, read }).catch((error: unknown) => {
    if (error instanceof Failure && last !== undefined) {
      return last.value;
    }
    throw error;
  });
}
