import type { Settings } from '../helpers/config/config.ts';
import { CannotRun } from '../helpers/failure.ts';
import { manifest } from '../scenarios/manifest.ts';
import { lastEnded } from './earlier-runs.ts';
import { byDefault, type Selection, select } from './selection.ts';

/** What these settings select. Throws CannotRun for words that mean nothing, and when the last run left nothing to play again. */
export function selected(settings: Pick<Settings, 'target' | 'only' | 'exclude' | 'lastFailed'>, runs: () => string): Selection {
  const { target, only, exclude, lastFailed } = settings;
  if (!lastFailed) {
    return select(manifest, only, byDefault(settings), exclude);
  }
  if (only.length > 0) {
    throw new CannotRun('--last-failed says what is played, and so does --only', {}, 'Give one of the two.');
  }
  const last = lastEnded(runs(), target);
  const red = last.checks.filter((check) => check.selected && !['passed', 'not-applicable'].includes(check.outcome));
  const words = red.map(({ id, scenario }) => (scenario === 'run' ? '' : id)).filter((id) => id !== '');
  if (words.length === 0) {
    const advice = 'Play all again: npm run acceptance';
    throw new CannotRun('in the last run no scenario had a check that was not green', { run: last.runId, target }, advice);
  }
  return select(manifest, words, byDefault(settings), exclude);
}
