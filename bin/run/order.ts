import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isRunId, runFiles } from '../../fixtures/run/run.ts';
import type { Runbook } from '../../fixtures/scenario/runbook.ts';

/** Seconds that a thing takes to be made, looked at and taken away, on OpenStack in containers; only how they compare matters. */
const SECONDS = { server: 6, image: 8, volume: 1, snapshot: 0.5, attachment: 1.5 } as const;
const SECOND = 1000;
/** Runs of other targets may lie before the last one of this target. */
const MOST_RUNS = 10;

const endedRun = z.object({
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
  const took = lastTimes(runsDir, target);
  const ms = (id: string) => took.get(id) ?? estimateMs(runbooks.find((book) => book.id === id));
  return scenarios.toSorted((a, b) => ms(b) - ms(a));
}

function estimateMs(book: Runbook | undefined): number {
  const made = Object.values(book?.makes ?? {}).reduce((sum, { kind }) => sum + SECONDS[kind], 0);
  return (made + (book?.lasts ?? 0)) * SECOND;
}

function lastTimes(runsDir: string, target: string): ReadonlyMap<string, number> {
  const newestFirst = runsIn(runsDir).toReversed().slice(0, MOST_RUNS);
  for (const run of newestFirst) {
    const ended = endedIn(join(runsDir, run));
    if (ended?.target.kind === target) {
      return new Map(ended.scenarios.filter(({ started, ms }) => started && ms > 0).map(({ id, ms }) => [id, ms]));
    }
  }
  return new Map();
}

/** Ids sort by time. */
function runsIn(runsDir: string): string[] {
  return statSync(runsDir, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(runsDir).filter(isRunId).toSorted();
}

/** A run that has no verdict, or none that can be read, is no reason not to run. */
function endedIn(dir: string): z.output<typeof endedRun> | undefined {
  try {
    return endedRun.safeParse(JSON.parse(readFileSync(runFiles(dir).verdict, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
