import { attached } from '../../fixtures/devices/manual-attachments.ts';
import { StoredBytes } from '../../fixtures/devices/stored-bytes.ts';
import { volumeSizeFor } from '../../fixtures/images/examine.ts';
import { scenario } from '../../fixtures/scenario/test.ts';
import { NotApplicable } from '../../fixtures/scenario/witness.ts';
import { eventually } from '../../helpers/eventually.ts';
import type { Device } from '../../helpers/hosts/devices/device.ts';
import { toBytes } from '../../helpers/units.ts';
import { templatePromise } from '../vocabulary/promised-back-end.ts';
import { seeStoredBytesGrow } from '../vocabulary/stored-bytes.ts';
import { imageRunbook } from './image.runbook.ts';

/** source: openstack/cinder@ab09bc39d cinder/volume/flows/manager/create_volume.py */
const PATH = ['creating', 'downloading', 'available'];

scenario(imageRunbook, async (world) => {
  const { check, gate, step, progress, names, make, cinder, storpool, hands, here, disk, image, limits, recorder, signal } =
    world;
  const states: string[] = [];
  const picture = await disk();
  const glanceImage = await step('image', () => image(names.image));
  const { volume, stored, size } = await gate('image.path', async (see) => {
    const picked = await step('pick', () => world.glance.pick(glanceImage.name));
    see.equal('the image found by its name', picked.id, glanceImage.id);
    const wanted = volumeSizeFor(picture);
    const { id } = await step('create', () => make.volume({ name: names.volume, size: wanted, imageId: picked.id }));
    const samples = new StoredBytes(storpool, storpool.volumeName(id));
    const available = await step('wait', () =>
      eventually({
        what: `volume ${id} to be available`,
        read: async () => {
          const now = await cinder.volumes.show(id);
          await samples.sample();
          return now;
        },
        describe: ({ status }) => {
          progress(
            'wait',
            status,
            Math.min(99, Math.floor((100 * (samples.samples.at(-1)?.bytes ?? 0)) / Math.max(1, picture.heldBytes))),
          );
          if (states.at(-1) !== status) {
            states.push(status);
          }
          return status;
        },
        until: ({ status }) => status === 'available',
        unless: ({ status }) => (PATH.includes(status) ? undefined : `its status is ${status}`),
        withinMs: limits.imageMs,
        signal,
        advice: () => cinder.messages.advice(id),
        record: recorder.wait,
      }).catch(async (error: unknown) => {
        throw (await cinder.messages.unwilling(id)) ?? error;
      }),
    );
    await samples.look();
    const inOrder = states.every((state, i) => i === 0 || PATH.indexOf(state) > PATH.indexOf(states[i - 1] ?? ''));
    see.that('states seen', inOrder && states.at(-1) === 'available', states.join(' → '), `${PATH.join(' → ')}, in this order`);
    return { volume: available, stored: samples, size: wanted };
  });
  const name = storpool.volumeName(volume.id);

  await check('image.progress', async (see) => {
    await seeStoredBytesGrow(see, storpool, stored, { dataBytes: picture.dataBytes, signal });
  });

  await check('image.detached', async (see) => {
    const { attachments, cinders } = await step('look', async () => ({
      attachments: await storpool.attachments.of(name),
      cinders: await cinder.attachments.list({ volumeId: volume.id }),
    }));
    see.equal(
      'attachments on StorPool',
      attachments.map(({ client, rights }) => `${rights} on client ${client}`),
      [],
    );
    see.equal(
      'attachments in Cinder',
      cinders.map(({ id }) => id),
      [],
    );
  });

  await check('image.bootable', async (see) => {
    see.equal('bootable', volume.bootable, true);
    if (volume.imageMetadata['image_id'] === undefined) {
      await cinder.volumes.mustShowImageMetadata(volume.id);
    }
    see.that(
      'image_id in the volume',
      volume.imageMetadata['image_id'] !== undefined,
      volume.imageMetadata['image_id'] ?? 'none',
      "the image's id",
    );
    // What Glance imports it may convert (openstack/glance doc, image_conversion).
    see.equal('disk_format in the volume', volume.imageMetadata['disk_format'], glanceImage.diskFormat);
  });

  let device: Device | undefined;
  await check('image.size', async (see) => {
    const backing = await storpool.volumes.info(name);
    const promised = await templatePromise(cinder, storpool, world.promises, volume);
    device = await hands.attach(here, { name: names.attachment, volume: name });
    see.equal('Cinder size in GiB', volume.size, size);
    see.agree('size in bytes', { Cinder: toBytes(volume.size), StorPool: backing.size, device: device.size });
    see.equal('StorPool template', backing.templateName, promised.template);
    see.equal('replication', backing.replication, promised.replication);
  });

  await check('image.bytes', async (see) => {
    if (volume.encrypted) {
      throw new NotApplicable(`volumes of type ${volume.volumeType} are encrypted: StorPool holds none of the image's own bytes`);
    }
    const found = await step('read', async () => ({
      start: (await attached(device).read(0, 512, signal)).toString('latin1', 0, 4),
      damage: await picture.damageOn(attached(device), signal),
    }));
    see.that('the first bytes', found.start !== 'QFI\u00fb', found.start === 'QFI\u00fb' ? 'a qcow2 file' : 'a disk', 'a disk');
    see.that('the disk', found.damage === '', found.damage || "the image's", "the image's");
    await step('detach', () => hands.detach(here, name));
  });
});
