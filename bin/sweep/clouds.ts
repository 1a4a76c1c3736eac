import { previewSweep, type SweepResult, sweepRun } from '../../fixtures/cleanup/sweep.ts';
import { perhapsInWords } from '../../fixtures/ledger/adoption.ts';
import { assertSameCloud, cloudBindingOf } from '../../fixtures/ledger/cloud-binding.ts';
import { type Clients, connect } from '../../fixtures/targets/clients.ts';
import type { Target } from '../../fixtures/targets/target.ts';
import { systemEnvironment } from '../../helpers/config/config.ts';
import { Failure, messageOf } from '../../helpers/failure.ts';
import { visibleLine } from '../../helpers/masking/visible.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { mayBeLeft, type UnsweptRun } from './unswept-runs.ts';
import { tellWaits } from './waits.ts';

export interface CloudSweep {
  readonly runs: readonly UnsweptRun[];
  readonly target: Target;
  readonly redactor: Redactor;
  /** Ends every request; what was not removed by then is left. */
  readonly signal: AbortSignal;
  readonly yes: boolean;
  readonly say: (text: string) => void;
}

/** How much was found, removed or shown, and how much is left or may be. */
export interface SweepTally {
  found: number;
  left: number;
  /** What may be of a run, and is left alone because nothing proves it. */
  perhaps: number;
  /** Runs that were made elsewhere. */
  refused: number;
}

/** Sweeps runs of one cloud, each by itself and only if it was made where the target is. */
export async function sweepCloud({ runs, target, redactor, signal, yes, say }: CloudSweep): Promise<SweepTally> {
  const tally: SweepTally = { found: 0, left: 0, perhaps: 0, refused: 0 };
  const clients = await connect(target, { redactor, signal, environment: systemEnvironment() });
  const connected = await cloudBindingOf(clients, target);
  for (const run of runs) {
    try {
      assertSameCloud(run.id, run.header.binding, connected);
    } catch (error) {
      tally.refused += 1;
      say(messageOf(error));
      continue;
    }
    await (yes ? sweepOne(run, clients, target, tally, say) : showOne(run, clients, tally, say)).catch((error: unknown) => {
      tellUnswept(run, error, tally, say);
    });
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
  const waiting = tellWaits((text) => say(`run ${run.id}: ${text}`));
  const result = await sweepRun({ runDir: run.dir, clients, limits, waiting });
  for (const what of result.removed) {
    say(visibleLine(`run ${run.id}: removed ${what}`));
  }
  tellLeft(run, result, tally, say);
}

async function showOne(run: UnsweptRun, clients: Clients, tally: SweepTally, say: CloudSweep['say']): Promise<void> {
  const result = await previewSweep({ runDir: run.dir, clients });
  for (const what of result.removed) {
    say(visibleLine(`run ${run.id}: ${what}`));
  }
  tellLeft(run, result, tally, say);
}

function tellLeft({ id }: UnsweptRun, { removed, left, perhaps }: SweepResult, tally: SweepTally, say: CloudSweep['say']): void {
  for (const { what, error } of left) {
    say(`${visibleLine(`run ${id}: ${what} is left`)}: ${messageOf(error)}`);
  }
  for (const one of perhaps) {
    say(`run ${id}: ${perhapsInWords(one)}`);
  }
  tally.found += removed.length + left.length;
  tally.left += left.length;
  tally.perhaps += perhaps.length;
}

/** A run that cannot be swept is no reason not to sweep the others. */
function tellUnswept(run: UnsweptRun, error: unknown, tally: SweepTally, say: CloudSweep['say']): void {
  const left = mayBeLeft(run);
  say(`run ${run.id} could not be swept: ${messageOf(error)}`);
  for (const what of left) {
    say(visibleLine(`run ${run.id}: ${what} may be left`));
  }
  tally.found += left.length;
  tally.left += Math.max(1, left.length);
}

/** When the cloud does not answer, or not as it should, or nobody wants to wait for it, the journals are all there is to tell. */
export function tellWithoutCloud(error: unknown, { runs, signal, say }: Pick<CloudSweep, 'runs' | 'signal' | 'say'>): SweepTally {
  if (!(error instanceof Failure || signal.aborted)) {
    throw error;
  }
  say(messageOf(error));
  const left = runs.flatMap((run) => mayBeLeft(run).map((what) => `run ${run.id}: ${what} may be left`));
  for (const what of left) {
    say(visibleLine(what));
  }
  return { found: left.length, left: Math.max(1, left.length), perhaps: 0, refused: 0 };
}
