import type { CinderService } from '../../cinder/back-ends.ts';
import type { NovaService } from '../../nova/cloud.ts';
import { ByHost } from './host-names.ts';
import type { HostRole, NamedHost } from './inventory-file.ts';

export interface Services {
  readonly nova: readonly Pick<NovaService, 'binary' | 'host'>[];
  readonly cinder: readonly Pick<CinderService, 'binary' | 'host'>[];
  /** Compute hosts that attach no volumes here, such as Ironic's. */
  readonly elsewhere?: ReadonlyMap<string, string>;
}

const ROLE_OF: Readonly<Record<string, HostRole>> = { 'nova-compute': 'hypervisor', 'cinder-volume': 'controller' };

/**
 * The hosts that OpenStack itself knows: where nova-compute and cinder-volume are registered, up or not. Reached by ssh under those
 * names, which `~/.ssh/config` may explain.
 */
export function discoverHosts({ nova, cinder, elsewhere }: Services): NamedHost[] {
  const found: { readonly name: string; readonly roles: Set<HostRole> }[] = [];
  const known = new ByHost<Set<HostRole>>();
  for (const { binary, host } of [...cinder, ...nova]) {
    const role = ROLE_OF[binary];
    // Cinder's services are called host@backend.
    const name = host.split('@')[0] ?? host;
    if (role === undefined || (role === 'hypervisor' && elsewhere?.has(host) === true)) {
      continue;
    }
    const roles = known.get(name);
    if (roles === undefined) {
      const first = new Set([role]);
      known.add(name, first);
      found.push({ name, roles: first });
    } else {
      roles.add(role);
    }
  }
  return found.map(({ name, roles }) => ({ name, roles: [...roles], way: { kind: 'ssh', route: { destination: name } } }));
}

/** StorPool's clients that no host of the list is: hosts that nobody named, or storage nodes. */
export function unclaimedClients(clients: readonly number[], claimed: readonly number[]): number[] {
  const isClaimed = new Set(claimed);
  return clients.filter((id) => !isClaimed.has(id)).toSorted((a, b) => a - b);
}
