import { z } from 'zod';
import { proofOutcome } from './proof-result.ts';

/** One run of all scenarios on one healthy cluster: a line of a proof's results. */
export const healthyResult = z.object({
  /** Makes the same cluster again. */
  seed: z.number(),
  /** In which legal ways it differed from the default, in words. */
  variation: z.record(z.string(), z.string()),
  /** `hidden`: nobody can look at it on such a cluster, and that was said. */
  outcomes: z.array(proofOutcome.extend({ scenario: z.string(), hidden: z.boolean().optional() })),
  /** How often what must be tolerated happened: slow and transient replies, 503, refused tokens. */
  struck: z.record(z.string(), z.number()),
  foreign: z.object({
    /** Things of others before and after, as they were looked at apart from the suite. */
    before: z.number(),
    after: z.number(),
    /** How they differ, in words. */
    changed: z.array(z.string()),
    /** What the busy neighbours made and took away meanwhile, and what went wrong for them. */
    made: z.number(),
    disturbed: z.array(z.string()),
  }),
  broken: z.array(z.string()),
  error: z.string().optional(),
  ms: z.number(),
});
export type HealthyResult = z.output<typeof healthyResult>;
