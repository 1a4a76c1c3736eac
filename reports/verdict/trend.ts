import { z } from 'zod';
import { isGreen, targetSchema, type VerdictOutcome, verdictSchema } from './verdict-schema.ts';

const { overall, checks } = verdictSchema.shape;
/** Of a run's verdict, what a trend is made of; the rest is not looked at, for there are many runs. Durations in milliseconds. */
export const trendPointSchema = z.object({
  runId: z.string(),
  target: targetSchema,
  startedAt: z.string(),
  endedAt: z.string(),
  overall,
  checks: z.array(z.object({ id: z.string(), selected: z.boolean(), outcome: checks.element.shape.outcome, ms: z.number() })),
  scenarios: z.array(z.object({ id: z.string(), started: z.boolean(), ms: z.number() })),
});
export type TrendPoint = z.output<typeof trendPointSchema>;

/** One check or scenario over several runs, oldest first; undefined where a run did without it. */
export interface Course<T> {
  readonly id: string;
  readonly values: readonly (T | undefined)[];
}

export interface CheckCourse extends Course<VerdictOutcome> {
  /** Durations where it was evaluated. */
  readonly ms: readonly (number | undefined)[];
  /** Green in every run that asked for it. */
  readonly isSteady: boolean;
}

export interface Trend {
  /** Oldest first. */
  readonly points: readonly TrendPoint[];
  /** In the order in which they were first met. */
  readonly checks: readonly CheckCourse[];
  readonly scenarios: readonly Course<number>[];
}

/** What came of each check, and how long each scenario took, over some runs of one cluster, oldest first. */
export function trendOf(points: readonly TrendPoint[]): Trend {
  const selected = points.map(
    (point) => new Map(point.checks.filter((check) => check.selected).map((check) => [check.id, check])),
  );
  const played = points.map(
    (point) => new Map(point.scenarios.filter(({ started, ms }) => started && ms > 0).map(({ id, ms }) => [id, ms])),
  );
  return {
    points,
    checks: idsIn(selected).map((id) => {
      const own = selected.map((of) => of.get(id));
      const values = own.map((check) => check?.outcome);
      const ms = own.map((check) => (check !== undefined && check.ms > 0 ? check.ms : undefined));
      return { id, values, ms, isSteady: values.every((value) => value === undefined || isGreen(value)) };
    }),
    scenarios: idsIn(played).map((id) => ({ id, values: played.map((of) => of.get(id)) })),
  };
}

function idsIn(maps: readonly ReadonlyMap<string, unknown>[]): string[] {
  return [...new Set(maps.flatMap((map) => [...map.keys()]))];
}

/** The middle one of those that there are, of two the later; undefined when there is none. */
export function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}
