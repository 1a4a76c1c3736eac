import { z } from 'zod';
import { isGreen, type Verdict } from '../verdict/verdict-schema.ts';
import { type Parts, sha256 } from './parts.ts';

// https://github.com/in-toto/attestation, spec/v1/statement.md and spec/predicates/test-result.md
const STATEMENT = 'https://in-toto.io/Statement/v1';
const TEST_RESULT = 'https://in-toto.io/attestation/test-result/v0.1';
/** What an envelope says that it holds. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

const statementSchema = z.object({
  _type: z.literal(STATEMENT),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })),
  predicateType: z.literal(TEST_RESULT),
  predicate: z.object({
    result: z.enum(['PASSED', 'WARNED', 'FAILED']),
    /** A resource descriptor each: the run, with what else is known of it. */
    configuration: z
      .array(
        z.object({
          name: z.literal('run'),
          annotations: z.object({
            run: z.string(),
            verdict: z.string(),
            target: z.string(),
            suite: z.string(),
            startedAt: z.string(),
            endedAt: z.string(),
            bundledAt: z.string(),
          }),
        }),
      )
      .length(1),
    passedTests: z.array(z.string()),
    /** Those that are waived. */
    warnedTests: z.array(z.string()),
    failedTests: z.array(z.string()),
  }),
});
type Statement = z.output<typeof statementSchema>;

/** What a statement tells, in words of this suite. */
export interface Stated {
  /** SHA-256 of each file that it speaks of; in hexadecimal digits. */
  readonly sums: ReadonlyMap<string, string>;
  readonly run: Statement['predicate']['configuration'][number]['annotations'];
  readonly tests: ReturnType<typeof testsOf>;
}

/** What came out of the checks that were selected: all that is not green has failed, as far as signing goes. */
export function testsOf({ checks, overall }: Pick<Verdict, 'checks' | 'overall'>) {
  const selected = checks.filter((check) => check.selected);
  const ids = (kept: (check: Verdict['checks'][number]) => boolean) => selected.filter(kept).map(({ id }) => id);
  const result = { accepted: 'PASSED', 'accepted-with-waivers': 'WARNED' } as Partial<
    Record<string, Statement['predicate']['result']>
  >;
  return {
    result: result[overall] ?? 'FAILED',
    passedTests: ids(({ outcome }) => outcome === 'passed'),
    warnedTests: ids(({ outcome }) => outcome === 'waived'),
    failedTests: ids(({ outcome }) => !isGreen(outcome)),
  } as const;
}

/** An in-toto statement about a run's files and what came out, as JSON. */
export function stateOf(parts: Parts, verdict: Verdict, bundledAt: Date): Buffer {
  const { runId, overall, target, startedAt, endedAt } = verdict;
  const known = {
    run: runId,
    verdict: overall,
    target: `${target.kind}: ${target.title}`,
    suite: target.facts['suite'] ?? 'unknown',
  };
  const annotations = { ...known, startedAt, endedAt, bundledAt: bundledAt.toISOString() };
  const statement: Statement = {
    _type: STATEMENT,
    subject: [...parts].map(([name, data]) => ({ name, digest: { sha256: sha256(data) } })),
    predicateType: TEST_RESULT,
    predicate: { ...testsOf(verdict), configuration: [{ name: 'run', annotations }] },
  };
  return Buffer.from(JSON.stringify(statement));
}

/** Reads one. Throws what JSON or the schema throws. */
export function readStatement(json: Buffer): Stated {
  const { subject, predicate } = statementSchema.parse(JSON.parse(json.toString('utf8')));
  const { configuration, ...tests } = predicate;
  const [{ annotations: run } = { annotations: undefined }] = configuration;
  if (run === undefined) {
    throw new Error('it tells of no run');
  }
  return { sums: new Map(subject.map(({ name, digest }) => [name, digest.sha256])), run, tests };
}
