import { isInstalled } from '../../fixtures/actions/client-search.ts';
import { systemEnvironment } from '../../helpers/config/config.ts';
import { markSwept, type UnsweptRun } from './unswept-runs.ts';

export interface ContainerSweep {
  /** Killed runs whose target was made of containers. */
  readonly runs: readonly UnsweptRun[];
  /** Runs that were named; empty: none was. Only what a named run kept on purpose is taken. */
  readonly ids: readonly string[];
  readonly yes: boolean;
  readonly say: (text: string) => void;
}

/** Runs whose containers, networks or volumes are on this machine. None where no Docker engine answers. */
export async function runsWithContainers(): Promise<ReadonlySet<string>> {
  if (!(await isThereDocker())) {
    return new Set();
  }
  const { labelled } = await import('../../fixtures/containers/cluster/labels.ts');
  return new Set((await labelled()).map(({ run }) => run));
}

async function isThereDocker(): Promise<boolean> {
  if (!isInstalled('docker', systemEnvironment()['PATH'] ?? '')) {
    return false;
  }
  // Loaded only here: nobody else needs Docker.
  const { answers } = await import('../../fixtures/containers/cluster/docker.ts');
  return answers();
}

/**
 * Removes the containers, networks and volumes of killed runs: all that those made was inside. Found by their labels, because a run may be
 * killed before it has a journal. Gives how many things there were; throws CannotRun when a killed run needs Docker and it does not answer.
 */
export async function sweepContainers({ runs, ids, yes, say }: ContainerSweep): Promise<number> {
  if (runs.length === 0 && !(await isThereDocker())) {
    return 0;
  }
  const { labelled, leftovers, runBehind } = await import('../../fixtures/containers/cluster/labels.ts');
  const { remove, tell } = await import('../../fixtures/containers/cluster/removal.ts');
  // A run that used kept containers again left its things in those.
  const behind = await Promise.all(runs.map(async ({ id, header }) => (await runBehind(header.binding.authUrl)) ?? id));
  const named = new Set([...ids, ...behind]);
  const dead = await leftovers();
  const things = (await labelled()).filter(
    ({ id, run }) => named.has(run) || (ids.length === 0 && dead.some((left) => left.id === id)),
  );
  if (!yes) {
    for (const thing of things) {
      say(tell(thing));
    }
    return things.length;
  }
  for (const told of await remove(things)) {
    say(told);
  }
  for (const run of runs) {
    markSwept(run);
  }
  return things.length;
}
