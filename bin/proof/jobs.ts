import { z } from 'zod';
import { proofResult } from '../../helpers/proof-result.ts';

/** A piece of a proof that one worker does by itself. */
export const job = z.strictObject({
  kind: z.literal('attempt'),
  scenario: z.string(),
  fault: z.string().optional(),
  switchedOff: z.string().optional(),
});
export type Job = z.infer<typeof job>;

/** What a worker is told, and what it answers. */
export const order = z.strictObject({ id: z.number(), job });
export type Order = z.infer<typeof order>;

export const answer = z.strictObject({ id: z.number(), result: proofResult });
export type Answer = z.infer<typeof answer>;
