import { hostNamed } from '../../../fixtures/devices/host-named.ts';
import { deviceSizeOnceGrown } from '../../../fixtures/devices/hosts-with-device.ts';
import { bootServer, createBootableVolume } from '../../../fixtures/devices/server-boot.ts';
import { damageOf, stampedVolume } from '../../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { NotApplicable } from '../../../fixtures/scenario/witness.ts';
import { refusalOf } from '../../../helpers/commands/client-failure.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { compare } from '../../../helpers/http/microversion.ts';
import { gib, toBytes } from '../../../helpers/units.ts';
import { seeAttachedNowhere, seeAttachedOnce, untilAttached } from '../../vocabulary/attachment-agreement.ts';
import { seeDiskOfDomain } from './guest.ts';
import { secondVolumeRunbook } from './second-volume.runbook.ts';

const LARGE = gib(2);
const EXTEND_IN_USE_SINCE = '3.42';

scenario(secondVolumeRunbook, async (world) => {
  const { check, gate, step, names, make, cinder, nova, storpool, hosts, limits, recorder, signal } = world;
  const image = await step('image', () => world.image(names.image));
  const root = await step('root', () => createBootableVolume(world, names.root, image.id));
  const server = await step('boot', () => bootServer(world, names.server, { volumeId: root.id }));
  const second = await step('prepare', () => stampedVolume(world, names));
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

  await check('extend-attached.layers', async (see) => {
    refuseOld();
    await step('extend', () => make.extendVolume(id, LARGE));
    const volume = await cinder.volumes.untilInUse(id);
    const backing = await storpool.volumes.info(second.name);
    const onStorpool = backing.size;
    const hypervisor = hostNamed(hosts, server.host);
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
      see.note('device', `${server.host ?? 'the hypervisor is not shown'}: cannot be measured, give --hosts`);
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
    await seeDiskOfDomain(see, hosts, server, attached?.device, toBytes(LARGE));
  });

  await check('delete-attached.refused', async (see) => {
    const refused = await step('delete', () => make.tryToDeleteVolume(id).catch(refusalOf));
    see.equal('delete of a volume in use', refused?.status ?? 'accepted', 400);
    see.note('what Cinder says', refused?.said ?? 'nothing');
    see.equal('the volume in Cinder', (await cinder.volumes.find(id))?.status, 'in-use');
    await seeAttachedOnce(see, world, id, server);
  });

  await gate('second-volume.detached', async (see) => {
    await step('detach', () => make.alter.detachVolume(pair));
    await seeAttachedNowhere(see, world, id, [server.id]);
    see.equal('the server', (await nova.servers.show(server.id)).status, 'ACTIVE');
  });

  await check('delete-attached.data', async (see) => {
    const damage = await step('read', () => damageOf(world, names.read, second));
    see.that('the volume', damage === '', damage || 'as written', 'as written');
  });
});
