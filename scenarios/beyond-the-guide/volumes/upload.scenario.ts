import { damageOf, known, stampedVolume } from '../../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { gib } from '../../../helpers/units.ts';
import { seeAttachedNowhere } from '../../vocabulary/attachment-agreement.ts';
import { uploadRunbook } from './upload.runbook.ts';

/** What 1 GiB takes that is sent byte for byte, at 10 MiB a second. */
const RAW_MS = 100_000;

scenario(uploadRunbook, async (world) => {
  const { check, gate, step, names, make, cinder, glance, limits } = world;
  const source = await step('prepare', () => stampedVolume(world, names));
  const diskFormat = (await world.imageFormats()).includes('qcow2') ? 'qcow2' : 'raw';
  const withinMs = limits.imageMs + (diskFormat === 'raw' ? RAW_MS : 0);

  const imageId = await gate('upload.image', async (see) => {
    const { id } = await step('upload', () => make.imageOf(source.volume.id, { name: names.image, diskFormat }));
    const active = await step('wait', async () => {
      const uploaded = await glance.untilActive(id, { withinMs, advice: () => cinder.messages.advice(source.volume.id) });
      await cinder.volumes.untilAvailable(source.volume.id, { withinMs });
      return uploaded;
    });
    see.equal('status of the image', active.status, 'active');
    see.equal('format of the image', active.diskFormat, diskFormat);
    await seeAttachedNowhere(see, world, source.volume.id, []);
    return id;
  });

  const rebuilt = await gate('upload.bytes', async (see) => {
    const { id } = await step('build', () => make.volume({ name: names.rebuilt, size: gib(1), imageId }));
    const made = known(world, await cinder.volumes.untilAvailable(id, { withinMs }), source.content);
    const { encrypted, status, volumeType } = made.volume;
    if (encrypted) {
      see.equal('Cinder status', status, 'available');
      see.note('the volume built from the image', `encrypted by its type ${volumeType}: its bytes cannot be compared`);
      return made;
    }
    const damage = await step('read', () => damageOf(world, names.read, made));
    see.that('the volume built from the image', damage === '', damage || 'as the first', 'as the first');
    return made;
  });

  await check('upload.removed', async (see) => {
    await step('delete', () => make.deleteImage(imageId));
    see.equal('the image in Glance', (await glance.find(imageId))?.status, undefined);
    see.equal('the volume built from it', (await cinder.volumes.find(rebuilt.volume.id))?.status, 'available');
    const ofSource = await step('reread', () => damageOf(world, names.reread, source));
    see.that('the volume that it was made of', ofSource === '', ofSource || 'as written', 'as written');
    if (!rebuilt.volume.encrypted) {
      const damage = await step('reread', () => damageOf(world, names.rereadRebuilt, rebuilt));
      see.that('the bytes of the volume built from it', damage === '', damage || 'as the first', 'as the first');
    }
  });
});
