import { scenario } from '../../fixtures/scenario/test.ts';
import { NotApplicable } from '../../fixtures/scenario/witness.ts';
import { refusalOf } from '../../helpers/commands/client-failure.ts';
import { eventually } from '../../helpers/eventually.ts';
import { gib } from '../../helpers/units.ts';
import { imageTooLargeRunbook } from './image-too-large.runbook.ts';

const BAD_REQUEST = 400;

scenario(imageTooLargeRunbook, async (world) => {
  const { check, step, names, make, cinder, glance, storpool, emptyImage, limits, recorder, signal } = world;
  const taken = await glance.diskFormats();
  if (!taken.includes('qcow2')) {
    await check('image.too-large-refused', () => {
      throw new NotApplicable(`this Glance takes no image whose disk is larger than its file: it takes ${taken.join(', ')}`);
    });
    return;
  }
  const image = await step('image', () => emptyImage(names.image, gib(2)));
  await check('image.too-large-refused', async (see) => {
    const refusal = await step('create', () =>
      wordsOrThing(() => make.volume({ name: names.volume, size: gib(1), imageId: image.id })),
    );
    if (typeof refusal !== 'string') {
      // Releases that do not know the virtual size at the API find out in the driver: the volume ends in error.
      const ended = await eventually({
        what: `volume ${refusal.id} to be refused`,
        read: () => cinder.volumes.show(refusal.id),
        describe: ({ status }) => status,
        until: ({ status }) => status === 'error' || status === 'available',
        withinMs: limits.imageMs,
        signal,
        advice: () => cinder.messages.advice(refusal.id),
        record: recorder.wait,
      });
      see.equal('status of the volume that is too small', ended.status, 'error');
      const reasons = await cinder.messages.list(refusal.id);
      see.note('reasons that Cinder gives', reasons);
      await step('remove', () => make.deleteVolume(refusal.id));
    } else {
      see.that('refusal', /larger|size|min_disk|minDisk|smaller/i.test(refusal), refusal, 'words about the size');
    }
    await step('look', async () => {
      see.equal(
        'volumes of that name in Cinder',
        (await cinder.volumes.list({ name: names.volume })).map(({ status }) => status),
        [],
      );
      const id = typeof refusal === 'string' ? undefined : refusal.id;
      const left = id === undefined ? undefined : await storpool.volumes.find(storpool.volumeName(id));
      see.equal('the volume on StorPool', left?.name, undefined);
    });
  });
});

/** The service's own words when it refuses at once, else what it made. */
async function wordsOrThing<T>(ask: () => Promise<T>): Promise<T | string> {
  try {
    return await ask();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.status !== BAD_REQUEST) {
      throw error;
    }
    return refusal.said;
  }
}
