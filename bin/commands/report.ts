import { Redactor } from '../../helpers/redact.ts';
import { factsOf, readVerdict } from '../../reports/report.ts';
import { manifest } from '../../scenarios/manifest.ts';
import { conclude } from '../run/conclusion.ts';
import { findRun, runsFolder } from '../runs-folder.ts';

/** Writes a run's reports again, from its evidence, and prints its verdict. Gives the exit code that the run had. */
export async function report(run: string | undefined): Promise<number> {
  const runDir = findRun(runsFolder(), run);
  // Everything in the folder was masked when it was written.
  return conclude({ runDir, manifest, facts: factsOf(readVerdict(runDir)), redactor: new Redactor() });
}
