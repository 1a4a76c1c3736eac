import { CouldNotCheck } from '../../helpers/failure.ts';
import { HttpFailure } from '../../helpers/http/http-failure.ts';
import { type Hypervisor, hostsOfOtherKinds } from '../../helpers/nova/cloud.ts';
import type { Nova } from '../../helpers/nova/nova.ts';

/** One of Nova's hypervisors. `zone`: of its compute service. `absent`: why no server is put on it now, in words; undefined where one can be. */
export type ComputeHost = Hypervisor & { readonly zone: string | undefined; readonly absent: string | undefined };

const FORBIDDEN = 403;

/** Nova's hypervisors; why not, when only administrators may see them. */
export async function computeHosts({ cloud }: Pick<Nova, 'cloud'>): Promise<ComputeHost[] | CouldNotCheck> {
  try {
    const [hypervisors, services] = await Promise.all([cloud.hypervisors(), cloud.services()]);
    const others = hostsOfOtherKinds(hypervisors);
    const zoneOf = (host: string | undefined) =>
      services.find((service) => service.binary === 'nova-compute' && service.host === host)?.zone;
    return hypervisors.map((hypervisor) => ({
      ...hypervisor,
      zone: zoneOf(hypervisor.host),
      absent: absence(hypervisor, others.get(hypervisor.host ?? '')),
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

function absence({ up, enabled, host }: Hypervisor, otherKind: string | undefined): string | undefined {
  if (otherKind !== undefined) {
    return `its servers run by ${otherKind}, which has no StorPool volumes`;
  }
  if (host === undefined) {
    return 'Nova does not tell which compute service it has';
  }
  return up ? (enabled ? undefined : 'its compute service is disabled') : 'its compute service is down';
}
