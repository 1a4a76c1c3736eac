import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readYaml } from '../../config/yaml.ts';
import { CannotRun, messageOf } from '../../failure.ts';
import type { CommandResult } from '../command-result.ts';
import type { SshRoute } from '../host.ts';
import { type Groups, groupsOf, variablesOf } from './ansible-groups.ts';
import { fromIni, fromListing, fromYaml, shellWords } from './ansible-inventory.ts';

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

const entrySchema = z.union([
  z.string().transform((name) => ({ name })),
  z.strictObject({
    name: z.string(),
    roles: z.array(z.enum(['controller', 'hypervisor'])).optional(),
    /** `user@address` */
    ssh: z.string().optional(),
    port: z.number().optional(),
    identity_file: z.string().optional(),
    options: z.array(z.string()).optional(),
    docker: z.string().optional(),
    local: z.boolean().optional(),
  }),
]);
type Entry = z.output<typeof entrySchema>;

/** Runs `ansible-inventory`; absent when Ansible is not to be used. */
export type RunTool = (argv: readonly string[]) => Promise<CommandResult>;

/**
 * Reads hosts from a file: a YAML list of the suite's own, or an Ansible inventory in INI or YAML. Where `ansible-inventory` is
 * installed it reads the latter, with all that Ansible can. Throws CannotRun with the reason when the file is neither.
 */
export async function readHostsFile(path: string, run?: RunTool): Promise<NamedHost[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CannotRun(`the hosts file ${path} cannot be read`, { reason: messageOf(cause) }, 'Correct --hosts.', { cause });
  });
  const document = yamlOf(text);
  try {
    if (Array.isArray(document)) {
      return z.array(entrySchema).parse(document).map(fromEntry);
    }
    const listing = run === undefined ? undefined : await listingOf(path, run);
    const groups = listing ?? (typeof document === 'object' && document !== null ? fromYaml(document) : fromIni(text));
    const hosts = [...groups.hosts.keys()].map((name) => fromAnsible(groups, name));
    if (hosts.length > 0) {
      return hosts;
    }
  } catch (cause) {
    throw new CannotRun(`the hosts file ${path} is not understood`, { reason: reasonOf(cause) }, SHAPES, { cause });
  }
  throw new CannotRun(`the hosts file ${path} names no host`, {}, SHAPES);
}

const SHAPES = 'Give a YAML list of host names (or of {name, roles, ssh}), or an Ansible inventory in INI or YAML.';

function reasonOf(cause: unknown): string {
  const [issue] = cause instanceof z.ZodError ? cause.issues : [];
  return issue === undefined ? messageOf(cause) : `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
}

/** A list or mapping; anything else is not this file's format. */
function yamlOf(text: string): unknown {
  try {
    const document = readYaml(text);
    // `[group]` alone is a YAML list, and an INI heading.
    const isIni = /^\s*\[[^\]]+\]\s*$/m.test(text);
    return typeof document === 'object' && !isIni ? document : undefined;
  } catch {
    return;
  }
}

async function listingOf(path: string, run: RunTool): Promise<Groups | undefined> {
  const result = await run(['ansible-inventory', '-i', path, '--list']);
  return result.exitCode === 0 ? fromListing(jsonOf(result.stdout)) : undefined;
}

/** Node's own error quotes the text, where passwords stand. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('what ansible-inventory printed is not JSON');
  }
}

function fromEntry(entry: Entry): NamedHost {
  const { name } = entry;
  const roles = 'roles' in entry && entry.roles !== undefined ? { roles: entry.roles } : {};
  if ('local' in entry && entry.local === true) {
    return { name, ...roles, way: { kind: 'local' } };
  }
  if ('docker' in entry && entry.docker !== undefined) {
    return { name, ...roles, way: { kind: 'docker', container: entry.docker } };
  }
  const more = 'ssh' in entry ? entry : undefined;
  return {
    name,
    ...roles,
    way: {
      kind: 'ssh',
      route: {
        destination: more?.ssh ?? name,
        ...(more?.port === undefined ? {} : { port: more.port }),
        ...(more?.identity_file === undefined ? {} : { identityFile: more.identity_file }),
        ...(more?.options === undefined ? {} : { options: more.options }),
      },
    },
  };
}

function fromAnsible(groups: Groups, name: string): NamedHost {
  const variables = variablesOf(groups, name);
  const either = (...names: string[]) => names.map((key) => variables.get(key)).find((value) => value !== undefined);
  const member = groupsOf(groups, name);
  const rolesBy = (table: typeof ROLES) =>
    table.flatMap(([role, pattern]) => (member.some((group) => pattern.test(group)) ? [role] : []));
  const [roles, supposed] = [rolesBy(ROLES), rolesBy(SUPPOSED)];
  const said = { ...(roles.length === 0 ? {} : { roles }), ...(supposed.length === 0 ? {} : { supposed }) };
  const connection = variables.get('ansible_connection') ?? 'ssh';
  const address = either('ansible_host', 'ansible_ssh_host') ?? name;
  if (connection === 'local') {
    return { name, ...said, way: { kind: 'local' } };
  }
  if (/docker$/.test(connection)) {
    return { name, ...said, way: { kind: 'docker', container: address } };
  }
  const user = either('ansible_user', 'ansible_ssh_user');
  const port = either('ansible_port', 'ansible_ssh_port');
  const identityFile = variables.get('ansible_ssh_private_key_file');
  const options = ['ansible_ssh_common_args', 'ansible_ssh_extra_args'].flatMap((key) => shellWords(variables.get(key) ?? ''));
  const route: SshRoute = {
    destination: user === undefined ? address : `${user}@${address}`,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(identityFile === undefined ? {} : { identityFile }),
    ...(options.length === 0 ? {} : { options }),
  };
  return { name, ...said, way: { kind: 'ssh', route } };
}
