import { join } from 'node:path';
import { acquireLock } from '../../fixtures/lock.ts';
import { newRunId } from '../../fixtures/run.ts';
import { liveTarget } from '../../fixtures/targets/live.ts';
import { environment, readSettings, type SettingOptions, type Settings } from '../../helpers/config.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { visibleLine } from '../../helpers/visible.ts';
import { runsFolder } from '../runs.ts';
import { type SweepTally, sweepCloud, tellWithoutCloud } from '../sweep/clouds.ts';
import { runsWithContainers, sweepContainers } from '../sweep/containers.ts';
import { sweepLocal } from '../sweep/local.ts';
import { mayBeLeft, type UnsweptRun, unreadableRuns, unsweptRuns } from '../sweep/runs.ts';

const CANNOT_RUN = 2;
const LEFT = 3;

/** Shows what killed runs left behind, and removes it with `--yes`. Gives 3 when something is still there afterwards. */
export async function sweep(ids: readonly string[], options: SettingOptions, redactor: Redactor): Promise<number> {
  const settings = readSettings(options);
  const folder = runsFolder();
  const runs = unsweptRuns(folder, ids, await runsWithContainers());
  // Nothing is swept while a run is under way: that one cleans up after itself.
  using _lock = acquireLock(folder, newRunId(Date.now()));
  const clusters = await sweepLocal(runs, (run) => ids.length === 0 || ids.includes(run), settings.yes, say);
  const ofKind = (kind: Settings['target']) => runs.filter(({ header }) => header.target === kind);
  // A cluster that lives on comes before containers, for which Docker may refuse its help.
  const tally = await sweepLive(ofKind('live'), settings, redactor);
  const containers = await sweepContainers({ runs: ofKind('container'), ids, yes: settings.yes, say });
  const lost = unreadableRuns(folder, ids)
    .map(tellUnreadable)
    .reduce((sum, left) => sum + left, 0);
  const found = tally.found + clusters + containers + lost;
  return conclude({ ...tally, found, left: tally.left + lost }, settings.yes, ids);
}

/** Gives how many things may be left. */
function tellUnreadable(run: ReturnType<typeof unreadableRuns>[number]): number {
  const left = mayBeLeft(run);
  say(`run ${run.id}: the first line of its journal, which tells where it was made, cannot be read any more`);
  for (const what of left) {
    say(visibleLine(`run ${run.id}: ${what} may be left`));
  }
  say(`  → Look for these by their names, remove what is there, then remove the run's folder: ${join(runsFolder(), run.id)}`);
  return left.length;
}

async function sweepLive(runs: readonly UnsweptRun[], settings: Settings, redactor: Redactor): Promise<SweepTally> {
  if (runs.length === 0) {
    return { found: 0, left: 0, refused: 0 };
  }
  try {
    const target = liveTarget(settings, environment(), process.cwd());
    return await sweepCloud({ runs, target, redactor, yes: settings.yes, say: (text) => say(redactor.clean(text)) });
  } catch (error) {
    return tellWithoutCloud(runs, error, (text) => say(redactor.clean(text)));
  }
}

function conclude({ found, left, refused }: SweepTally, yes: boolean, ids: readonly string[]): number {
  const command = ['npm run sweep --', ...ids, '--yes'].join(' ');
  if (left > 0) {
    say(`Not everything could be removed.\n  → Mend what stands above, then sweep again: ${command}`);
    return LEFT;
  }
  if (found === 0 && refused === 0) {
    say('There is nothing to sweep.');
  } else if (found > 0) {
    say(yes ? 'All of it is removed.' : `${found} things would be removed.\n  → Remove them with: ${command}`);
  }
  return refused > 0 ? CANNOT_RUN : 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
