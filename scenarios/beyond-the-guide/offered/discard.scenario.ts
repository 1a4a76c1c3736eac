import { discardOn, mostDiscarded } from '../../../fixtures/devices/discard.ts';
import { known, stampOn } from '../../../fixtures/devices/stamped-volume.ts';
import { refuseOthersSnapshots, untilCounted } from '../../../fixtures/devices/stored-bytes.ts';
import { BLOCK } from '../../../fixtures/images/stamp.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { NotApplicable } from '../../../fixtures/scenario/witness.ts';
import { gib } from '../../../helpers/units.ts';
import { discardRunbook, TRIMMED } from './discard.runbook.ts';

/** What is counted may be off by an object, of up to 32 MiB, of those that were trimmed whole (StorPool reference §2.2). */
const OBJECT = 32 * 1024 ** 2;
const END = TRIMMED.offset + TRIMMED.length;
const BESIDE = [
  { offset: TRIMMED.offset - BLOCK, length: BLOCK },
  { offset: END, length: BLOCK },
];
const WRITTEN = TRIMMED.length + BESIDE.length * BLOCK;

scenario(discardRunbook, async (world) => {
  const { check, gate, step, names, make, cinder, storpool, hands, here, elsewhere, signal } = world;
  const empty = await step('volume', async () => {
    const { id } = await make.volume({ name: names.volume, size: gib(1) });
    return known(world, await cinder.volumes.untilAvailable(id));
  });
  const device = await step('attach', () => hands.attach(here, { name: names.write, volume: empty.name }));
  const most = await step('asks', () => mostDiscarded(here, device));
  if (most === 0) {
    const why = `the device of the volume on ${here.name} takes no discards: discard_max_bytes is 0, or it is no block device`;
    for (const id of ['discard.zeros', 'discard.space'] as const) {
      await check(id, () => {
        throw new NotApplicable(why);
      });
    }
    return;
  }
  const stored = (isAsItShould: (bytes: number) => boolean) =>
    untilCounted(
      async () => (await storpool.volumes.status([empty.name])).get(empty.name)?.storedSize ?? 0,
      isAsItShould,
      signal,
    );
  // What is left is as if the range had never been written; the bytes that must not come back are stamped all the same.
  const left = await step('write', async () => {
    await stampOn(world, device, empty, [TRIMMED]);
    return stampOn(world, device, empty, BESIDE);
  });
  const before = await step('stored', () => stored((bytes) => bytes >= WRITTEN));

  await gate('discard.zeros', async (see) => {
    see.note('discard_max_bytes of the device', most);
    await step('trim', () => discardOn(world, device, TRIMMED));
    await step('detach', () => hands.detach(here, empty.name));
    const again = { name: names.read, volume: empty.name };
    const damage = await step('read', () =>
      hands.holding(elsewhere ?? here, again, (read) => left.content.damageOn(read, signal)),
    );
    const expected = `zeros from ${TRIMMED.offset} to ${END}, and all else as before`;
    see.that('the volume', damage === '', damage || expected, expected);
  });

  await check('discard.space', async (see) => {
    await refuseOthersSnapshots(storpool, [await storpool.volumes.info(empty.name)]);
    see.that('stored once it was written', before >= WRITTEN, before, `at least the ${WRITTEN} bytes that were written`);
    const enough = Math.max(0, before - TRIMMED.length + OBJECT);
    const after = await step('storedAfter', () => stored((bytes) => bytes <= enough));
    see.that(
      'stored once it was trimmed',
      after <= enough,
      after,
      `at most ${enough}: ${TRIMMED.length} less, but for one object`,
    );
  });
});
