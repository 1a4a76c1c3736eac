import { damageOf, known, STAMPED, stamp, stampedVolume } from '../../fixtures/devices/stamped-volume.ts';
import { BLOCK } from '../../fixtures/images/stamp.ts';
import { scenario } from '../../fixtures/scenario/test.ts';
import { gib, toBytes } from '../../helpers/units.ts';
import { snapshotRunbook } from './snapshot.runbook.ts';

/** Written again after the snapshot. */
const REWRITTEN = STAMPED.slice(0, 2);

const SMALL = toBytes(gib(1));
const LARGE = gib(2);
/** Written once the volume has grown: across its old end, and at its new one. */
const GROWN = [
  { offset: SMALL - BLOCK, length: 2 * BLOCK },
  { offset: toBytes(LARGE) - BLOCK, length: BLOCK },
];

scenario(snapshotRunbook, async (world) => {
  const { check, gate, step, names, make, cinder, storpool } = world;
  const source = await step('prepare', () => stampedVolume(world, names));

  const snapshot = await gate('snapshot.available', async (see) => {
    const { id } = await step('snapshot', () => make.snapshot({ name: names.snapshot, volumeId: source.volume.id }));
    const available = await step('wait', () => cinder.snapshots.untilAvailable(id));
    see.equal('Cinder status', available.status, 'available');
    const listed = await cinder.snapshots.list({ name: names.snapshot });
    see.equal(
      'in the list of Cinder',
      listed.map((one) => one.id),
      [id],
    );
    return available;
  });

  await check('snapshot.storpool', async (see) => {
    const name = storpool.snapshotName(snapshot.id);
    const all = await step('look', () => storpool.snapshots.list());
    const found = all.find((candidate) => candidate.name === name);
    see.equal('name in the StorPool snapshot list', found?.name, name);
    see.equal('taken on', found?.onVolume, source.name);
    see.equal('size in bytes', found?.size, (await storpool.volumes.info(source.name)).size);
  });

  let content = source.content;
  let cloneId: string | undefined;
  await check('snapshot.frozen', async (see) => {
    const rewritten = await step('rewrite', () => stamp(world, source, names.rewrite, REWRITTEN));
    content = rewritten.content;
    const { id } = await step('clone', () => make.volume({ name: names.clone, size: gib(1), snapshotId: snapshot.id }));
    cloneId = id;
    const clone = known(world, await cinder.volumes.untilAvailable(id), source.content);
    const [frozen, current] = await step('compare', async () => [
      await damageOf(world, names.read, clone),
      await damageOf(world, names.reread, rewritten),
    ]);
    see.that('the snapshot', frozen === '', frozen || 'generation 1', 'generation 1, as it was taken');
    see.that('the volume', current === '', current || 'generation 2', 'generation 2 where it was written again, else 1');
  });

  await check('snapshot.younger', async (see) => {
    const grown = await step('grow', async () => {
      await make.extendVolume(source.volume.id, LARGE);
      const volume = await cinder.volumes.untilAvailable(source.volume.id);
      return stamp(world, known(world, volume, content), names.writeGrown, GROWN);
    });
    const { id } = await step('younger', () => make.snapshot({ name: names.younger, volumeId: source.volume.id }));
    await cinder.snapshots.untilAvailable(id);
    await step('delete-older', async () => {
      await (cloneId && make.deleteVolume(cloneId));
      await make.deleteSnapshot(snapshot.id);
    });
    const restored = await step('restore', async () => {
      const made = await make.volume({ name: names.restored, size: LARGE, snapshotId: id });
      return known(world, await cinder.volumes.untilAvailable(made.id), grown.content);
    });
    const [damage, kept] = await step('read-restored', async () => [
      await damageOf(world, names.readRestored, restored),
      await damageOf(world, names.readKept, grown),
    ]);
    see.that('a volume from the younger snapshot', damage === '', damage || 'as written until then', 'as written until then');
    see.that('the volume that it was taken of', kept === '', kept || 'as written until then', 'as written until then');
  });
});
