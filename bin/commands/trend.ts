import { CannotRun } from '../../helpers/failure.ts';
import { renderTrend } from '../../reports/terminal/render-trend.ts';
import { paletteFor } from '../../reports/terminal/text.ts';
import { trendOf } from '../../reports/verdict/trend.ts';
import { lastPoints, pointOf } from '../earlier-runs.ts';
import { findRun, runsFolder } from '../runs-folder.ts';

/** Prints outcomes and durations of the last runs on the cluster of that run. Throws CannotRun when there is none. */
export function trend(run: string | undefined): number {
  const folder = runsFolder();
  const last = run === undefined ? undefined : pointOf(findRun(folder, run));
  const points = lastPoints(folder, last);
  if (points.length === 0) {
    throw new CannotRun('there is no run with a verdict yet', { folder }, 'Begin one with `npm run acceptance`.');
  }
  process.stdout.write(renderTrend(trendOf(points), paletteFor(process.stdout)));
  return 0;
}
