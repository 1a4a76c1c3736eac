/** An Ansible inventory: what groups have for hosts, children and variables. */
export interface Groups {
  readonly hosts: Map<string, Map<string, string>>;
  readonly groups: Map<string, Group>;
}

export interface Group {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly variables: Map<string, string>;
}

export function emptyGroups(): Groups {
  return { hosts: new Map(), groups: new Map() };
}

export function groupNamed({ groups }: Groups, name: string): Group {
  const found = groups.get(name) ?? { hosts: new Set(), children: new Set(), variables: new Map() };
  groups.set(name, found);
  return found;
}

/** Adds hosts written as Ansible writes them, ranges such as `node[01:12].example` and `rack-[a:c]` included. */
export function addHosts(inventory: Groups, group: string, pattern: string, variables: Readonly<Record<string, unknown>>): void {
  for (const host of expanded(pattern)) {
    groupNamed(inventory, group).hosts.add(host);
    const known = inventory.hosts.get(host) ?? new Map<string, string>();
    inventory.hosts.set(host, known);
    for (const [name, value] of Object.entries(variables)) {
      known.set(name, String(value));
    }
  }
}

function expanded(pattern: string): string[] {
  const range = /^(.*?)\[(\w+):(\w+)(?::(\d+))?\](.*)$/.exec(pattern);
  if (range === null) {
    return [pattern];
  }
  const [, before = '', first = '', last = '', step = '1', after = ''] = range;
  return between(first, last, Number(step)).flatMap((item) => expanded(`${before}${item}${after}`));
}

function between(first: string, last: string, step: number): string[] {
  const numeric = /^\d+$/.test(first);
  const code = (text: string) => (numeric ? Number(text) : text.charCodeAt(0));
  const count = Math.floor((code(last) - code(first)) / Math.max(1, step)) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    const at = code(first) + i * Math.max(1, step);
    return numeric ? String(at).padStart(first.length, '0') : String.fromCharCode(at);
  });
}

/** All groups that a host is in, directly or through children, those farther away first; `all` comes before any. */
export function groupsOf({ groups }: Groups, host: string): string[] {
  const parents = (name: string, seen: readonly string[]): string[] =>
    [...groups].flatMap(([parent, { children }]) =>
      children.has(name) && !seen.includes(parent) ? [...parents(parent, [...seen, parent]), parent] : [],
    );
  const direct = [...groups].flatMap(([name, group]) => (group.hosts.has(host) ? [name] : []));
  const all = direct.flatMap((name) => [...parents(name, [name]), name]);
  return [...new Set(['all', ...all])];
}

/** A host's variables: its groups' first, its own last, as Ansible lets the nearer win. */
export function variablesOf(inventory: Groups, host: string): ReadonlyMap<string, string> {
  const fromGroups = groupsOf(inventory, host).flatMap((name) => [...(inventory.groups.get(name)?.variables ?? [])]);
  return new Map([...fromGroups, ...(inventory.hosts.get(host) ?? [])]);
}
