import { join } from 'node:path';
import type { ProvisionedTarget } from '../fixtures/targets/target.ts';
import { environment, type Settings } from '../helpers/config.ts';
import { assertFit, thisMachine } from './machine.ts';
import { runsFolder } from './runs.ts';

/** Brings up, or reads about, the target that the settings name. Throws CannotRun when something is missing for it. */
export async function provision(settings: Settings, runId: string, signal: AbortSignal): Promise<ProvisionedTarget> {
  const { liveTarget, promisesOf } = await import('../fixtures/targets/live.ts');
  switch (settings.target) {
    case 'embedded': {
      assertFit(thisMachine(environment()['PATH'] ?? ''));
      const { provisionEmbedded } = await import('../fixtures/targets/embedded.ts');
      const embedded = await provisionEmbedded({ runId });
      const promises = { ...embedded.target.promises, ...promisesOf(settings) };
      return { target: { ...embedded.target, promises }, [Symbol.asyncDispose]: () => embedded[Symbol.asyncDispose]() };
    }
    case 'live': {
      const target = liveTarget(settings, environment(), process.cwd());
      return { target, [Symbol.asyncDispose]: () => Promise.resolve() };
    }
    case 'container': {
      const { provisionContainer } = await import('../fixtures/targets/container.ts');
      const folder = runsFolder();
      const logsTo = join(folder, runId, 'services');
      const container = await provisionContainer({ runId, shared: [folder], logsTo, signal });
      const promises = { ...container.target.promises, ...promisesOf(settings) };
      return { target: { ...container.target, promises }, [Symbol.asyncDispose]: () => container[Symbol.asyncDispose]() };
    }
  }
}
