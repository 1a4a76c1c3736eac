import { markSwept, type UnsweptRun } from './runs.ts';

/** Removes the containers of killed runs: everything that those made was inside. Gives how many runs there were. */
export async function sweepContainers(runs: readonly UnsweptRun[], yes: boolean, say: (text: string) => void): Promise<number> {
  for (const run of runs) {
    if (!yes) {
      say(`the containers of run ${run.id}`);
      continue;
    }
    // Loaded only here: nobody else needs Docker.
    const { removeRun } = await import('../../fixtures/containers/cluster/removal.ts');
    for (const told of await removeRun(run.id)) {
      say(told);
    }
    markSwept(run);
  }
  return runs.length;
}
