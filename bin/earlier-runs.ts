import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from '../fixtures/run/run.ts';
import { CannotRun } from '../helpers/failure.ts';
import { readVerdict } from '../reports/report.ts';
import { type TrendPoint, trendPointSchema } from '../reports/verdict/trend.ts';
import type { TargetDescription, Verdict } from '../reports/verdict/verdict-schema.ts';
import { isThere, knownRuns } from './runs-folder.ts';

/** Verdicts of runs in that folder, newest first, each read when it is asked for. Runs without one, or with one of another version, are passed over. */
export function* earlierVerdicts(folder: string): Generator<Verdict> {
  for (const run of knownRuns(folder).toReversed()) {
    const dir = join(folder, run);
    const verdict = isThere(runFiles(dir).verdict) ? readable(dir) : undefined;
    if (verdict !== undefined) {
      yield verdict;
    }
  }
}

/** How many runs a trend is of. */
const TREND_RUNS = 20;

/**
 * What a trend is made of: the last runs, oldest first, up to the one that is named, on its cluster; without one up to the latest, on that one's
 * cluster.
 */
export function lastPoints(folder: string, until?: Pick<TrendPoint, 'runId' | 'target'>): TrendPoint[] {
  const points: TrendPoint[] = [];
  for (const run of knownRuns(folder).toReversed()) {
    if (points.length === TREND_RUNS) {
      break;
    }
    const point = until === undefined || run <= until.runId ? pointOf(join(folder, run)) : undefined;
    const of = until ?? points[0];
    if (point !== undefined && point.overall !== 'could-not-run' && (of === undefined || sameCluster(point, of))) {
      points.push(point);
    }
  }
  return points.toReversed();
}

/** Of a run's verdict what a trend is made of; undefined when it has none that can be read. */
export function pointOf(dir: string): TrendPoint | undefined {
  try {
    return trendPointSchema.safeParse(JSON.parse(readFileSync(runFiles(dir).verdict, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** The newest run on such a target that evaluated something. Throws CannotRun when there is none. */
export function lastEnded(folder: string, target: string): Verdict {
  for (const verdict of earlierVerdicts(folder)) {
    if (verdict.target.kind === target && verdict.overall !== 'could-not-run') {
      return verdict;
    }
  }
  throw new CannotRun(`there is no ended run on target ${target} yet`, { folder }, 'Begin one with `npm run acceptance`.');
}

/** True when both were of the same cluster, as far as they tell; those that live as long as a run are all alike. */
export function sameCluster(one: Pick<Verdict, 'target'>, other: Pick<Verdict, 'target'>): boolean {
  const isOf = (name: string) => one.target.kind !== 'live' || isSameFact(name, one.target, other.target);
  return one.target.kind === other.target.kind && CLUSTER.every(isOf);
}

/** The fact that tells whose StorPool it is: its id first, where that is known. */
export const STORPOOL_CLUSTER = 'StorPool cluster';
/** By these a cluster that lives on is told from others. */
export const CLUSTER: readonly string[] = ['Keystone', 'project', STORPOOL_CLUSTER];

/** True when two descriptions tell the same; of a StorPool cluster that did not tell its id yet, when its API was at the same place. */
export function isSameFact(
  name: string,
  one: Pick<TargetDescription, 'facts'>,
  other: Pick<TargetDescription, 'facts'>,
): boolean {
  const ids = [one, other].map(({ facts }) => /^[a-z0-9]+\.[a-z0-9]+(?![^ ])/.exec(facts[STORPOOL_CLUSTER] ?? '')?.[0]);
  const isAt = (fact: string) => one.facts[fact] === other.facts[fact];
  return name !== STORPOOL_CLUSTER ? isAt(name) : ids.includes(undefined) ? isAt('StorPool') : ids[0] === ids[1];
}

function readable(dir: string): Verdict | undefined {
  try {
    return readVerdict(dir);
  } catch (error) {
    if (error instanceof CannotRun) {
      return undefined;
    }
    throw error;
  }
}
