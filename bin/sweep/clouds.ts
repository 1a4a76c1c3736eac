import { assertBound, bindingOf } from '../../fixtures/binding.ts';
import { type Clients, connect } from '../../fixtures/clients.ts';
import { previewSweep, sweepRun } from '../../fixtures/sweep.ts';
import type { Target } from '../../fixtures/targets/target.ts';
import { systemEnvironment } from '../../helpers/config.ts';
import { Failure, messageOf } from '../../helpers/failure.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { visibleLine } from '../../helpers/visible.ts';
import { mayBeLeft, type UnsweptRun } from './runs.ts';

export interface CloudSweep {
  readonly runs: readonly UnsweptRun[];
  readonly target: Target;
  readonly redactor: Redactor;
  readonly yes: boolean;
  readonly say: (text: string) => void;
}

/** How much was found, removed or shown, and how much is left or may be. */
export interface SweepTally {
  found: number;
  left: number;
  /** Runs that were made elsewhere. */
  refused: number;
}

/** Sweeps runs of one cloud, each only if it was made where the target is. */
export async function sweepCloud({ runs, target, redactor, yes, say }: CloudSweep): Promise<SweepTally> {
  const tally: SweepTally = { found: 0, left: 0, refused: 0 };
  const clients = await connect(target, { redactor, environment: systemEnvironment() });
  const connected = await bindingOf(clients, target);
  for (const run of runs) {
    try {
      assertBound(run.id, run.header.binding, connected);
    } catch (error) {
      tally.refused += 1;
      say(messageOf(error));
      continue;
    }
    await (yes ? sweepOne(run, clients, target, tally, say) : showOne(run, clients, tally, say));
  }
  return tally;
}

async function sweepOne(
  run: UnsweptRun,
  clients: Clients,
  { limits }: Target,
  tally: SweepTally,
  say: CloudSweep['say'],
): Promise<void> {
  const { removed, left } = await sweepRun({ runDir: run.dir, clients, limits });
  for (const what of removed) {
    say(visibleLine(`run ${run.id}: removed ${what}`));
  }
  for (const { what, error } of left) {
    say(`${visibleLine(`run ${run.id}: ${what} is left`)}: ${messageOf(error)}`);
  }
  tally.found += removed.length + left.length;
  tally.left += left.length;
}

async function showOne(run: UnsweptRun, clients: Clients, tally: SweepTally, say: CloudSweep['say']): Promise<void> {
  const found = await previewSweep({ runDir: run.dir, clients });
  for (const what of found) {
    say(visibleLine(`run ${run.id}: ${what}`));
  }
  tally.found += found.length;
}

/** When the cloud does not answer, or not as it should, the journals are all there is to tell. */
export function tellWithoutCloud(runs: readonly UnsweptRun[], error: unknown, say: CloudSweep['say']): SweepTally {
  if (!(error instanceof Failure)) {
    throw error;
  }
  say(error.message);
  const left = runs.flatMap((run) => mayBeLeft(run).map((what) => `run ${run.id}: ${what} may be left`));
  for (const what of left) {
    say(visibleLine(what));
  }
  return { found: left.length, left: Math.max(1, left.length), refused: 0 };
}
