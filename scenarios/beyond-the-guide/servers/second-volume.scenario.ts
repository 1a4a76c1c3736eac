import { hostNamed } from '../../../fixtures/devices/host-named.ts';
import { deviceSizeOnceGrown } from '../../../fixtures/devices/hosts-with-device.ts';
import { bootServer, createBootableVolume, untilGuestToldDisks, untilGuestWrote } from '../../../fixtures/devices/server-boot.ts';
import { damageOf, known, STAMPED, stamp } from '../../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { NotApplicable } from '../../../fixtures/scenario/witness.ts';
import { refusalOf } from '../../../helpers/commands/client-failure.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { compare } from '../../../helpers/http/microversion.ts';
import { gib, toBytes } from '../../../helpers/units.ts';
import { seeAttachedNowhere, seeAttachedOnce, untilAttached } from '../../vocabulary/attachment-agreement.ts';
import { seeOnHypervisor } from '../../vocabulary/on-hypervisor.ts';
import { seeDiskInGuest, seeDiskOfDomain } from './guest.ts';
import { secondVolumeRunbook } from './second-volume.runbook.ts';

const LARGE = gib(2);
const EXTEND_IN_USE_SINCE = '3.42';

scenario(secondVolumeRunbook, async (world) => {
  const { check, gate, step, names, make, cinder, nova, storpool, hosts, limits, recorder, signal } = world;
  const image = await step('image', () => world.image(names.image));
  const root = await step('root', () => createBootableVolume(world, names.root, image.id));
  const server = await step('boot', () => bootServer(world, names.server, { volumeId: root.id }));
  const second = await step('prepare', async () => {
    const made = await make.volume({ name: names.volume, size: gib(1) });
    const empty = known(world, await cinder.volumes.untilAvailable(made.id));
    return empty.volume.encrypted ? empty : stamp(world, empty, names.write, STAMPED);
  });
  const { id } = second.volume;
  const pair = { serverId: server.id, volumeId: id };

  await gate('second-volume.attached', async (see) => {
    await step('attach', () => make.alter.attachVolume(pair));
    await untilAttached(cinder, id);
    await step('look', () => seeAttachedOnce(see, world, id, server));
  });

  // openstack/cinder doc, API microversion history.
  const [, offered = '0'] = (cinder.microversion ?? '').split(' ');
  const refuseOld = () => {
    if (compare(offered, EXTEND_IN_USE_SINCE) < 0) {
      throw new NotApplicable(
        `this Cinder does not extend volumes in use: its API ${offered} is older than ${EXTEND_IN_USE_SINCE}`,
      );
    }
  };

  const { encrypted, volumeType } = second.volume;
  const refuseEncrypted = () => {
    if (encrypted) {
      throw new NotApplicable(
        `volumes of type ${volumeType} are encrypted: StorPool does not hold what servers write, and hypervisors may put a device of their own before theirs`,
      );
    }
  };

  await check('extend-attached.layers', async (see) => {
    refuseOld();
    await step('extend', () => make.extendVolume(id, LARGE));
    const volume = await cinder.volumes.untilInUse(id);
    const backing = await storpool.volumes.info(second.name);
    const onStorpool = backing.size;
    const hypervisor = encrypted ? undefined : hostNamed(hosts, server.host);
    const device = await step('measure', () =>
      hypervisor === undefined ? Promise.resolve(undefined) : deviceSizeOnceGrown(world, hypervisor, backing),
    );
    see.equal('Cinder size in GiB', volume.size, LARGE);
    see.agree('size in bytes', {
      Cinder: toBytes(volume.size),
      StorPool: onStorpool,
      ...(hypervisor && { [`device on ${hypervisor.name}`]: device }),
    });
    if (hypervisor === undefined) {
      const why = encrypted ? `volumes of type ${volumeType} are encrypted` : 'cannot be measured, give --hosts';
      see.note('device', `${server.host ?? 'the hypervisor is not shown'}: ${why}`);
    }
  });

  await check('extend-attached.guest', async (see) => {
    refuseOld();
    const event = await eventually({
      what: `Nova to extend the disk of server ${server.id}`,
      read: async () => (await nova.actions.actionsCalled(server.id, 'extend_volume'))[0]?.events[0],
      describe: (found) => (found === undefined ? 'not told' : (found.result ?? 'under way')),
      until: (found) => found?.result !== undefined,
      withinMs: limits.volumeMs,
      signal,
      advice: 'Cinder tells Nova by the event volume-extended: look for it in cinder-volume.log and nova-api.log.',
      record: recorder.wait,
    });
    see.equal('how Nova’s extend_volume ended', event?.result, 'Success');
    const attached = (await nova.actions.volumeAttachments(server.id)).find(({ volumeId }) => volumeId === id);
    await seeDiskOfDomain(see, hosts, server, attached?.device, encrypted ? undefined : toBytes(LARGE));
  });

  await check('delete-attached.refused', async (see) => {
    const refused = await step('delete', () => make.tryToDeleteVolume(id).catch(refusalOf));
    see.equal('delete of a volume in use', refused?.status ?? 'accepted', 400);
    see.note('what Cinder says', refused?.said ?? 'nothing');
    see.equal('the volume in Cinder', (await cinder.volumes.find(id))?.status, 'in-use');
    await seeAttachedOnce(see, world, id, server);
  });

  await check('second-volume.same-disk', async (see) => {
    refuseEncrypted();
    await seeOnHypervisor(see, world, server, 'the second volume', second);
    if ((await world.disk()).afterGuest === undefined) {
      see.note('in the guest', 'not asked: the guest of this image does not tell what its second disk holds');
      return;
    }
    const told = await step('reboot', async () => {
      const before = await untilGuestWrote(world, server.id);
      await make.alter.hardReboot(server.id);
      await nova.servers.untilActive(server.id);
      return untilGuestToldDisks(world, server.id, await untilGuestWrote(world, server.id, before));
    });
    seeDiskInGuest(see, told, { run: world.run, owner: id });
  });

  await gate('second-volume.detached', async (see) => {
    await step('detach', () => make.alter.detachVolume(pair));
    await seeAttachedNowhere(see, world, id, [server.id]);
    see.equal('the server', (await nova.servers.show(server.id)).status, 'ACTIVE');
  });

  await check('delete-attached.data', async (see) => {
    refuseEncrypted();
    const damage = await step('read', () => damageOf(world, names.read, second));
    see.that('the volume', damage === '', damage || 'as written', 'as written');
    const { afterGuest } = await world.disk();
    if (afterGuest !== undefined && !root.encrypted) {
      const content = afterGuest((await untilGuestWrote(world, server.id)) ?? '');
      const name = storpool.volumeName(root.id);
      await seeOnHypervisor(see, world, await nova.servers.show(server.id), 'the root volume', { name, content });
    }
  });
});
