import { Plain, type Value } from '../../config/python/values.ts';
import { readHostPattern } from './host-pattern.ts';
import { NotUnderstood } from './unknown-inventory.ts';

export type Variables = Map<string, Value>;

/** An Ansible inventory: what groups have for hosts, children and variables. */
export interface Groups {
  readonly hosts: Map<string, Variables>;
  readonly groups: Map<string, Group>;
}

export interface Group {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  /** In the inventory itself. */
  readonly variables: Variables;
  /** In group_vars beside it, which win over those of all groups in the inventory. */
  readonly inFiles: Variables;
}

export function emptyGroups(): Groups {
  const inventory = { hosts: new Map(), groups: new Map() };
  groupNamed(inventory, 'all');
  groupNamed(inventory, 'ungrouped');
  return inventory;
}

export function groupNamed({ groups }: Groups, name: string): Group {
  const found = groups.get(name) ?? { hosts: new Set(), children: new Set(), variables: new Map(), inFiles: new Map() };
  groups.set(name, found);
  return found;
}

/** Adds hosts written as Ansible writes them: with ranges, and with a port for those that are new. */
export function addHosts(inventory: Groups, group: string, pattern: string, variables: Iterable<readonly [string, Value]>): void {
  const { names, port } = readHostPattern(pattern);
  const own = [...variables];
  for (const name of names) {
    addHost(inventory, group, name, port).push(own);
  }
}

/** Adds one host by its name as it is. */
export function addHost(inventory: Groups, group: string, name: string, port?: number) {
  groupNamed(inventory, group).hosts.add(name);
  const known = inventory.hosts.get(name);
  const variables: Variables =
    known ?? new Map(port === undefined ? [] : [['ansible_port', new Plain('int', String(port), String(port))]]);
  inventory.hosts.set(name, variables);
  return {
    push: (more: Iterable<readonly [string, Value]>) => {
      for (const [key, value] of more) {
        variables.set(key, value);
      }
    },
  };
}

/** The groups that a host is in, directly or through children: by their distance from `all`, then by name, as Ansible lets later ones win. */
export function groupsOf(inventory: Groups, host: string): string[] {
  const depths = depthsOf(inventory);
  const parents = parentsOf(inventory);
  const found = new Set<string>(['all']);
  const visit = (name: string) => {
    if (!found.has(name)) {
      found.add(name);
      parents.get(name)?.forEach(visit);
    }
  };
  for (const [name, group] of inventory.groups) {
    if (group.hosts.has(host)) {
      visit(name);
    }
  }
  const byDepth = (a: string, b: string) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0) || (a < b ? -1 : 1);
  return [...found].toSorted(byDepth);
}

/**
 * A host's variables: its groups' first, its own last, as Ansible lets the nearer win (ansible/ansible@2.14 lib/ansible/vars/manager.py,
 * C.VARIABLE_PRECEDENCE).
 */
export function variablesOf(inventory: Groups, host: string): ReadonlyMap<string, Value> {
  const groups = groupsOf(inventory, host).flatMap((name) => inventory.groups.get(name) ?? []);
  const layers = [...groups.map(({ variables }) => variables), ...groups.map(({ inFiles }) => inFiles)];
  if (layers.some((variables) => variables.has('ansible_group_priority'))) {
    throw new NotUnderstood(`ansible_group_priority, which decides for ${host}, is known to ansible-inventory alone`);
  }
  return new Map([...layers.flatMap((variables) => [...variables]), ...(inventory.hosts.get(host) ?? [])]);
}

const byInventory = new WeakMap<Groups, { depths: Map<string, number>; parents: Map<string, string[]> }>();

function parentsOf(inventory: Groups): ReadonlyMap<string, readonly string[]> {
  return looked(inventory).parents;
}

/** How far each group is from `all` by the longest way. Throws NotUnderstood when groups are in each other. */
function depthsOf(inventory: Groups): ReadonlyMap<string, number> {
  return looked(inventory).depths;
}

/** Once for an inventory that is read whole: there may be thousands of hosts. */
function looked(inventory: Groups) {
  const known = byInventory.get(inventory);
  if (known !== undefined) {
    return known;
  }
  const parents = new Map<string, string[]>();
  for (const [name, { children }] of inventory.groups) {
    for (const child of children) {
      parents.set(child, [...(parents.get(child) ?? []), name]);
    }
  }
  if (parents.has('all')) {
    throw new NotUnderstood('the group all, which all others are in, is within another');
  }
  const depths = new Map<string, number>([['all', 0]]);
  const depth = (name: string, below: readonly string[]): number => {
    if (below.includes(name)) {
      throw new NotUnderstood(`the group ${name} is within itself`);
    }
    const found =
      depths.get(name) ?? 1 + Math.max(0, ...(parents.get(name) ?? []).map((parent) => depth(parent, [...below, name])));
    depths.set(name, found);
    return found;
  };
  for (const name of inventory.groups.keys()) {
    depth(name, []);
  }
  const found = { depths, parents };
  byInventory.set(inventory, found);
  return found;
}
