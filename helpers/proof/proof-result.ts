import { z } from 'zod';

/** How one check ended in a proof. */
export const proofOutcome = z.object({
  check: z.string(),
  outcome: z.enum(['passed', 'failed', 'not-applicable', 'blocked', 'could-not-check']),
  cause: z.string().optional(),
  /** The subjects of its assertions, and of those that did not hold. */
  looked: z.array(z.string()),
  wrong: z.array(z.string()),
  /** True when it was given up because something never came, or could not come any more. */
  gaveUp: z.boolean().optional(),
});
export type ProofOutcome = z.output<typeof proofOutcome>;

/** What became of readings of a model that were altered, one field at a time. */
export const alteredReadings = z.object({
  /** `StorPool volume size after extend: kept from before`: it was seen, and named by layer and field. */
  seen: z.array(z.string()),
  missed: z.array(z.string()),
});
export type AlteredResult = z.output<typeof alteredReadings>;

/** One scenario on one fresh cluster with one fault, or with none: a line of a proof's results. */
export const proofResult = z.object({
  /** undefined: without a fault. */
  fault: z.string().optional(),
  scenario: z.string(),
  /** The check that was switched off, to show that nothing else stands in for it. */
  switchedOff: z.string().optional(),
  /** How often the fault struck. */
  met: z.number(),
  /** In the order in which they were drawn. */
  outcomes: z.array(proofOutcome),
  /** Only without a fault. */
  altered: alteredReadings.optional(),
  /** Exceptions inside of the mock, which no fault should cause. */
  broken: z.array(z.string()),
  /** Why the attempt itself came to nothing. */
  error: z.string().optional(),
  ms: z.number(),
});
export type ProofResult = z.output<typeof proofResult>;

/** Why no fault can make an assertion false. */
export interface Excuse {
  readonly check: string;
  /** As the matrix names it. */
  readonly subject: string;
  readonly reason: string;
}

/** Where a guide passes although the deployment is broken. */
export interface FalsePass {
  readonly id: string;
  /** What is wrong. */
  readonly broken: string;
  /** What the guide's own step shows all the same. */
  readonly guideSees: string;
  /** The faults that break it so. */
  readonly faults: readonly string[];
}
