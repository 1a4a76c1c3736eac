import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { runFiles } from '../../fixtures/run/run.ts';
import { readEvidence } from '../../helpers/evidence.ts';
import { CannotRun, messageOf } from '../../helpers/failure.ts';
import type { Redactor } from '../../helpers/redact.ts';
import type { RunFacts } from '../../reports/verdict/verdict.ts';
import { targetSchema } from '../../reports/verdict/verdict-schema.ts';
import { isThere } from '../runs-folder.ts';

const begunSchema = z.strictObject({
  runId: z.string(),
  target: targetSchema,
  selection: z.array(z.string()),
  startedAt: z.string(),
});
/** What is known of a run as it begins. */
export type Begun = z.output<typeof begunSchema>;

/** Writes it down, masked, so that the run can be judged even when it is killed. */
export function writeBegun(dir: string, begun: Begun, redactor: Redactor): void {
  const target = redactor.maskValues(begun.target, (field) => field === 'kind');
  writeFileSync(runFiles(dir).begun, `${JSON.stringify({ ...begun, target })}\n`, { mode: 0o600 });
}

/**
 * What a run is judged by that ended without a verdict: it was killed. Nobody has looked whether something is left. Throws CannotRun when it
 * had not begun.
 */
export function factsOfKilled(dir: string): RunFacts {
  const { begun: path, evidence } = runFiles(dir);
  try {
    const begun = begunSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const last = isThere(evidence) ? readEvidence(evidence).lines.at(-1)?.at : undefined;
    return { ...begun, runner: { exitCode: null, signal: 'SIGKILL' }, leaks: [], endedAt: last ?? begun.startedAt };
  } catch (cause) {
    const advice = 'Name a run that has begun, by its folder under reports/runs.';
    throw new CannotRun('this run has no verdict, and had not begun', { file: path, reason: messageOf(cause) }, advice, {
      cause,
    });
  }
}
