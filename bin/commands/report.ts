import { basename } from 'node:path';
import { lockHolder } from '../../fixtures/run/lock.ts';
import { runFiles } from '../../fixtures/run/run.ts';
import { CannotRun } from '../../helpers/failure.ts';
import { Redactor } from '../../helpers/redact.ts';
import { factsOf, knownTo, readVerdict } from '../../reports/report.ts';
import { manifest } from '../../scenarios/manifest.ts';
import { factsOfKilled } from '../run/begun.ts';
import { conclude } from '../run/conclusion.ts';
import { findRun, isThere, runsFolder } from '../runs-folder.ts';

/** Writes a run's reports again, from its evidence, and prints its verdict. Gives the exit code that the run had, or would have had before it was killed. */
export async function report(run: string | undefined): Promise<number> {
  const folder = runsFolder();
  const runDir = findRun(folder, run);
  const isJudged = isThere(runFiles(runDir).verdict);
  if (!isJudged && lockHolder(folder)?.run === basename(runDir)) {
    throw new CannotRun('this run is under way', { run: basename(runDir) }, 'Wait until it has ended.');
  }
  const judged = isJudged ? readVerdict(runDir) : undefined;
  const facts = judged === undefined ? factsOfKilled(runDir) : factsOf(judged);
  const known = judged === undefined ? manifest : knownTo(judged, manifest);
  // Everything in the folder was masked when it was written.
  return conclude({ runDir, manifest: known, facts, redactor: new Redactor() });
}
