import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import type { CloudBinding } from '../../fixtures/ledger/journal-lines.ts';
import type { Clients } from '../../fixtures/targets/clients.ts';
import type { Target } from '../../fixtures/targets/target.ts';
import { shell } from '../../helpers/commands/shell.ts';
import { systemEnvironment } from '../../helpers/config/config.ts';
import { Failure } from '../../helpers/failure.ts';
import type { TargetDescription } from '../../reports/verdict/verdict-schema.ts';
import { STORPOOL_CLUSTER } from '../earlier-runs.ts';
import { seat } from '../seat.ts';

const TITLES = { embedded: 'the embedded mock cluster', container: 'OpenStack in containers', live: 'the live cluster' } as const;

const NAMED_HOSTS = 6;

export interface Described {
  readonly target: Target;
  readonly clients: Pick<Clients, 'session' | 'cinder' | 'nova' | 'storpool'>;
  readonly binding: CloudBinding;
  /** The clients that act, with their versions. */
  readonly acting: readonly string[];
  /** What a run will use. */
  readonly amounts: Readonly<Record<string, string>>;
}

/** Whose cluster it is, what is promised of it, and by whom it is looked at: for the question before a run, and for the paper that is signed. */
export async function describe({ target, clients, binding, acting, amounts }: Described): Promise<TargetDescription> {
  const { kind, cloud, storpool, hosts, promises } = target;
  const { session, cinder, nova } = clients;
  const known = {
    Keystone: cloud.authUrl,
    region: cloud.regionName,
    project: session.projectName,
    user: session.userName,
    Cinder: cinder.microversion,
    Nova: nova.microversion,
    StorPool: `${storpool.host}:${storpool.port}`,
    [STORPOOL_CLUSTER]: storpoolCluster(binding.storpoolCluster, storpool),
    'StorPool release': await storpoolRelease(clients.storpool),
    hypervisors: await hypervisorRelease(nova),
    hosts: inWords(hosts.map(({ name }) => name)),
    ...target.underTest,
    ...amounts,
    flavor: promises.flavor ?? 'the smallest that will do',
    image: promises.image,
    'acted by': acting.join(', ') || 'the APIs',
    suite: await suite(),
    'run by': `${account()} on ${hostname()}`,
  };
  const facts = Object.entries(known).filter((fact): fact is [string, string] => fact[1] !== undefined);
  return { kind, title: TITLES[kind], facts: Object.fromEntries(facts) };
}

/** A cluster tells its id by its volumes and snapshots alone; before it has any, storpool.conf says which it should be. */
function storpoolCluster(told: string | undefined, { clusterId, clusterName }: Target['storpool']): string {
  const name = clusterName === undefined || (told !== undefined && told !== clusterId) ? '' : ` (${clusterName})`;
  if (told !== undefined) {
    return `${told}${name}`;
  }
  return clusterId === undefined
    ? 'not known: before this run it had no volume that would tell, nor storpool.conf an SP_CLUSTER_ID'
    : `${clusterId}${name} by SP_CLUSTER_ID; before this run it had no volume that would tell`;
}

/** Of its servers and its management; several while it is being updated. That its services cannot be asked for is a finding of the run. */
async function storpoolRelease({ cluster }: Clients['storpool']): Promise<string | undefined> {
  const services = await cluster.services().catch((error: unknown) => {
    if (!(error instanceof Failure)) {
      throw error;
    }
  });
  const all = [...Object.values(services?.mgmt ?? {}), ...Object.values(services?.servers ?? {})];
  const told = all.flatMap(({ version }) => version ?? []);
  return told.length === 0 ? undefined : [...new Set(told)].toSorted().join(', ');
}

/** `QEMU 7.2.22`, of all hypervisors; what a plain member may not see, or Nova does not tell, is left out. */
async function hypervisorRelease({ cloud }: Clients['nova']): Promise<string | undefined> {
  const all = await cloud.hypervisors().catch((error: unknown) => {
    if (!(error instanceof Failure)) {
      throw error;
    }
    return [];
  });
  const told = all.flatMap(({ type, version }) =>
    type === undefined || version === undefined ? [] : `${type} ${release(version)}`,
  );
  return told.length === 0 ? undefined : [...new Set(told)].toSorted().join(', ');
}

/** As libvirt counts: 7002022 is 7.2.22. */
function release(version: number): string {
  const [major, minor] = [Math.floor(version / 1e6), Math.floor(version / 1e3) % 1e3];
  return `${major}.${minor}.${version % 1e3}`;
}

function inWords(names: readonly string[]): string {
  const more = names.length - NAMED_HOSTS;
  return `${names.slice(0, NAMED_HOSTS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Its version, and its commit where that is known. */
async function suite(): Promise<string> {
  const { name, version } = createRequire(import.meta.url)('../../package.json') as Readonly<Record<'name' | 'version', string>>;
  const commit = seat?.commit ?? (await commitOfCheckout());
  return `${name} ${version}${commit === '' ? '' : `, commit ${commit}`}`;
}

/** Empty where git is not, or does not know. */
async function commitOfCheckout(): Promise<string> {
  const root = join(import.meta.dirname, '../..');
  if (!existsSync(join(root, '.git'))) {
    return '';
  }
  const { stdout } = await shell(['git', 'describe', '--always', '--dirty=, changed since'], {
    environment: systemEnvironment(),
    cwd: root,
  });
  return stdout.trim();
}

/** Not every account has a name. */
function account(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}
