import { z } from 'zod';
import { healthyResult } from '../../helpers/proof/healthy-result.ts';
import { proofResult } from '../../helpers/proof/proof-result.ts';

/** One scenario on one fresh cluster with one fault, or with none. */
const attemptJob = z.strictObject({
  kind: z.literal('attempt'),
  scenario: z.string(),
  fault: z.string().optional(),
  switchedOff: z.string().optional(),
});

/** All scenarios on one healthy cluster. */
const healthyJob = z.strictObject({ kind: z.literal('healthy'), seed: z.number(), vary: z.array(z.string()).optional() });

/** A piece of a proof that one worker does by itself. */
const job = z.discriminatedUnion('kind', [attemptJob, healthyJob]);
export type Job = z.infer<typeof job>;

/** What a worker is told. */
export const order = z.strictObject({ id: z.number(), job });
export type Order = z.infer<typeof order>;

const result = z.union([
  z.strictObject({ kind: z.literal('attempt'), of: proofResult }),
  z.strictObject({ kind: z.literal('healthy'), of: healthyResult }),
]);
export type Result = z.infer<typeof result>;

/** What it answers. */
export const answer = z.strictObject({ id: z.number(), result });

/** The result of a job that came to nothing. */
export function failed(job: Job, error: string, ms = 0): Result {
  if (job.kind === 'healthy') {
    const foreign = { before: 0, after: 0, changed: [], made: 0, disturbed: [] };
    return { kind: 'healthy', of: { seed: job.seed, variation: {}, outcomes: [], struck: {}, foreign, broken: [], error, ms } };
  }
  const { scenario, fault, switchedOff } = job;
  const known = { scenario, ...(fault && { fault }), ...(switchedOff && { switchedOff }) };
  return { kind: 'attempt', of: { ...known, met: 0, outcomes: [], broken: [], error, ms } };
}
