import type { CinderService } from '../cinder-back-ends.ts';
import type { NovaService } from '../nova-cloud.ts';
import type { HostRole, NamedHost } from './inventory-file.ts';

export interface Services {
  readonly nova: readonly Pick<NovaService, 'binary' | 'host'>[];
  readonly cinder: readonly Pick<CinderService, 'binary' | 'host'>[];
}

const ROLE_OF: Readonly<Record<string, HostRole>> = { 'nova-compute': 'hypervisor', 'cinder-volume': 'controller' };

/** A service calls itself by the full or the short name of its node; both are the same host. */
const short = (name: string) => name.split('.')[0] ?? name;

/**
 * The hosts that OpenStack itself knows: where nova-compute and cinder-volume are registered, up or not. Reached by ssh under those
 * names, which `~/.ssh/config` may explain.
 */
export function discoverHosts({ nova, cinder }: Services): NamedHost[] {
  const found = new Map<string, { name: string; roles: Set<HostRole> }>();
  for (const { binary, host } of [...cinder, ...nova]) {
    const role = ROLE_OF[binary];
    // Cinder's services are called host@backend.
    const name = host.split('@')[0] ?? host;
    if (role !== undefined) {
      const known = found.get(short(name)) ?? { name, roles: new Set() };
      known.roles.add(role);
      found.set(short(name), known);
    }
  }
  return [...found.values()].map(({ name, roles }) => ({
    name,
    roles: [...roles],
    way: { kind: 'ssh', route: { destination: name } },
  }));
}

/** What was given wins in how to get there; roles are taken together; hosts that only one side knows stay. */
export function mergeHosts(given: readonly NamedHost[], found: readonly NamedHost[]): NamedHost[] {
  const byName = new Map(found.map((host) => [short(host.name), host]));
  const merged = given.map((host) => {
    const other = byName.get(short(host.name));
    byName.delete(short(host.name));
    const roles = [...new Set([...(host.roles ?? []), ...(other?.roles ?? [])])];
    return { ...host, ...(roles.length === 0 ? {} : { roles }) };
  });
  return [...merged, ...byName.values()];
}

/** StorPool's clients that no host of the list is: hosts that nobody named, or storage nodes. */
export function unclaimedClients(clients: readonly number[], claimed: readonly number[]): number[] {
  return clients.filter((id) => !claimed.includes(id)).toSorted((a, b) => a - b);
}
