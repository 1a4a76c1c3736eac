import { dirname, relative } from 'node:path';
import { NOTHING_LEFT } from '../../fixtures/cleanup/nothing-left.ts';
import type { Manifest } from '../../helpers/claims.ts';
import { messageOf } from '../../helpers/failure.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { logsWorthALook } from '../../reports/allure/service-logs.ts';
import { writeReports } from '../../reports/report.ts';
import { renderVerdict } from '../../reports/terminal/render-verdict.ts';
import { paletteFor, plural } from '../../reports/terminal/text.ts';
import { compareVerdicts } from '../../reports/verdict/comparison.ts';
import type { RunFacts } from '../../reports/verdict/verdict.ts';
import type { Verdict } from '../../reports/verdict/verdict-schema.ts';
import { earlierVerdicts, sameCluster } from '../earlier-runs.ts';
import { makePrivate } from '../runs-folder.ts';

export interface Conclusion {
  readonly runDir: string;
  readonly manifest: Manifest;
  readonly facts: RunFacts;
  readonly redactor: Redactor;
  /** Somebody stopped the run: that most checks were not reached is no news. */
  readonly wasInterrupted?: boolean;
  /** Who else writes to the terminal; standard output when nobody does. */
  readonly print?: (text: string) => void;
}

/** Judges a run, writes its reports and prints its end. Gives the exit code. */
export async function conclude({
  runDir,
  manifest,
  facts,
  redactor,
  wasInterrupted = false,
  ...more
}: Conclusion): Promise<number> {
  const out = process.stdout;
  const { print = (text) => void out.write(text) } = more;
  const { verdict, html } = await writeReports({ runDir, manifest, facts, redactor, say: print });
  try {
    makePrivate(runDir);
  } catch (error) {
    // Where nothing can be written any more, nobody can be shut out either; the verdict comes first.
    print(`The run's files may be readable for others: ${messageOf(error)}\n`);
  }
  const reportPath = html === undefined ? undefined : relative(process.cwd(), html);
  const isClean = verdict.checks.some(({ id, outcome }) => id === NOTHING_LEFT && outcome === 'passed');
  if (wasInterrupted && isClean && verdict.counts.failed === 0) {
    const { passed, selected } = verdict.counts;
    const report = reportPath === undefined ? '' : `report: ${reportPath}\n`;
    print(`\nInterrupted after ${passed} of ${plural(selected, 'check')} had passed. Nothing is left behind.\n${report}`);
    return verdict.exitCode;
  }
  const logs = logsWorthALook(runDir, verdict.overall);
  const options = {
    sweepCommand: `npm run sweep -- ${facts.runId} --yes`,
    palette: paletteFor(out),
    ...(reportPath === undefined ? {} : { reportPath }),
    ...(logs === undefined ? {} : { logsPath: relative(process.cwd(), logs) }),
    ...(out.columns === undefined ? {} : { columns: out.columns }),
    next: waysOn(verdict, dirname(runDir)),
  };
  print(`\n${renderVerdict(verdict, options)}`);
  return verdict.exitCode;
}

/** After a run that was not accepted: what has become worse since the last one that was, and the command that plays the rest again. */
function waysOn(verdict: Verdict, runs: string): string[] {
  const { overall, target, checks } = verdict;
  if (!['rejected', 'incomplete', 'leaked'].includes(overall)) {
    return [];
  }
  const red = checks.filter(({ selected, scenario, outcome }) => selected && scenario !== 'run' && !GREEN.has(outcome));
  const kind = target.kind === 'embedded' ? '' : ` --target ${target.kind}`;
  const again = `Once that is mended, only what was not green: npm run acceptance --${kind} --last-failed`;
  return [...sinceAccepted(verdict, runs), ...(red.length === 0 ? [] : [again])];
}

const GREEN: ReadonlySet<string> = new Set(['passed', 'not-applicable', 'waived']);

function sinceAccepted(verdict: Verdict, runs: string): string[] {
  for (const earlier of earlierVerdicts(runs)) {
    if (earlier.runId < verdict.runId && earlier.overall.startsWith('accepted') && sameCluster(earlier, verdict)) {
      const { worse } = compareVerdicts(earlier, verdict);
      const day = earlier.endedAt.slice(0, 16).replace('T', ' ');
      const what = `${plural(worse.length, 'check')} of this run ${worse.length === 1 ? 'was' : 'were'} green then`;
      return [
        `The last accepted run was ${earlier.runId} (${day} UTC); ${what}: npm run acceptance -- compare ${earlier.runId} ${verdict.runId}`,
      ];
    }
  }
  return [];
}
