import { acquireLock } from '../../fixtures/run/lock.ts';
import { namePrefix, newRunId } from '../../fixtures/run/run.ts';
import { liveTarget } from '../../fixtures/targets/live.ts';
import { environment, readSettings, type SettingOptions, type Settings } from '../../helpers/config/config.ts';
import { fromHere } from '../../helpers/config/named-file.ts';
import { visibleLine } from '../../helpers/masking/visible.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { Interruption } from '../run/interruption.ts';
import { runsFolder } from '../runs-folder.ts';
import { type SweepTally, sweepCloud, tellWithoutCloud } from '../sweep/clouds.ts';
import { runsWithContainers, sweepContainers } from '../sweep/containers.ts';
import { sweepLocal } from '../sweep/local.ts';
import { mayBeLeft, runsToSweep, type UnreadableRun, type UnsweptRun } from '../sweep/unswept-runs.ts';

const CANNOT_RUN = 2;
const LEFT = 3;
const STOPPING = { first: 'what is left is told; the next sweep goes on there.', later: 'Please wait.' };

/** Shows what killed runs left behind, and removes it with `--yes`. Gives 3 when something is still there afterwards. */
export async function sweep(ids: readonly string[], options: SettingOptions, redactor: Redactor): Promise<number> {
  // A variable that lets runs begin unasked must not make this remove what it was only asked to show.
  const settings = { ...readSettings(options), yes: options.yes === true };
  const folder = runsFolder();
  using interruption = new Interruption(say, STOPPING);
  // Nothing is swept while a run is under way: that one cleans up after itself.
  using _lock = acquireLock(folder, newRunId(Date.now()));
  const { unswept: runs, unreadable } = runsToSweep(folder, ids, await runsWithContainers());
  const clusters = await sweepLocal(runs, (run) => ids.length === 0 || ids.includes(run), settings.yes, say);
  const ofKind = (kind: Settings['target']) => runs.filter(({ header }) => header.target === kind);
  // A cluster that lives on comes before containers, for which Docker may refuse its help.
  const tally = await sweepLive(ofKind('live'), settings, redactor, interruption.signal);
  const containers = await sweepContainers({ runs: ofKind('container'), ids, yes: settings.yes, say });
  const lost = unreadable.map(tellUnreadable).reduce((sum, left) => sum + left, 0);
  const found = tally.found + clusters + containers + lost;
  const exitCode = conclude({ ...tally, found, left: tally.left + lost }, settings.yes, ids);
  return interruption.exitCode ?? exitCode;
}

/** Gives how many things may be left. */
function tellUnreadable(run: UnreadableRun): number {
  const left = mayBeLeft(run);
  say(`run ${run.id}: ${run.why}`);
  for (const what of left) {
    say(visibleLine(`run ${run.id}: ${what} may be left`));
  }
  const names = left.length > 0 ? 'these by their names' : `things named ${namePrefix(run.id)}-…`;
  say(`  → Look for ${names}, remove what is there, then remove the run's folder: ${run.dir}`);
  return Math.max(1, left.length);
}

async function sweepLive(
  runs: readonly UnsweptRun[],
  settings: Settings,
  redactor: Redactor,
  signal: AbortSignal,
): Promise<SweepTally> {
  if (runs.length === 0) {
    return { found: 0, left: 0, perhaps: 0, refused: 0 };
  }
  const masked = { runs, signal, say: (text: string) => say(redactor.clean(text)) };
  try {
    const target = liveTarget(settings, environment(), fromHere('.'));
    return await sweepCloud({ ...masked, target, redactor, yes: settings.yes });
  } catch (error) {
    return tellWithoutCloud(error, masked);
  }
}

function conclude({ found, left, perhaps, refused }: SweepTally, yes: boolean, ids: readonly string[]): number {
  const command = ['npm run sweep --', ...ids, '--yes'].join(' ');
  if (left > 0) {
    say(`Not everything could be removed.\n  → Mend what stands above, then sweep again: ${command}`);
    return LEFT;
  }
  if (found > 0) {
    say(yes ? 'All of it is removed.' : `${found} things would be removed.\n  → Remove them with: ${command}`);
  }
  if (perhaps > 0) {
    say(
      `${perhaps} things may be of these runs, and nothing proves it.\n  → Look at each; remove what is yours by hand. Nothing of it was touched.`,
    );
    return LEFT;
  }
  if (found === 0 && refused === 0) {
    say('There is nothing to sweep.');
  }
  return refused > 0 ? CANNOT_RUN : found > 0 && !yes ? LEFT : 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
