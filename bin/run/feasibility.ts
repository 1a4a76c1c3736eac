import { GUESTS_ARCHITECTURE } from '../../fixtures/images/canary.ts';
import type { Clients } from '../../fixtures/targets/clients.ts';
import type { Promises } from '../../fixtures/targets/target.ts';
import type { CinderPool, CinderQuota, VolumeType } from '../../helpers/cinder/back-ends.ts';
import { destinationsOf, isStorpool, leadsToStorpoolOnly } from '../../helpers/cinder/capabilities.ts';
import { CannotRun } from '../../helpers/failure.ts';
import { HttpFailure } from '../../helpers/http/http-failure.ts';
import { type Hypervisor, hostsOfOtherKinds } from '../../helpers/nova/cloud.ts';
import { plural } from '../../reports/terminal/text.ts';
import type { Peak } from './peak.ts';

interface Feasibility {
  readonly clients: Pick<Clients, 'cinder' | 'nova' | 'storpool' | 'session'>;
  readonly promises: Promises;
  readonly peak: Peak;
}

const FORBIDDEN = 403;
const GIB = 1024 ** 3;

/** What a run will use, and how much there is of it. */
export interface Feasible {
  /** What could not be looked at, in words. */
  readonly unseen: readonly string[];
  /** By what it is. */
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * Looks whether the cloud has what a run needs: a volume type that leads to StorPool, quota, and space. Throws CannotRun with all that is too
 * little, and by how much.
 */
export async function seeFeasible({ clients, promises, peak }: Feasibility): Promise<Feasible> {
  const unseen: string[] = [];
  const { cinder, nova, storpool } = clients;
  const asked = async <T>(what: string, ask: Promise<T>): Promise<T | undefined> => {
    try {
      return await ask;
    } catch (error) {
      if (error instanceof HttpFailure && error.status === FORBIDDEN) {
        unseen.push(`${what} could not be looked at beforehand: ${error.what}`);
        return;
      }
      throw error;
    }
  };
  const [type, types, pools, quota, limits, status, hypervisors] = await Promise.all([
    promises.volumeType === undefined ? cinder.backEnds.defaultType() : cinder.backEnds.type(promises.volumeType),
    cinder.backEnds.types(),
    asked('Where the volume type leads', cinder.backEnds.pools()),
    asked("Cinder's quota", cinder.backEnds.quota()),
    asked("Nova's quota", nova.cloud.limits()),
    storpool.cluster.templatesStatus(),
    peak.servers > 0 ? nova.cloud.hypervisors().catch(noneIfForbidden) : [],
  ]);
  if (promises.image === 'canary') {
    seeProcessors(hypervisors);
  }
  if (pools !== undefined) {
    seeDestination(type, { types, pools, isDefault: promises.volumeType === undefined });
  }
  seeSizes(type, types, peak);
  const template = promises.template ?? type?.extraSpecs['storpool_template'];
  const free = status.find(({ name }) => name === template)?.stored?.free;
  const lacking = [
    ...(quota === undefined ? [] : lackingIn(quota, type, peak)),
    ...(limits === undefined ? [] : await lackingInNova(clients, promises, limits, peak)),
    // What StorPool says is free for data of a template has its copies taken off already.
    ...(free === undefined ? [] : lack(`GiB on StorPool (template ${template})`, peak.gib, Math.floor(free / GIB))),
  ];
  if (lacking.length > 0) {
    const details = Object.fromEntries(lacking);
    const { projectId } = clients.session;
    const advice = `Make room, raise the quota (openstack quota set … ${projectId}), or play less at a time: --only SCENARIO`;
    throw new CannotRun('this run does not fit into the cloud', details, advice);
  }
  const copies = promises.replication ?? status.find(({ name }) => name === template)?.replication;
  const typeName = type === undefined ? 'none' : `${type.name}${promises.volumeType === undefined ? ' (the default)' : ''}`;
  return {
    unseen,
    facts: {
      ...driverOf(destinationsOf(type ?? UNTYPED, pools ?? []).storpool),
      'volume type': typeName,
      template: `${template ?? 'as the back end says'}${copies === undefined ? '' : `, ${copies} copies`}`,
      'at its peak': [
        ...[plural(peak.volumes, 'volume'), plural(peak.snapshots, 'snapshot'), plural(peak.servers, 'server')],
        `${peak.gib} GiB`,
      ].join(', '),
      'there is room for': room(free, quota, limits),
    },
  };
}

/** What is left, as far as it was told and is limited. */
function room(
  free: number | undefined,
  quota: CinderQuota | undefined,
  limits: Awaited<ReturnType<Clients['nova']['cloud']['limits']>> | undefined,
): string {
  const left = [
    ['GiB on StorPool', free === undefined ? undefined : Math.floor(free / GIB)],
    ...['volumes', 'snapshots', 'gigabytes'].map((name) => [name, quota?.get(name)?.left] as const),
    ['servers', limits?.instances],
  ] as const;
  const known = left.flatMap(([what, amount]) => (amount === undefined || !Number.isFinite(amount) ? [] : [`${amount} ${what}`]));
  return known.join(', ') || 'nobody told';
}

/** Whose driver serves the volumes, by its own word: `StorPool 2.1.0`. */
function driverOf(pools: readonly CinderPool[]): { readonly 'Cinder driver'?: string } {
  const told = pools.map(({ capabilities }) => [capabilities['vendor_name'], capabilities['driver_version']]);
  const drivers = new Set(
    told.filter((words) => words.every((word) => typeof word === 'string')).map((words) => words.join(' ')),
  );
  return drivers.size === 0 ? {} : { 'Cinder driver': [...drivers].toSorted().join(', ') };
}

/** What a volume has where Cinder has no default type. */
const UNTYPED = { name: '(none)', extraSpecs: {} } as const;

interface TypesOfCloud {
  readonly types: readonly VolumeType[];
  readonly pools: readonly CinderPool[];
  readonly isDefault: boolean;
}

function seeDestination(type: VolumeType | undefined, { types, pools, isDefault }: TypesOfCloud): void {
  const known = type ?? UNTYPED;
  // Where Cinder has no pool of StorPool's at all, that is a finding of the run.
  if (leadsToStorpoolOnly(known, pools) || !pools.some(isStorpool)) {
    return;
  }
  const { storpool, others } = destinationsOf(known, pools);
  const names = (of: readonly CinderPool[]) => of.map(({ name }) => name).join(', ') || 'none';
  const better = types.filter((other) => leadsToStorpoolOnly(other, pools)).map(({ name }) => name);
  const which = `${isDefault ? 'default ' : ''}volume type ${known.name}`;
  throw new CannotRun(
    storpool.length === 0 ? `${which} leads to no StorPool pool` : `${which} leads to StorPool, but not only there`,
    { leadsTo: names([...storpool, ...others]), poolsOfStorpool: names(pools.filter(isStorpool)) },
    better.length > 0
      ? `Use one that leads to StorPool: --volume-type ${better.join(' or ')}`
      : 'Make one that leads to StorPool, and name it: openstack volume type create --property volume_backend_name=NAME TYPE; --volume-type TYPE',
  );
}

/** What sizes a type takes. source: openstack/cinder cinder/volume/volume_types.py, provision_filter_on_size */
const sizesOf = ({ extraSpecs }: VolumeType) => ({
  least: Number(extraSpecs['provisioning:min_vol_size'] ?? 0),
  most: Number(extraSpecs['provisioning:max_vol_size'] ?? Number.POSITIVE_INFINITY),
});

function seeSizes(type: VolumeType | undefined, types: readonly VolumeType[], { smallestGib, largestGib }: Peak): void {
  const takes = (one: VolumeType) => sizesOf(one).least <= smallestGib && sizesOf(one).most >= largestGib;
  if (type === undefined || takes(type)) {
    return;
  }
  const { least, most } = sizesOf(type);
  throw new CannotRun(
    `volume type ${type.name} does not take the volumes of this run`,
    {
      needed: `${smallestGib} to ${largestGib} GiB`,
      takes: `${least} GiB to ${most === Number.POSITIVE_INFINITY ? 'any size' : `${most} GiB`}`,
    },
    `Use one that does, of the same back end: --volume-type ${
      types
        .filter(takes)
        .map(({ name }) => name)
        .join(' or ') || 'TYPE'
    }`,
  );
}

/** The description of the cloud says that this user may not see them. */
function noneIfForbidden(error: unknown): [] {
  if (error instanceof HttpFailure && error.status === FORBIDDEN) {
    return [];
  }
  throw error;
}

/** The canary's guest has no system that could be translated: where no hypervisor runs it, each boot would only wait for nothing. */
function seeProcessors(hypervisors: readonly Hypervisor[]): void {
  const others = hostsOfOtherKinds(hypervisors);
  const own = hypervisors.filter(({ host = '' }) => !others.has(host)).map(({ architecture }) => architecture);
  const isKnown = own.length > 0 && !own.includes(undefined);
  if (isKnown && !own.includes(GUESTS_ARCHITECTURE)) {
    throw new CannotRun(
      'no hypervisor of this cloud can run the guest of the canary image',
      { needs: GUESTS_ARCHITECTURE, hypervisors: [...new Set(own)].join(', ') },
      'Name an image for these: --image glance:NAME, or --image FILE; or play what needs no server: --only SCENARIO',
    );
  }
}

type Lack = readonly [what: string, said: string];

function lack(what: string, needed: number, left: number, of = ''): Lack[] {
  return needed <= left ? [] : [[what, `${needed} needed at once, ${left} left${of}: ${needed - left} too few`]];
}

/** Quotas of the project, and those of the project for one volume type. Limits for one volume are `per_volume_gigabytes`. */
function lackingIn(
  quota: Awaited<ReturnType<Clients['cinder']['backEnds']['quota']>>,
  type: VolumeType | undefined,
  peak: Peak,
): Lack[] {
  const needed = { volumes: peak.volumes, snapshots: peak.snapshots, gigabytes: peak.gibWithSnapshots };
  const names = Object.entries(needed).flatMap(([name, amount]) => [
    [name, amount] as const,
    ...(type === undefined ? [] : [[`${name}_${type.name}`, amount] as const]),
  ]);
  const perVolume = quota.get('per_volume_gigabytes')?.limit ?? -1;
  return [
    ...names.flatMap(([name, amount]) => {
      const usage = quota.get(name);
      return usage === undefined ? [] : lack(`quota ${name}`, amount, usage.left, ` of ${usage.limit}`);
    }),
    ...(perVolume < 0 ? [] : lack('quota per_volume_gigabytes', peak.largestGib, perVolume)),
  ];
}

async function lackingInNova(
  { nova }: Pick<Clients, 'nova'>,
  { flavor: wanted }: Promises,
  limits: Awaited<ReturnType<Clients['nova']['cloud']['limits']>>,
  { servers }: Peak,
): Promise<Lack[]> {
  if (servers === 0) {
    return [];
  }
  const flavor = await nova.cloud.flavor(wanted);
  const needed = { instances: servers, cores: servers * flavor.vcpus, ram: servers * flavor.ramMiB };
  return (['instances', 'cores', 'ram'] as const).flatMap((name) => lack(`Nova's quota ${name}`, needed[name], limits[name]));
}
