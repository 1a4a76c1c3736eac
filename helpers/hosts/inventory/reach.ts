import { Plain, type Value } from '../../config/python/values.ts';
import type { SshRoute } from '../host.ts';
import { type Groups, groupsOf, variablesOf } from './ansible-groups.ts';
import { shellWords } from './shell-words.ts';
import { NotUnderstood } from './unknown-inventory.ts';

export type HostRole = 'controller' | 'hypervisor';

/** A host that somebody named: what it is for and how to get there. */
export interface NamedHost {
  readonly name: string;
  /** Absent: what runs there tells, and what OpenStack knows of it. */
  readonly roles?: readonly HostRole[];
  /** What it probably is, should no other host turn out to be that. */
  readonly supposed?: readonly HostRole[];
  readonly way:
    | { readonly kind: 'local' }
    | { readonly kind: 'ssh'; readonly route: SshRoute }
    | { readonly kind: 'docker'; readonly container: string };
}

/** Groups by the names that Kolla, OpenStack-Ansible and TripleO give them. */
const ROLES: readonly (readonly [HostRole, RegExp])[] = [
  ['controller', /^(cinder[-_]volumes?|storage_hosts|cinder_hosts)$/i],
  ['hypervisor', /^(overcloud_)?(computes?|hypervisors?|nova[-_]?computes?|compute_hosts)$/i],
];
/** Of what is called a controller many run the APIs only, and cinder-volume runs elsewhere. */
const SUPPOSED: readonly (readonly [HostRole, RegExp])[] = [['controller', /^(overcloud_)?control(lers?)?$/i]];

/** Ansible's connections that the suite has, too, by their names in any collection. */
const CONNECTIONS: Readonly<Record<string, NamedHost['way']['kind']>> = {
  ssh: 'ssh',
  smart: 'ssh',
  paramiko: 'ssh',
  paramiko_ssh: 'ssh',
  local: 'local',
  docker: 'docker',
  docker_api: 'docker',
};
const LARGEST_PORT = 65_535;

/**
 * How to reach each host of an inventory. A container of OpenStack-Ansible's is told by name and left to its host. One by another connection than ssh, local and docker is told by name and left out, unless its groups
 * say that OpenStack runs there. Throws NotUnderstood.
 */
export function reachAll(groups: Groups, tell: (line: string) => void): NamedHost[] {
  return [...groups.hosts.keys()].flatMap((name) => {
    const member = groupsOf(groups, name);
    const rolesBy = (table: typeof ROLES) =>
      table.flatMap(([role, pattern]) => (member.some((group) => pattern.test(group)) ? [role] : []));
    const [roles, supposed] = [rolesBy(ROLES), rolesBy(SUPPOSED)];
    const said = { ...(roles.length === 0 ? {} : { roles }), ...(supposed.length === 0 ? {} : { supposed }) };
    const variables = new Reached(name, variablesOf(groups, name));
    const outer = containerOn(groups, name);
    if (outer !== undefined) {
      tell(`${name} is a container on ${outer}, from where it is looked at`);
      return [];
    }
    const connection = variables.text('ansible_connection') ?? 'ssh';
    const kind = CONNECTIONS[connection.replace(/^(?:ansible\.builtin|community\.docker|ansible\.netcommon)\./, '')];
    if (kind !== undefined) {
      return [{ name, ...said, way: variables.way(kind) }];
    }
    const why = `${name} is reached by ${connection}, and the suite has ssh, local and docker`;
    if (roles.length + supposed.length > 0) {
      throw new NotUnderstood(why);
    }
    tell(`${why}: it is not looked at`);
    return [];
  });
}

/**
 * The host of the inventory on which OpenStack-Ansible has put a system container: nobody answers ssh in there, as a connection of its own goes through the host.
 * source: openstack/openstack-ansible@017f73680 osa_toolkit/generate.py, _build_container_hosts
 */
function containerOn(groups: Groups, name: string): string | undefined {
  const variables = variablesOf(groups, name);
  const outer = variables.get('physical_host');
  const isContainer = variables.get('container_name') === name && outer !== name;
  return isContainer && typeof outer === 'string' && groups.hosts.has(outer) ? outer : undefined;
}

class Reached {
  readonly #name: string;
  readonly #variables: ReadonlyMap<string, Value>;

  constructor(name: string, variables: ReadonlyMap<string, Value>) {
    this.#name = name;
    this.#variables = variables;
  }

  way(kind: NamedHost['way']['kind']): NamedHost['way'] {
    if (kind === 'local') {
      return { kind };
    }
    const address = this.text('ansible_host', 'ansible_ssh_host') ?? this.#name;
    return kind === 'docker' ? { kind, container: address } : { kind, route: this.#route(address) };
  }

  /** The first of these that says something. What is a template, encrypted or no text is refused: Ansible alone knows what it comes to. */
  text(...keys: readonly string[]): string | undefined {
    for (const key of keys) {
      const value = this.#variables.get(key) ?? null;
      const text = value instanceof Plain && (value.kind === 'int' || value.kind === 'date') ? value.text : value;
      if (typeof text === 'string' && /\{\{|\{%/.test(text)) {
        throw new NotUnderstood(`${key} of ${this.#name} is a template, and only a playbook knows what it comes to`);
      }
      if (value !== null && typeof text !== 'string') {
        throw new NotUnderstood(`${key} of ${this.#name} is no plain text`);
      }
      if (typeof text === 'string' && text !== '') {
        return text;
      }
    }
    return;
  }

  #route(address: string): SshRoute {
    const user = this.text('ansible_user', 'ansible_ssh_user');
    const port = this.#port();
    const identityFile = this.text('ansible_ssh_private_key_file', 'ansible_private_key_file');
    const options = ['ansible_ssh_common_args', 'ansible_ssh_extra_args'].flatMap((key) => shellWords(this.text(key) ?? ''));
    return {
      destination: user === undefined ? address : `${user}@${address}`,
      ...(port === undefined ? {} : { port }),
      ...(identityFile === undefined ? {} : { identityFile }),
      ...(options.length === 0 ? {} : { options }),
    };
  }

  #port(): number | undefined {
    const text = this.text('ansible_port', 'ansible_ssh_port');
    const port = Number(text);
    if (text !== undefined && (!/^\d+$/.test(text) || port < 1 || port > LARGEST_PORT)) {
      throw new NotUnderstood(`ansible_port of ${this.#name} is no port`);
    }
    return text === undefined ? undefined : port;
  }
}
