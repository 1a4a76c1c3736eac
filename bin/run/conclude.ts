import { relative } from 'node:path';
import type { Manifest } from '../../helpers/claims.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { renderVerdict } from '../../reports/render-verdict.ts';
import { writeReports } from '../../reports/report.ts';
import { paletteFor } from '../../reports/text.ts';
import type { RunFacts } from '../../reports/verdict.ts';

export interface Conclusion {
  readonly runDir: string;
  readonly manifest: Manifest;
  readonly facts: RunFacts;
  readonly redactor: Redactor;
}

/** Judges a run, writes its reports and prints its end. Gives the exit code. */
export async function conclude({ runDir, manifest, facts, redactor }: Conclusion): Promise<number> {
  const out = process.stdout;
  const say = (text: string) => void out.write(text);
  const { verdict, html } = await writeReports({ runDir, manifest, facts, redactor, say });
  const options = {
    sweepCommand: `npm run sweep -- ${facts.runId} --yes`,
    palette: paletteFor(out),
    ...(html === undefined ? {} : { reportPath: relative(process.cwd(), html) }),
    ...(out.columns === undefined ? {} : { columns: out.columns }),
  };
  out.write(`\n${renderVerdict(verdict, options)}`);
  return verdict.exitCode;
}
