import { z } from 'zod';

/** Raised whenever a field of verdict.json changes its meaning or goes away. */
export const VERDICT_VERSION = 1;

const outcome = z.enum(['passed', 'failed', 'not-applicable', 'blocked', 'could-not-check']);

/** Something the run made and that was found after it; `unswept` when it is still there. */
const leakSchema = z.strictObject({
  layer: z.string(),
  kind: z.string(),
  id: z.string(),
  name: z.string(),
  unswept: z.boolean(),
});
export type Leak = z.infer<typeof leakSchema>;

const checkVerdictSchema = z.strictObject({
  id: z.string(),
  claim: z.string(),
  scenario: z.string(),
  chapter: z.number(),
  /** False for a check that was not asked for but was evaluated all the same. */
  selected: z.boolean(),
  outcome,
  /** Why it is not `passed`: one or more lines. */
  cause: z.string().optional(),
  /** For `blocked`: the check or step that stopped the scenario. */
  by: z.string().optional(),
  assertions: z.number(),
  observations: z.number(),
  remedy: z.string(),
  guide: z.strictObject({ section: z.string(), line: z.string() }),
  ms: z.number(),
});
export type CheckVerdict = z.infer<typeof checkVerdictSchema>;

const targetSchema = z.strictObject({
  kind: z.string(),
  title: z.string(),
  /** Cluster ids, versions, endpoints: whatever identifies what was judged. */
  facts: z.record(z.string(), z.string()),
});
export type TargetDescription = z.infer<typeof targetSchema>;

const runnerSchema = z.strictObject({ exitCode: z.number().nullable(), signal: z.string().nullable() });
export type RunnerEnd = z.infer<typeof runnerSchema>;

/** The shape of a run's `verdict.json`. Times are ISO strings, durations milliseconds. */
export const verdictSchema = z.strictObject({
  version: z.literal(VERDICT_VERSION),
  runId: z.string(),
  target: targetSchema,
  startedAt: z.string(),
  endedAt: z.string(),
  /**
   * `rejected`: a check failed. `incomplete`: no check failed, but not all could be believed. `leaked` takes precedence over
   * both, because something is to be removed first. `could-not-run`: nothing was evaluated at all.
   */
  overall: z.enum(['accepted', 'rejected', 'incomplete', 'could-not-run', 'leaked']),
  exitCode: z.number(),
  counts: z.strictObject({
    selected: z.number(),
    passed: z.number(),
    failed: z.number(),
    'not-applicable': z.number(),
    blocked: z.number(),
    'could-not-check': z.number(),
    assertions: z.number(),
  }),
  checks: z.array(checkVerdictSchema),
  chapters: z.array(z.strictObject({ number: z.number(), folder: z.string(), title: z.string() })),
  scenarios: z.array(
    z.strictObject({ id: z.string(), chapter: z.number(), title: z.string(), started: z.boolean(), ms: z.number() }),
  ),
  /** Why the evidence as a whole is not believed; any entry forbids `accepted`. */
  problems: z.array(z.string()),
  /** Why the run could not even begin; only with `could-not-run`. */
  cannotRun: z.string().optional(),
  leaks: z.array(leakSchema),
  runner: runnerSchema,
  traffic: z.strictObject({
    requests: z.number(),
    waits: z.number(),
    polls: z.number(),
    waitedMs: z.number(),
    commands: z.number(),
    /** The command-line clients; absent when none was started. */
    clients: z.strictObject({ calls: z.number(), ms: z.number() }).optional(),
  }),
});
export type Verdict = z.infer<typeof verdictSchema>;
export type Overall = Verdict['overall'];
