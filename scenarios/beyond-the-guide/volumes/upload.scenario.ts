import { damageOn, stampedVolume } from '../../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { eventually } from '../../../helpers/eventually.ts';
import type { Image } from '../../../helpers/glance/glance.ts';
import { gib } from '../../../helpers/units.ts';
import { seeAttachedNowhere } from '../../vocabulary/attachment-agreement.ts';
import { uploadRunbook } from './upload.runbook.ts';

scenario(uploadRunbook, async (world) => {
  const { check, gate, step, names, make, cinder, glance, storpool, limits, recorder, signal } = world;
  const source = await step('prepare', () => stampedVolume(world, names));

  const imageId = await gate('upload.image', async (see) => {
    const { id } = await step('upload', () => make.imageOf(source.volume.id, { name: names.image, diskFormat: 'qcow2' }));
    const active = await step('wait', async () => {
      const uploaded = await eventually<Image | undefined>({
        what: `image ${id} to be active`,
        read: () => glance.find(id),
        describe: (found) => found?.status ?? 'gone',
        until: (found) => found?.status === 'active',
        unless: (found) => (found === undefined ? 'Cinder gave it up' : undefined),
        withinMs: limits.imageMs,
        signal,
        advice: () => cinder.messages.advice(source.volume.id),
        record: recorder.wait,
      });
      await cinder.volumes.untilAvailable(source.volume.id, { withinMs: limits.imageMs });
      return uploaded;
    });
    see.equal('status of the image', active?.status, 'active');
    see.equal('format of the image', active?.diskFormat, 'qcow2');
    await seeAttachedNowhere(see, world, source.volume.id, []);
    return id;
  });

  const rebuilt = await gate('upload.bytes', async (see) => {
    const { id } = await step('build', () => make.volume({ name: names.rebuilt, size: gib(1), imageId }));
    const volume = await cinder.volumes.untilAvailable(id, { withinMs: limits.imageMs });
    if (volume.encrypted) {
      see.equal('Cinder status', volume.status, 'available');
      see.note('the volume built from the image', `encrypted by its type ${volume.volumeType}: its bytes cannot be compared`);
      return volume;
    }
    const damage = await step('read', () =>
      damageOn(world, { name: storpool.volumeName(id), attachment: names.read }, source, 1),
    );
    see.that('the volume built from the image', damage === '', damage || 'as the first', 'as the first');
    return volume;
  });

  await check('upload.removed', async (see) => {
    await step('delete', () => make.deleteImage(imageId));
    see.equal('the image in Glance', (await glance.find(imageId))?.status, undefined);
    see.equal('the volume built from it', (await cinder.volumes.find(rebuilt.id))?.status, 'available');
  });
});
