import { basename, dirname, join, relative } from 'node:path';
import { NOTHING_LEFT } from '../../fixtures/cleanup/nothing-left.ts';
import type { Manifest } from '../../helpers/claims.ts';
import { fromHere } from '../../helpers/config/named-file.ts';
import { messageOf } from '../../helpers/failure.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { logsWorthALook } from '../../reports/allure/service-logs.ts';
import type { Ci } from '../../reports/ci/ci.ts';
import { writeReports } from '../../reports/report.ts';
import type { Remade } from '../../reports/sign-off/sign-off.ts';
import { renderVerdict } from '../../reports/terminal/render-verdict.ts';
import { paletteFor, plural, wrap } from '../../reports/terminal/text.ts';
import { compareVerdicts } from '../../reports/verdict/comparison.ts';
import type { RunFacts } from '../../reports/verdict/verdict.ts';
import { isGreen, type Verdict } from '../../reports/verdict/verdict-schema.ts';
import { earlierVerdicts, lastPoints, sameCluster } from '../earlier-runs.ts';
import { makePrivate } from '../runs-folder.ts';

const COLUMNS = 80;

export interface Conclusion {
  readonly runDir: string;
  readonly manifest: Manifest;
  readonly facts: RunFacts;
  readonly redactor: Redactor;
  /** Somebody stopped the run: that most checks were not reached is no news. */
  readonly wasInterrupted?: boolean;
  /** Who else writes to the terminal; standard output when nobody does. */
  readonly print?: (text: string) => void;
  /** Told of what was judged, once the reports are there. */
  readonly onVerdict?: (verdict: Verdict) => void;
  /** The CI that shows the run, if it is in one. */
  readonly ci?: Ci | undefined;
}

/** Judges a run, writes its reports and prints its end. Gives the exit code. */
export async function conclude({
  runDir,
  manifest,
  facts,
  redactor,
  wasInterrupted = false,
  ci,
  onVerdict,
  ...more
}: Conclusion): Promise<number> {
  const out = process.stdout;
  const { print = (text) => void out.write(text) } = more;
  const previous = acceptedBefore(facts, dirname(runDir));
  const runs = dirname(runDir);
  // A run that is judged again is not before itself.
  const points = lastPoints(runs, facts).filter(({ runId }) => runId !== facts.runId);
  const earlier = points.map((point) => ({ point, dir: join(runs, point.runId) }));
  const { verdict, html, remade } = await writeReports({ runDir, manifest, facts, redactor, previous, earlier, say: print });
  onVerdict?.(verdict);
  try {
    makePrivate(runDir);
  } catch (error) {
    // Where nothing can be written any more, nobody can be shut out either; the verdict comes first.
    print(`The run's files may be readable for others: ${messageOf(error)}\n`);
  }
  const reportPath = html === undefined ? undefined : relative(fromHere('.'), html);
  const isClean = verdict.checks.some(({ id, outcome }) => id === NOTHING_LEFT && outcome === 'passed');
  if (wasInterrupted && isClean && verdict.counts.failed === 0) {
    const { passed, selected } = verdict.counts;
    const report = reportPath === undefined ? '' : `report: ${reportPath}\n`;
    const next = waysOn(verdict, undefined).map((way) => wrap(`→ ${way}\n`, out.columns ?? COLUMNS).join('\n'));
    const said = `Interrupted after ${passed} of ${plural(selected, 'check')} had passed. Nothing is left behind.`;
    print(`\n${said}\n${report}${next.join('')}`);
    return verdict.exitCode;
  }
  const next = waysOn(verdict, previous);
  const logs = logsWorthALook(runDir, verdict.overall);
  const options = {
    sweepCommand: `npm run sweep -- ${facts.runId} --yes`,
    palette: paletteFor(out),
    ...(reportPath === undefined ? {} : { reportPath }),
    ...(logs === undefined ? {} : { logsPath: relative(fromHere('.'), logs) }),
    ...(out.columns === undefined ? {} : { columns: out.columns }),
    next,
  };
  ci?.close();
  print(`\n${renderVerdict(verdict, options)}`);
  if (remade !== undefined) {
    print(`\n${remadeInWords(remade, options.columns)}\n`);
  }
  ci?.tell(verdict, next);
  return verdict.exitCode;
}

/** Whoever signed a page, or has a bundle, must not come to think that it was tampered with. */
function remadeInWords({ earlier }: Remade, columns = COLUMNS): string {
  const files = earlier.map(({ file, sum }) => `  ${basename(file)}: was ${sum}`);
  const what = 'The pages were made again, and have other checksums than before:';
  const advice = '→ A page that was signed and a bundle that was made before are of the earlier ones: sign and bundle again.';
  return [...wrap(what, columns), ...files, ...wrap(advice, columns, '  ')].join('\n');
}

/**
 * After a run that was not accepted: what may still be there when nobody has looked, what has become worse since the last one that was, the
 * command that plays what it did not get to, and the one that plays all again that was not green.
 */
function waysOn(verdict: Verdict, previous: Verdict | undefined): string[] {
  const { overall, target, checks, runId } = verdict;
  if (overall.startsWith('accepted')) {
    return [];
  }
  const nobodyLooked = checks.some(({ id, outcome }) => id === NOTHING_LEFT && outcome === 'could-not-check');
  const unreached = new Set(unreachedIn(verdict));
  const red = checks.filter(
    ({ selected, scenario, outcome }) => selected && scenario !== 'run' && !isGreen(outcome) && !unreached.has(scenario),
  );
  const kind = target.kind === 'embedded' ? '' : ` --target ${target.kind}`;
  return [
    ...(nobodyLooked ? [`What it made may still be there: npm run sweep -- ${runId}`] : []),
    ...(previous === undefined ? [] : sinceAccepted(verdict, previous)),
    ...(unreached.size === 0
      ? []
      : [
          `Only what it did not get to, with the same settings; the rest counts as it was: npm run acceptance -- resume ${runId}`,
        ]),
    ...(red.length === 0
      ? []
      : [`Once that is mended, only what was not green, with the same settings: npm run acceptance --${kind} --last-failed`]),
  ];
}

/** Ids of scenarios that have not ended. */
function unreachedIn({ scenarios, checks }: Verdict): string[] {
  const unended = new Set(scenarios.filter(({ ms }) => ms === 0).map(({ id }) => id));
  return checks.flatMap(({ selected, scenario, outcome }) =>
    selected && outcome === 'could-not-check' && unended.has(scenario) ? [scenario] : [],
  );
}

function sinceAccepted(verdict: Verdict, previous: Verdict): string[] {
  const { worse } = compareVerdicts(previous, verdict);
  const day = previous.endedAt.slice(0, 16).replace('T', ' ');
  const what = `${plural(worse.length, 'check')} that ${worse.length === 1 ? 'was' : 'were'} green in the last accepted run (${day} UTC)`;
  return worse.length === 0 ? [] : [`${what}: npm run acceptance -- compare ${previous.runId} ${verdict.runId}`];
}

function acceptedBefore({ runId, target }: RunFacts, runs: string): Verdict | undefined {
  for (const earlier of earlierVerdicts(runs)) {
    if (
      earlier.runId < runId &&
      earlier.overall.startsWith('accepted') &&
      earlier.notSelected.length === 0 &&
      sameCluster(earlier, { target })
    ) {
      return earlier;
    }
  }
  return undefined;
}
