import { GUESTS_ARCHITECTURE } from '../../fixtures/images/canary.ts';
import type { World } from '../../fixtures/scenario/world.ts';
import { CouldNotCheck } from '../../helpers/failure.ts';
import { HttpFailure } from '../../helpers/http/http-failure.ts';
import { type Hypervisor, hostsOfOtherKinds } from '../../helpers/nova/cloud.ts';

/** One of Nova's hypervisors. `zone`: of its compute service. `absent`: why no server is put on it now, in words; undefined where one can be. */
export type ComputeHost = Hypervisor & { readonly zone: string | undefined; readonly absent: string | undefined };

const FORBIDDEN = 403;

/** Nova's hypervisors; why not, when only administrators may see them. */
export async function computeHosts({
  nova: { cloud },
  promises,
}: Pick<World<never, never, never>, 'nova' | 'promises'>): Promise<ComputeHost[] | CouldNotCheck> {
  const guests = promises.image === 'canary' ? GUESTS_ARCHITECTURE : undefined;
  try {
    const [hypervisors, services] = await Promise.all([cloud.hypervisors(), cloud.services()]);
    const others = hostsOfOtherKinds(hypervisors);
    const zoneOf = (host: string | undefined) =>
      services.find((service) => service.binary === 'nova-compute' && service.host === host)?.zone;
    return hypervisors.map((hypervisor) => ({
      ...hypervisor,
      zone: zoneOf(hypervisor.host),
      absent: absence(hypervisor, others.get(hypervisor.host ?? ''), guests),
    }));
  } catch (error) {
    if (error instanceof HttpFailure && error.status === FORBIDDEN) {
      return forbidden('see its hypervisors', error.said);
    }
    throw error;
  }
}

/** What only administrators may do. */
export const forbidden = (what: string, said: string | undefined) =>
  new CouldNotCheck(`Nova does not let this user ${what}`, { said }, `Run with an administrator, who may ${what}.`);

function absence(
  { up, enabled, host, architecture }: Hypervisor,
  otherKind: string | undefined,
  guests: string | undefined,
): string | undefined {
  if (otherKind !== undefined) {
    return `its servers run by ${otherKind}, which has no StorPool volumes`;
  }
  if (host === undefined) {
    return 'Nova does not tell which compute service it has';
  }
  if (guests !== undefined && architecture !== undefined && architecture !== guests) {
    return `its processors are ${architecture}, and the guest of the canary is for ${guests}: --image names another`;
  }
  return up ? (enabled ? undefined : 'its compute service is disabled') : 'its compute service is down';
}
