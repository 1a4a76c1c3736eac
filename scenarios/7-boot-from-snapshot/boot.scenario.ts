import { hostNamed } from '../../fixtures/devices/host-named.ts';
import { hostsWithDevice } from '../../fixtures/devices/hosts-with-device.ts';
import { damageOf, known } from '../../fixtures/devices/stamped-volume.ts';
import type { Content } from '../../fixtures/images/content.ts';
import { volumeSizeFor } from '../../fixtures/images/examine.ts';
import { scenario } from '../../fixtures/scenario/test.ts';
import { NotApplicable } from '../../fixtures/scenario/witness.ts';
import { seeRunningClient } from '../vocabulary/attachment-agreement.ts';
import { bootRunbook } from './boot.runbook.ts';
import { seeGuestWrites } from './guest-writes.ts';

scenario(bootRunbook, async (world) => {
  const {
    check,
    gate,
    step,
    names,
    make,
    cinder,
    nova,
    storpool,
    disk,
    image,
    flavor,
    hosts,
    hands,
    here,
    limits,
    promises,
    signal,
  } = world;
  const picture = await disk();
  const size = volumeSizeFor(picture);
  const glanceImage = await step('image', () => image(names.image));
  const source = await step('volume', async () => {
    const { id } = await make.volume({ name: names.volume, size, imageId: glanceImage.id });
    return cinder.volumes.untilAvailable(id, { withinMs: limits.imageMs });
  });
  const snapshot = await step('snapshot', async () => {
    const { id } = await make.snapshot({ name: names.snapshot, volumeId: source.id });
    return cinder.snapshots.untilAvailable(id);
  });

  const server = await gate('boot.active', async (see) => {
    const { id: flavorId } = await flavor();
    const wanted = { name: names.server, snapshotId: snapshot.id, flavorId, nic: promises.nic };
    const { id } = await step('boot', () => make.server(wanted));
    const active = await step('wait', () => nova.servers.untilActive(id));
    see.equal('Nova status', active.status, 'ACTIVE');
    const listed = await nova.servers.list({ name: names.server });
    see.equal(
      'in the list of Nova',
      listed.map((one) => one.id),
      [id],
    );
    return active;
  });

  const root = await gate('boot.root-volume', async (see) => {
    const attached = await step('look', () => nova.actions.volumeAttachments(server.id));
    see.equal('volumes of the server', attached.length, 1);
    const id = attached[0]?.volumeId ?? '';
    see.that('the root volume', id !== source.id, id === source.id ? 'the source itself' : 'a new volume', 'a new volume');
    const volume = await cinder.volumes.show(id);
    const backing = await storpool.volumes.info(storpool.volumeName(id));
    see.equal('snapshot_id in Cinder', volume.snapshotId, snapshot.id);
    see.equal('parent on StorPool', await storpool.originOf(backing), storpool.snapshotName(snapshot.id));
    const copies = (await storpool.volumes.info(storpool.volumeName(source.id))).replication;
    see.equal('replication, as of the source', backing.replication, copies);
    // Last, because it refuses a volume of which that is not true.
    await make.adoptVolume(id);
    return { volume, name: backing.name };
  });

  await check('boot.attachment', async (see) => {
    const onStorpool = await storpool.attachments.of(root.name);
    const inCinder = await cinder.attachments.list({ volumeId: root.volume.id });
    const inNova = await nova.actions.volumeAttachments(server.id);
    const hypervisor = hostNamed(hosts, server.host);
    see.equal(
      'attachments on StorPool',
      onStorpool.map(({ rights }) => rights),
      ['rw'],
    );
    see.equal(
      'servers that have it in Cinder',
      inCinder.map(({ serverId, status }) => `${status} to ${serverId}`),
      [`attached to ${server.id}`],
    );
    see.equal(
      'volumes of the server in Nova',
      inNova.map(({ volumeId }) => volumeId),
      [root.volume.id],
    );
    if (hypervisor === undefined) {
      await seeRunningClient(see, storpool, onStorpool[0]?.client, server.host);
    } else {
      see.equal(`client id (${hypervisor.name})`, onStorpool[0]?.client, hypervisor.client);
      see.equal('hosts with a device of it', await hostsWithDevice(world, root.name, [hypervisor.name]), [hypervisor.name]);
    }
  });

  await check('boot.console', async (see) => {
    const { banner } = picture;
    if (banner === undefined) {
      throw new NotApplicable("what an operator's own image prints is not known; the canary image prints a nonce");
    }
    const text = await step('console', () => nova.servers.untilConsole(server.id, banner));
    see.that('console', text.includes(banner), text.trim().slice(-300), banner);
  });

  let content: Content | undefined;
  await check('boot.guest-writes', async (see) => {
    content = await seeGuestWrites(see, world, { server, ...root, picture });
  });

  await check('boot.delete', async (see) => {
    await step('delete', () => make.deleteServer(server.id));
    await step('after', async () => {
      see.equal('the server in Nova', (await nova.servers.find(server.id))?.status, undefined);
      const kept = await cinder.volumes.untilAvailable(root.volume.id);
      see.equal('the root volume (delete_on_termination false)', kept.status, 'available');
      see.equal('attachments in Cinder', (await cinder.attachments.list({ volumeId: root.volume.id })).length, 0);
      see.equal(
        'attachments on StorPool',
        (await storpool.attachments.of(root.name)).map(({ client }) => client),
        [],
      );
      see.equal('hosts with a device of it', await hostsWithDevice(world, root.name, []), []);
    });
    if (content !== undefined) {
      const kept = known(world, root.volume, content);
      const damage = await step('read', () => damageOf(world, names.read, kept));
      see.that('the root volume', damage === '', damage || 'as its guest left it', 'as its guest left it');
    }
    if (!source.encrypted) {
      const held = { name: names.readSource, volume: storpool.volumeName(source.id) };
      const damage = await step('read', () => hands.holding(here, held, (device) => picture.damageOn(device, signal)));
      see.that('the volume that the snapshot was taken of', damage === '', damage || "the image's", "the image's");
    }
  });
});
