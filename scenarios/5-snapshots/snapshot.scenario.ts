import { damageOf, known, STAMPED, stamp, stampedVolume } from '../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../fixtures/scenario/test.ts';
import { gib } from '../../helpers/units.ts';
import { snapshotRunbook } from './snapshot.runbook.ts';

/** Written again after the snapshot. */
const REWRITTEN = STAMPED.slice(0, 2);

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

  await check('snapshot.frozen', async (see) => {
    const rewritten = await step('rewrite', () => stamp(world, source, names.rewrite, REWRITTEN));
    const { id } = await step('clone', () => make.volume({ name: names.clone, size: gib(1), snapshotId: snapshot.id }));
    const clone = known(world, await cinder.volumes.untilAvailable(id), source.content);
    const [frozen, current] = await step('compare', async () => [
      await damageOf(world, names.read, clone),
      await damageOf(world, names.reread, rewritten),
    ]);
    see.that('the snapshot', frozen === '', frozen || 'generation 1', 'generation 1, as it was taken');
    see.that('the volume', current === '', current || 'generation 2', 'generation 2 where it was written again, else 1');
  });
});
