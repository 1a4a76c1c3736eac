import { z } from 'zod';
import type { CheckEvidence, Evidence, StepEvidence } from '../../helpers/evidence.ts';
import { measurementFields } from './verdict-schema.ts';

const base = { at: z.string(), scenario: z.string() };
const text = z.string().min(1);
const reason = z.string().optional();
const list = z.array(z.looseObject({})).optional();
const lineSchema = z.discriminatedUnion('type', [
  z.looseObject({
    ...base,
    type: z.literal('scenario'),
    state: z.enum(['started', 'ended']),
    ms: z.number().optional(),
    error: reason,
    clients: z.object({ calls: z.number(), ms: z.number() }).optional(),
  }),
  z.looseObject({
    ...base,
    type: z.literal('step'),
    step: text,
    title: z.string(),
    state: z.enum(['started', 'done', 'failed']),
    error: reason,
    exchanges: list,
    executions: list,
    waits: list,
  }),
  z.looseObject({ ...base, type: z.literal('progress'), step: z.string(), text: z.string(), percent: z.number().optional() }),
  z.looseObject({
    ...base,
    type: z.literal('check'),
    check: text,
    outcome: z.enum(['passed', 'failed', 'not-applicable', 'blocked', 'could-not-check']),
    assertions: z.number(),
    cause: reason,
    remedy: reason,
    by: reason,
    seen: z.array(z.looseObject({ subject: z.string() })),
    ms: z.number(),
  }),
  z.looseObject({ ...base, type: z.literal('leak'), kind: text, id: z.string(), name: z.string(), layer: z.string() }),
  z.looseObject({
    ...base,
    type: z.literal('traffic'),
    services: z.array(
      z.looseObject({
        service: text,
        requests: z.number(),
        repeated: z.number(),
        hindered: z.record(z.string(), z.number()),
      }),
    ),
  }),
  z.looseObject({ ...base, type: z.literal('measurement'), ...measurementFields }),
  z.looseObject({ ...base, type: z.literal('note'), title: z.string(), text: z.string() }),
  z.looseObject({ ...base, type: z.literal('closed'), lines: z.number(), sha256: z.string() }),
]);

/** Evidence parted by what it speaks of, in its order. `malformed` counts lines that are JSON but no evidence. */
export interface SortedEvidence {
  readonly lines: readonly Evidence[];
  readonly malformed: number;
  readonly checks: ReadonlyMap<string, readonly CheckEvidence[]>;
  readonly byScenario: ReadonlyMap<string, readonly Evidence[]>;
}

/** Sorts lines read from a file, which need not be what their type says. */
export function sortEvidence(found: readonly unknown[]): SortedEvidence {
  const lines = found.filter((line): line is Evidence => lineSchema.safeParse(line).success);
  return {
    lines,
    malformed: found.length - lines.length,
    checks: Map.groupBy(
      lines.filter((line) => line.type === 'check'),
      (line) => line.check,
    ),
    byScenario: Map.groupBy(lines, (line) => line.scenario),
  };
}

/** How one scenario ended, as far as its lines tell. */
export interface ScenarioCourse {
  readonly started: boolean;
  readonly ended: boolean;
  readonly error?: string | undefined;
  readonly ms: number;
  /** The last step that has begun and not ended. */
  readonly openStep?: StepEvidence | undefined;
  readonly failedStep?: StepEvidence | undefined;
}

export function courseOf(lines: readonly Evidence[] = []): ScenarioCourse {
  const steps = lines.filter((line) => line.type === 'step');
  const last = new Map(steps.map((step) => [step.step, step]));
  const end = lines.find((line) => line.type === 'scenario' && line.state === 'ended');
  return {
    started: lines.some((line) => line.type === 'scenario' && line.state === 'started'),
    ended: end !== undefined,
    error: end?.type === 'scenario' && end.state === 'ended' ? end.error : undefined,
    ms: end?.type === 'scenario' && end.state === 'ended' ? end.ms : 0,
    openStep: [...last.values()].findLast((step) => step.state === 'started'),
    failedStep: steps.findLast((step) => step.state === 'failed'),
  };
}
