import { type CheckVerdict, isGreen, type Verdict, type VerdictOutcome } from './verdict-schema.ts';

/** A check that came out otherwise; undefined where it was not selected. */
export interface CheckChange {
  readonly id: string;
  readonly before: VerdictOutcome | undefined;
  readonly after: VerdictOutcome | undefined;
  /** Why it is as it is now. */
  readonly cause: string | undefined;
}

export interface Comparison {
  /** Green before, and not any more. */
  readonly worse: readonly CheckChange[];
  /** Not green before, and now it is. */
  readonly better: readonly CheckChange[];
  /** Otherwise, and neither better nor worse: selected in one alone, or red in another way. */
  readonly other: readonly CheckChange[];
  /** Scenarios that took much longer or shorter; milliseconds. */
  readonly durations: readonly { readonly id: string; readonly before: number; readonly after: number }[];
  /** What is told of the target: versions, ids. */
  readonly facts: readonly { readonly name: string; readonly before: string | undefined; readonly after: string | undefined }[];
}

/** A scenario took much longer when it took half as long again, and more than a second. */
const MUCH = 1.5;
const NOTICEABLE_MS = 1000;

/** Facts that are others in each run, whatever the cluster. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set(['there is room for', 'at its peak', 'resumed from']);
/** … where the cluster is started for the run. */
const OF_ITS_START: ReadonlySet<string> = new Set(['Keystone', 'StorPool']);

/** What is different between two runs. */
export function compareVerdicts(before: Verdict, after: Verdict): Comparison {
  const changes = changesBetween(outcomesOf(before), outcomesOf(after));
  const isWorse = ({ before: was, after: is }: CheckChange) => isGreen(was) && is !== undefined && !isGreen(is);
  const isBetter = ({ before: was, after: is }: CheckChange) => was !== undefined && !isGreen(was) && isGreen(is);
  return {
    worse: changes.filter(isWorse),
    better: changes.filter(isBetter),
    other: changes.filter((change) => !isWorse(change) && !isBetter(change)),
    durations: durationsBetween(before, after),
    facts: [...new Set([...Object.keys(before.target.facts), ...Object.keys(after.target.facts)])]
      .map((name) => ({ name, before: before.target.facts[name], after: after.target.facts[name] }))
      .filter((fact) => fact.before !== fact.after && !OF_THE_MOMENT.has(fact.name))
      .filter((fact) => after.target.kind === 'live' || !OF_ITS_START.has(fact.name)),
  };
}

const outcomesOf = ({ checks }: Verdict) =>
  new Map(checks.filter(({ selected }) => selected).map((check) => [check.id, check] as const));

function changesBetween(before: ReadonlyMap<string, CheckVerdict>, after: ReadonlyMap<string, CheckVerdict>): CheckChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((id) => ({ id, before: before.get(id)?.outcome, after: after.get(id)?.outcome, cause: after.get(id)?.cause }))
    .filter((change) => change.before !== change.after);
}

function durationsBetween(before: Verdict, after: Verdict): Comparison['durations'] {
  const took = new Map(before.scenarios.filter(({ started }) => started).map(({ id, ms }) => [id, ms]));
  return after.scenarios
    .filter(({ started, id }) => started && took.has(id))
    .map(({ id, ms }) => ({ id, before: took.get(id) ?? 0, after: ms }))
    .filter((each) => {
      const [short, long] = [Math.min(each.before, each.after), Math.max(each.before, each.after)];
      return long - short > NOTICEABLE_MS && long > short * MUCH;
    });
}
