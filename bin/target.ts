import { join } from 'node:path';
import { runFiles } from '../fixtures/run/run.ts';
import type { Promises, ProvisionedTarget } from '../fixtures/targets/target.ts';
import { environment, type Settings } from '../helpers/config/config.ts';
import { assertFit, thisMachine } from './machine.ts';
import { runsFolder } from './runs-folder.ts';

interface Bounds {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/**
 * Brings up, or reads about, the target that the settings name; `say` hears of what takes long. Throws CannotRun when something is
 * missing for it.
 */
export async function provision(settings: Settings, runId: string, bounds: Bounds): Promise<ProvisionedTarget> {
  const { liveTarget, promisesOf } = await import('../fixtures/targets/live.ts');
  switch (settings.target) {
    case 'embedded': {
      assertFit(thisMachine(environment()['PATH'] ?? ''));
      const { provisionEmbedded } = await import('../fixtures/targets/embedded.ts');
      return promising(await provisionEmbedded({ runId }), promisesOf(settings));
    }
    case 'live': {
      const target = liveTarget(settings, environment(), process.cwd(), bounds.say);
      return { target, [Symbol.asyncDispose]: () => Promise.resolve() };
    }
    case 'container': {
      return promising(await containers(settings, runId, bounds), promisesOf(settings));
    }
  }
}

/** OpenStack in containers. With the services' logs comes what the drivers asked of StorPool for each check. */
async function containers(settings: Settings, runId: string, bounds: Bounds): Promise<ProvisionedTarget> {
  const { provisionContainer } = await import('../fixtures/targets/container.ts');
  const folder = runsFolder();
  const { services } = runFiles(join(folder, runId));
  const container = await provisionContainer({ ...settings, ...bounds, runId, shared: [folder], logsTo: services });
  return {
    target: container.target,
    gatherLogs: async () => {
      await container.gatherLogs();
      const { writeDriverCalls } = await import('./containers/driver-calls.ts');
      writeDriverCalls(join(folder, runId), services);
    },
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
  };
}

/** What the operator promises counts before what the target was made to be. */
function promising({ target, gatherLogs, ...provisioned }: ProvisionedTarget, promises: Promises): ProvisionedTarget {
  return {
    target: { ...target, promises: { ...target.promises, ...promises } },
    ...(gatherLogs && { gatherLogs }),
    [Symbol.asyncDispose]: () => provisioned[Symbol.asyncDispose](),
  };
}
