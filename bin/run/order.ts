import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SCENARIOS_AT_ONCE } from '../../fixtures/run/at-once.ts';
import { isRunId, runFiles } from '../../fixtures/run/run.ts';
import type { Runbook } from '../../fixtures/scenario/runbook.ts';

/** Seconds that a thing takes to be made, looked at and taken away, on OpenStack in containers; only how they compare matters. */
const SECONDS = { server: 6, image: 8, volume: 1, snapshot: 0.5, attachment: 1.5 } as const;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Runs of other targets may lie before the last one of this target. */
const MOST_RUNS = 10;

const endedRun = z.object({
  startedAt: z.string(),
  endedAt: z.string(),
  target: z.object({ kind: z.string() }),
  scenarios: z.array(z.object({ id: z.string(), started: z.boolean(), ms: z.number() })),
});

interface Known {
  readonly runsDir: string;
  readonly target: string;
  readonly runbooks: readonly Runbook[];
}

/**
 * The scenarios, those first that take longest, so that none is left alone at the end: by what each took in the last run on such a target
 * that played it, else by what it makes.
 */
export function longestFirst(scenarios: readonly string[], { runsDir, target, runbooks }: Known): string[] {
  const took = timesOf(lastOn(runsDir, target));
  const ms = (id: string) => took.get(id) ?? estimateMs(runbooks.find((book) => book.id === id));
  return scenarios.toSorted((a, b) => ms(b) - ms(a));
}

/** How long a run should take, in milliseconds, and by what that is known. */
export interface Expected {
  readonly ms: number;
  readonly by: 'the last run on such a target' | 'what is made';
}

/** How long a run of them should take: by the last one on such a target, else by what they make. */
export function expectedTime(scenarios: readonly string[], known: Known): Expected {
  const last = lastOn(known.runsDir, known.target);
  const took = timesOf(last);
  const ms = (id: string) => took.get(id) ?? estimateMs(known.runbooks.find((book) => book.id === id));
  const played = together(longestFirst(scenarios, known).map(ms));
  if (last === undefined) {
    return { ms: played, by: 'what is made' };
  }
  // What comes before and after the scenarios.
  const around = Date.parse(last.endedAt) - Date.parse(last.startedAt) - together([...took.values()].toSorted((a, b) => b - a));
  return { ms: played + Math.max(0, around), by: 'the last run on such a target' };
}

export const expectedInWords = ({ ms, by }: Expected): string =>
  `about ${inMinutes(ms)}, ${by === 'what is made' ? 'estimated by' : 'by'} ${by}`;

/** Until the last has ended, when so many are played at once, in this order. */
function together(times: readonly number[]): number {
  const places = Array.from({ length: SCENARIOS_AT_ONCE }, () => 0);
  for (const ms of times) {
    const first = places.indexOf(Math.min(...places));
    places[first] = (places[first] ?? 0) + ms;
  }
  return Math.max(...places);
}

const inMinutes = (ms: number) =>
  ms < 2 * MINUTE ? `${Math.max(1, Math.round(ms / SECOND))} s` : `${Math.round(ms / MINUTE)} min`;

function estimateMs(book: Runbook | undefined): number {
  const made = Object.values(book?.makes ?? {}).reduce((sum, { kind }) => sum + SECONDS[kind], 0);
  return (made + (book?.lasts ?? 0)) * SECOND;
}

type EndedRun = z.output<typeof endedRun>;

const timesOf = (run: EndedRun | undefined): ReadonlyMap<string, number> =>
  new Map(run?.scenarios.filter(({ started, ms }) => started && ms > 0).map(({ id, ms }) => [id, ms]));

function lastOn(runsDir: string, target: string): EndedRun | undefined {
  const newestFirst = runsIn(runsDir).toReversed().slice(0, MOST_RUNS);
  for (const run of newestFirst) {
    const ended = endedIn(join(runsDir, run));
    if (ended?.target.kind === target) {
      return ended;
    }
  }
  return;
}

/** Ids sort by time. */
function runsIn(runsDir: string): string[] {
  return statSync(runsDir, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(runsDir).filter(isRunId).toSorted();
}

/** A run that has no verdict, or none that can be read, is no reason not to run. */
function endedIn(dir: string): EndedRun | undefined {
  try {
    return endedRun.safeParse(JSON.parse(readFileSync(runFiles(dir).verdict, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
