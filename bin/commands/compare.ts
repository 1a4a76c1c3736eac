import { CannotRun } from '../../helpers/failure.ts';
import { readVerdict } from '../../reports/report.ts';
import { renderComparison } from '../../reports/terminal/render-comparison.ts';
import { paletteFor } from '../../reports/terminal/text.ts';
import { compareVerdicts } from '../../reports/verdict/comparison.ts';
import type { Verdict } from '../../reports/verdict/verdict-schema.ts';
import { earlierVerdicts, sameCluster } from '../earlier-runs.ts';
import { findRun, runsFolder } from '../runs-folder.ts';

const COLUMNS = 80;

/**
 * Prints what is different between two runs. Gives 1 when a check is worse. Throws CannotRun when there are no two to compare, or when settings
 * are given: these runs have ended.
 */
export function compare(first: string | undefined, second: string | undefined, settings: readonly string[]): number {
  if (settings.length > 0) {
    const advice = 'Leave them out, or name two drivers: --driver packaged --driver cinder=PATH';
    throw new CannotRun('settings change nothing in runs that have ended', { settings: settings.join(', ') }, advice);
  }
  const folder = runsFolder();
  const after = second === undefined ? latest(folder, first) : readVerdict(findRun(folder, second));
  const before = first === undefined ? previous(folder, after) : readVerdict(findRun(folder, first));
  const comparison = compareVerdicts(before, after);
  const out = process.stdout;
  out.write(renderComparison({ before, after, comparison }, out.columns ?? COLUMNS, paletteFor(out)));
  return comparison.worse.length > 0 ? 1 : 0;
}

function latest(folder: string, but: string | undefined): Verdict {
  for (const verdict of earlierVerdicts(folder)) {
    if (verdict.runId !== but) {
      return verdict;
    }
  }
  throw new CannotRun('there are no two runs to compare yet', { folder }, 'Begin one with `npm run acceptance`.');
}

function previous(folder: string, after: Verdict): Verdict {
  for (const verdict of earlierVerdicts(folder)) {
    if (verdict.runId < after.runId && sameCluster(verdict, after)) {
      return verdict;
    }
  }
  const advice = 'Name one: npm run acceptance -- compare RUN RUN';
  throw new CannotRun('there is no earlier run on the same cluster', { run: after.runId, folder }, advice);
}
