import type { RemovalParts } from '../../fixtures/ledger/removal.ts';

const FIRST_MS = 5000;
const AGAIN_MS = 15_000;
/** What was not looked at for so long is done with: looks are 2 s apart at most, and as long as a service takes to answer. */
const STALE_MS = 10_000;

interface Watched {
  readonly since: number;
  readonly seen: number;
  readonly text: string;
}

/** Tells a person what is waited for, a while after it began and again now and then, with or without a terminal. */
export function tellWaits(say: (text: string) => void, now = () => performance.now()): NonNullable<RemovalParts['waiting']> {
  const watched = new Map<string, Watched>();
  let told = Number.NEGATIVE_INFINITY;
  return ({ what, state, withinMs }) => {
    const at = now();
    const { since = at } = watched.get(what) ?? {};
    const seconds = Math.round((at - since) / 1000);
    const text = `${what}, which is ${state}: ${seconds} s of at most ${Math.round(withinMs / 1000)} s`;
    watched.set(what, { since, seen: at, text });
    if (at - since < FIRST_MS || at - told < AGAIN_MS) {
      return;
    }
    told = at;
    const others = [...watched].filter(([other, { seen }]) => other !== what && at - seen < STALE_MS).length;
    say(`waiting for ${text}${others === 0 ? '' : `; and for ${others} other ${others === 1 ? 'thing' : 'things'}`}`);
  };
}
