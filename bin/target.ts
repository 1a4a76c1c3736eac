import type { Promises, ProvisionedTarget } from '../fixtures/targets/target.ts';
import type { Settings } from '../helpers/config.ts';
import { CannotRun } from '../helpers/failure.ts';

/** Brings up, or reads about, the target that the settings name. Throws CannotRun when something is missing for it. */
export async function provision(settings: Settings, runId: string): Promise<ProvisionedTarget> {
  switch (settings.target) {
    case 'embedded': {
      const { provisionEmbedded } = await import('../fixtures/targets/embedded.ts');
      const embedded = await provisionEmbedded({ runId });
      const promises = { ...embedded.target.promises, ...promisesOf(settings) };
      return { target: { ...embedded.target, promises }, [Symbol.asyncDispose]: () => embedded[Symbol.asyncDispose]() };
    }
    case 'live':
    case 'container':
      throw new CannotRun(`the target ${settings.target} is not written yet`, {}, 'Use --target embedded.');
  }
}

/** What the person promised, over what the target promises by itself. */
export function promisesOf({ template, replication, volumeType, flavor, nic, image }: Settings): Promises {
  return {
    nic,
    image,
    ...(template === undefined ? {} : { template }),
    ...(replication === undefined ? {} : { replication }),
    ...(volumeType === undefined ? {} : { volumeType }),
    ...(flavor === undefined ? {} : { flavor }),
  };
}
