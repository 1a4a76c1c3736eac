import { z } from 'zod';

/** Raised whenever a field of verdict.json changes its meaning or goes away. */
export const VERDICT_VERSION = 2;
/** Enough of it is the same to write a run's reports again. */
const EARLIER_VERSION = 1;

const evidenced = ['passed', 'failed', 'not-applicable', 'blocked', 'could-not-check'] as const;
/** What the evidence shows; or `waived`, where it shows something red that somebody has answered for until a date. */
const outcome = z.enum([...evidenced, 'waived']);
export type VerdictOutcome = z.infer<typeof outcome>;

const GREEN: ReadonlySet<VerdictOutcome | undefined> = new Set(['passed', 'not-applicable', 'waived']);

/** True for what a run may be accepted with. */
export const isGreen = (of: VerdictOutcome | undefined): boolean => GREEN.has(of);

const waiverSchema = z.strictObject({
  check: z.string(),
  reason: z.string(),
  owner: z.string(),
  /** `YYYY-MM-DD`: the last day on which it holds, in UTC. */
  expires: z.string(),
  link: z.string().optional(),
});
/** A red check that somebody has answered for until a date. */
export type Waiver = z.infer<typeof waiverSchema>;

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
  /** Only with `waived`: what the evidence shows, and who has answered for it. */
  waived: z.strictObject({ outcome: z.enum(evidenced), waiver: waiverSchema }).optional(),
  /** Why it is not `passed`: one or more lines. */
  cause: z.string().optional(),
  /** For `blocked`: the check or step that stopped the scenario. */
  by: z.string().optional(),
  assertions: z.number(),
  observations: z.number(),
  /** What to do about the cause; absent where something else tells, such as the check that blocks this one. */
  remedy: z.string().optional(),
  guide: z.strictObject({ section: z.string(), line: z.string() }),
  ms: z.number(),
});
export type CheckVerdict = z.infer<typeof checkVerdictSchema>;

const causeSchema = z.strictObject({
  cause: z.string(),
  remedy: z.string().optional(),
  /** Ids of the checks that were stopped by it: failed, not to be checked, or blocked by a step that it stopped. */
  checks: z.array(z.string()),
  /** Ids of those that one of these checks blocks. */
  blocked: z.array(z.string()),
});
export type CauseVerdict = z.infer<typeof causeSchema>;

/** As helpers/load.ts has them. */
export const measurementFields = {
  name: z.string(),
  host: z.string(),
  iops: z.number(),
  bytesPerSecond: z.number(),
  p50: z.number(),
  p99: z.number(),
  p999: z.number(),
} as const;

export const targetSchema = z.strictObject({
  kind: z.string(),
  title: z.string(),
  /** Cluster ids, versions, endpoints: whatever identifies what was judged. */
  facts: z.record(z.string(), z.string()),
});
export type TargetDescription = z.infer<typeof targetSchema>;

const runnerSchema = z.strictObject({ exitCode: z.number().nullable(), signal: z.string().nullable() });
export type RunnerEnd = z.infer<typeof runnerSchema>;

const serviceSchema = z.strictObject({
  service: z.string(),
  requests: z.number(),
  repeated: z.number(),
  /** How often which hindrance came in place of an answer: `503`, `no reply`, … */
  hindered: z.record(z.string(), z.number()),
});

/** The shape of a run's `verdict.json`. Times are ISO strings, durations milliseconds. */
export const verdictSchema = z.strictObject({
  version: z.literal([EARLIER_VERSION, VERDICT_VERSION]),
  runId: z.string(),
  target: targetSchema,
  startedAt: z.string(),
  endedAt: z.string(),
  /**
   * `rejected`: a check failed. `incomplete`: no check failed, but not all could be believed. `leaked` takes precedence over
   * both, because something is to be removed first. `could-not-run`: nothing was evaluated at all. `accepted-with-waivers`: accepted
   * but for checks that are waived.
   */
  overall: z.enum(['accepted', 'accepted-with-waivers', 'rejected', 'incomplete', 'could-not-run', 'leaked']),
  exitCode: z.number(),
  counts: z.strictObject({
    selected: z.number(),
    passed: z.number(),
    failed: z.number(),
    'not-applicable': z.number(),
    blocked: z.number(),
    'could-not-check': z.number(),
    waived: z.number().default(0),
    assertions: z.number(),
  }),
  checks: z.array(checkVerdictSchema),
  /** Ids of the guide's checks that were not selected: with any, the run is a partial one, which nobody signs. */
  notSelected: z.array(z.string()).default([]),
  /** What is not as it should be, each cause once. */
  causes: z.array(causeSchema).default([]),
  chapters: z.array(z.strictObject({ number: z.number(), folder: z.string(), title: z.string() })),
  scenarios: z.array(
    z.strictObject({ id: z.string(), chapter: z.number(), title: z.string(), started: z.boolean(), ms: z.number() }),
  ),
  /** Why the evidence as a whole is not believed; any entry forbids `accepted`. */
  problems: z.array(z.string()),
  /** All waivers that the run was judged with, used or not. */
  waivers: z.array(waiverSchema).default([]),
  /** What does not change the verdict and should be looked at all the same. */
  warnings: z.array(z.string()).default([]),
  /** Why the run could not even begin; only with `could-not-run`. */
  cannotRun: z.string().optional(),
  /** What loads came to. */
  measurements: z.array(z.strictObject({ scenario: z.string(), ...measurementFields })).default([]),
  leaks: z.array(leakSchema),
  runner: runnerSchema,
  traffic: z.strictObject({
    requests: z.number(),
    waits: z.number(),
    polls: z.number(),
    waitedMs: z.number(),
    commands: z.number(),
    /** Requests that were sent once more, because they had been put off or not answered. */
    repeated: z.number().default(0),
    /** By service, what was taken away afterwards included. */
    services: z.array(serviceSchema).default([]),
    /** The command-line clients; absent when none was started. */
    clients: z.strictObject({ calls: z.number(), ms: z.number() }).optional(),
  }),
});
export type Verdict = z.infer<typeof verdictSchema>;
export type Overall = Verdict['overall'];
