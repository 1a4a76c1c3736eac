import { z } from 'zod';

/** One scenario on one fresh cluster with one fault, or with none: a line of a proof's results. */
export const proofResult = z.object({
  /** undefined: without a fault. */
  fault: z.string().optional(),
  scenario: z.string(),
  /** How often the fault struck. */
  met: z.number(),
  /** In the order in which they were drawn. */
  outcomes: z.array(
    z.object({
      check: z.string(),
      outcome: z.enum(['passed', 'failed', 'not-applicable', 'blocked', 'could-not-check']),
      cause: z.string().optional(),
    }),
  ),
  /** Exceptions inside of the mock, which no fault should cause. */
  broken: z.array(z.string()),
  ms: z.number(),
});
export type ProofResult = z.output<typeof proofResult>;
