import { join } from 'node:path';
import { runFiles } from '../fixtures/run/run.ts';
import type { Promises, ProvisionedTarget } from '../fixtures/targets/target.ts';
import { environment, type Settings } from '../helpers/config/config.ts';
import { fromHere } from '../helpers/config/named-file.ts';
import type { HorizonPlan } from './horizon.ts';
import { assertFit, thisMachine } from './machine.ts';
import { runsFolder } from './runs-folder.ts';

interface Bounds {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  /** Which Horizon is before it; none when absent. */
  readonly horizon?: HorizonPlan;
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
      const horizon = bounds.horizon === 'started';
      return promising(withHorizon(await provisionEmbedded({ runId, horizon }), bounds), promisesOf(settings));
    }
    case 'live': {
      const target = liveTarget(settings, environment(), fromHere('.'), bounds.say);
      return withHorizon({ target, [Symbol.asyncDispose]: () => Promise.resolve() }, bounds);
    }
    case 'container': {
      return promising(withHorizon(await containers(settings, runId, bounds), bounds), promisesOf(settings));
    }
  }
}

/** OpenStack in containers. With the services' logs comes what the drivers asked of StorPool for each check. */
async function containers(settings: Settings, runId: string, bounds: Bounds): Promise<ProvisionedTarget> {
  const [{ provisionContainer }, { readDrivers }] = await Promise.all([
    import('../fixtures/targets/container.ts'),
    import('../fixtures/containers/drivers/under-test.ts'),
  ]);
  const folder = runsFolder();
  const { services } = runFiles(join(folder, runId));
  const drivers = await readDrivers(settings.driver ?? [], environment()['INIT_CWD'] ?? '.');
  const own = { drivers, horizon: bounds.horizon === 'started' };
  const container = await provisionContainer({ ...settings, ...bounds, ...own, runId, shared: [folder], logsTo: services });
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

function withHorizon(provisioned: ProvisionedTarget, { horizon }: Bounds): ProvisionedTarget {
  const { target, gatherLogs } = provisioned;
  return {
    target: horizon === undefined || horizon === 'started' ? target : { ...target, horizon },
    ...(gatherLogs && { gatherLogs }),
    [Symbol.asyncDispose]: () => provisioned[Symbol.asyncDispose](),
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
