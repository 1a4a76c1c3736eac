import type { Settings } from '../helpers/config/config.ts';
import { CannotRun } from '../helpers/failure.ts';
import { isGreen } from '../reports/verdict/verdict-schema.ts';
import { manifest } from '../scenarios/manifest.ts';
import { lastEnded } from './earlier-runs.ts';
import { byDefault, type Selection, select } from './selection.ts';

type Wishes = Pick<Settings, 'target' | 'only' | 'exclude' | 'lastFailed' | 'everywhere'>;

/** The scenario that a setting of its own asks for. */
const EVERYWHERE = 'everywhere';

/**
 * What these settings select; `say` is told which run was the last. Throws CannotRun for words that mean nothing, and when the last run left
 * nothing to play again.
 */
export function selected(settings: Wishes, runs: () => string, say: (text: string) => void): Selection {
  const { target, only, exclude, lastFailed, everywhere } = settings;
  if (!lastFailed) {
    const unasked = byDefault(settings);
    return select(manifest, everywhere ? [...(only.length === 0 ? [unasked] : only), EVERYWHERE] : only, unasked, exclude);
  }
  if (only.length > 0) {
    throw new CannotRun('--last-failed says what is played, and so does --only', {}, 'Give one of the two.');
  }
  const last = lastEnded(runs(), target);
  const played = new Set(manifest.checks.filter(({ scenario }) => scenario !== 'run').map(({ id }) => id));
  const red = last.checks.filter(({ id, selected: was, outcome }) => was && played.has(id) && !isGreen(outcome));
  if (red.length === 0) {
    const advice = 'Play all again: npm run acceptance';
    throw new CannotRun('in the last run no scenario had a check that was not green', { run: last.runId, target }, advice);
  }
  const ended = `${last.endedAt.slice(0, 16).replace('T', ' ')} UTC`;
  say(`Only what was not green in run ${last.runId} (${last.target.facts['Keystone'] ?? target}, ${ended}).`);
  return select(
    manifest,
    red.map(({ id }) => id),
    byDefault(settings),
    exclude,
  );
}
