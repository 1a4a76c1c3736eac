import { hostNamed } from '../../../fixtures/devices/host-named.ts';
import { bootServer, createBootableVolume } from '../../../fixtures/devices/server-boot.ts';
import { damageOf, type KnownVolume, known, stampOn } from '../../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { NotApplicable, Witness } from '../../../fixtures/scenario/witness.ts';
import type { World } from '../../../fixtures/scenario/world.ts';
import { leadsToStorpoolOnly } from '../../../helpers/cinder/capabilities.ts';
import { CouldNotCheck, Failure } from '../../../helpers/failure.ts';
import type { DeviceRange } from '../../../helpers/hosts/command-result.ts';
import { Device } from '../../../helpers/hosts/devices/device.ts';
import type { Host } from '../../../helpers/hosts/host.ts';
import { compare } from '../../../helpers/http/microversion.ts';
import { gib } from '../../../helpers/units.ts';
import { seeAttachedNowhere, seeAttachedToAll, untilAttachedTo } from '../../vocabulary/attachment-agreement.ts';
import { seeOnHypervisor } from '../../vocabulary/on-hypervisor.ts';
import { poolsOf } from '../../vocabulary/promised-back-end.ts';
import { multiattachRunbook } from './multiattach.runbook.ts';

const MIB = 1024 ** 2;
/** What each writes: an own range, and a block on which both have written. */
const at = (mib: number): DeviceRange => ({ offset: mib * MIB, length: MIB });
const [FIRST, SECOND, BOTH, LAST] = [at(4), at(40), at(100), at(400)];

scenario(multiattachRunbook, async (world) => {
  const { check, gate, step, names, make, cinder, nova, hosts } = world;
  const type = await step('types', () => sharedType(world));
  if (typeof type !== 'string') {
    for (const id of ['multiattach.attached', 'multiattach.writers', 'multiattach.one-left', 'multiattach.detached'] as const) {
      await check(id, () => {
        throw type;
      });
    }
    return;
  }
  const image = await step('image', () => world.image(names.image));
  const roots = await step('roots', async () => [
    await createBootableVolume(world, names.root, image.id),
    await createBootableVolume(world, names.rootB, image.id),
  ]);
  const [a, b] = await step('boot', async () => [
    await bootServer(world, names.server, { volumeId: roots[0]?.id ?? '' }),
    await bootServer(world, names.serverB, { volumeId: roots[1]?.id ?? '' }),
  ]);
  const servers = [a, b] as const;
  let shared = await step('volume', async () => {
    const { id } = await make.volume({ name: names.volume, size: gib(1), volumeType: type });
    return known(world, await cinder.volumes.untilAvailable(id));
  });
  const { id, encrypted } = shared.volume;
  const [onA, onB] = servers.map(({ host }) => hostNamed(hosts, host));

  await gate('multiattach.attached', async (see) => {
    await step('attach', async () => {
      for (const server of servers) {
        await make.alter.attachVolume({ serverId: server.id, volumeId: id, isShared: true });
        await untilAttachedTo(world, id, server.id);
      }
    });
    see.equal('multiattach in Cinder', (await cinder.volumes.show(id)).multiattach, true);
    await seeAttachedToAll(see, world, id, servers);
  });

  const mustBeReached = (): readonly [Host, Host] => {
    if (encrypted) {
      throw new NotApplicable(`volumes of type ${type} are encrypted: hypervisors put a device of their own before theirs`);
    }
    if (onA === undefined || onB === undefined) {
      const where = servers.map(({ host }) => host ?? 'a host that Nova does not show').join(' and ');
      throw new NotApplicable(`the servers run on ${where}, which cannot be reached from here: give --hosts`);
    }
    return [onA, onB];
  };

  await check('multiattach.writers', async (see) => {
    const [hereA, hereB] = mustBeReached();
    see.note('hypervisors', `${hereA.name} and ${hereB.name}`);
    await step('write', async () => {
      shared = await writeOn(world, hereA, shared, [FIRST, BOTH]);
      await seeOnHypervisor(see, world, b, 'what the first wrote', shared);
      shared = await writeOn(world, hereB, shared, [SECOND, BOTH]);
      await seeOnHypervisor(see, world, a, 'what the second wrote', shared);
    });
  });

  await check('multiattach.one-left', async (see) => {
    await step('detach', () => make.alter.detachVolume({ serverId: a.id, volumeId: id }));
    await seeAttachedToAll(see, world, id, [b]);
    const ofA = await nova.actions.volumeAttachments(a.id);
    see.equal('times the first server still has it in Nova', ofA.filter(({ volumeId }) => volumeId === id).length, 0);
    if (onB !== undefined && !encrypted) {
      await step('rewrite', async () => {
        await seeOnHypervisor(see, world, b, 'the volume', shared);
        shared = await writeOn(world, onB, shared, [LAST]);
      });
    }
  });

  await check('multiattach.detached', async (see) => {
    await step('detachLast', () => make.alter.detachVolume({ serverId: b.id, volumeId: id }));
    const nowhere = new Witness();
    await seeAttachedNowhere(nowhere, world, id, [a.id, b.id]);
    see.that('where it is attached', nowhere.wrong === undefined, nowhere.wrong ?? 'nowhere', 'nowhere');
    if (!encrypted) {
      const damage = await step('read', () => damageOf(world, names.read, shared));
      see.that('the volume', damage === '', damage || 'as written', 'as written');
    }
  });
});

type Layers = Pick<World<never, never, never>, 'cinder' | 'nova' | 'promises'>;

const TYPES_SINCE = '3.50';
const SERVERS_SINCE = '2.60';

/**
 * The name of a type whose volumes several servers may have, and which can only get to StorPool: the one that was promised, else that with the fewest
 * demands. Why there is none, else.
 */
async function sharedType({ cinder, nova, promises }: Layers): Promise<string | NotApplicable | CouldNotCheck> {
  const offers = [
    // Before, each request for a volume asked for it, and no type (openstack/cinder doc, API microversion history).
    ['Cinder', cinder.microversion, TYPES_SINCE],
    ['Nova', nova.microversion, SERVERS_SINCE],
  ] as const;
  for (const [service, offered = '', since] of offers) {
    if (compare(offered.split(' ')[1] ?? '0', since) < 0) {
      return new NotApplicable(
        `this ${service} knows of no volumes for several servers: its API ${offered} is older than ${since}`,
      );
    }
  }
  const types = await cinder.backEnds.types();
  const shared = types.filter(({ extraSpecs }) => extraSpecs['multiattach'] === '<is> True');
  if (shared.length === 0) {
    const known = types.map(({ name }) => name).join(', ') || 'none';
    return new NotApplicable(`no volume type lets several servers have a volume (multiattach): there are ${known}`);
  }
  try {
    const pools = await poolsOf(cinder);
    const fit = shared
      .filter((type) => leadsToStorpoolOnly(type, pools))
      .toSorted((one, other) => Object.keys(one.extraSpecs).length - Object.keys(other.extraSpecs).length);
    const type = fit.find(({ name }) => name === promises.volumeType) ?? fit[0];
    const others = shared.map(({ name }) => name).join(', ');
    return type?.name ?? new NotApplicable(`none of the types with multiattach leads to StorPool alone: ${others}`);
  } catch (error) {
    if (error instanceof CouldNotCheck) {
      return error;
    }
    throw error;
  }
}

/** Stamps ranges of the volume on a hypervisor that has it for a server. */
async function writeOn(
  { storpool, run, signal }: Pick<World<never, never, never>, 'storpool' | 'run' | 'signal'>,
  host: Host,
  volume: KnownVolume,
  ranges: readonly DeviceRange[],
): Promise<KnownVolume> {
  const { name, globalId, size } = await storpool.volumes.info(volume.name);
  const device = await host.prove({ name, globalId, size, mark: run });
  if (!(device instanceof Device)) {
    throw new Failure(`${host.name} has no device of ${name}`, { found: device.why }, 'Nothing was written there.');
  }
  return stampOn({ run, signal }, device, volume, ranges);
}
