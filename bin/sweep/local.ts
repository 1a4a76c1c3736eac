import { removeWork } from '../../fixtures/cleanup/sweep.ts';
import { type DeadCluster, deadClusters, sweepDeadClusters } from '../../fixtures/targets/dead-clusters.ts';
import { messageOf } from '../../helpers/failure.ts';
import { markSwept, type UnsweptRun } from './unswept-runs.ts';

/** Takes down embedded clusters whose process was killed: their runs end with them. Gives how many there were. */
export async function sweepLocal(
  runs: readonly UnsweptRun[],
  isChosen: (run: string) => boolean,
  yes: boolean,
  say: (text: string) => void,
) {
  const dead = deadClusters().filter(({ run }) => isChosen(run));
  if (!yes) {
    for (const { dir, run } of dead) {
      say(`the embedded cluster of run ${run}: its servers, its devices and ${dir}`);
    }
    return dead.length;
  }
  await takeDown(dead, say);
  const stillThere = new Set(deadClusters().map(({ run }) => run));
  for (const run of runs.filter(({ id, header }) => header.target === 'embedded' && !stillThere.has(id))) {
    const left = removeWork(run.dir);
    for (const { what, error } of left) {
      say(`run ${run.id}: ${what} is left: ${messageOf(error)}`);
    }
    if (left.length === 0) {
      markSwept(run);
    }
  }
  return dead.length;
}

async function takeDown(dead: readonly DeadCluster[], say: (text: string) => void): Promise<void> {
  for (const told of await sweepDeadClusters(dead)) {
    say(told);
  }
}
