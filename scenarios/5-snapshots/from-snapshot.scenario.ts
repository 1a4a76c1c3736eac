import { damageOf, known } from '../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../fixtures/scenario/test.ts';
import { gib, toBytes } from '../../helpers/units.ts';
import { fromSnapshotRunbook } from './from-snapshot.runbook.ts';
import { snapshotAndClone } from './snapshot-and-clone.ts';

scenario(fromSnapshotRunbook, async (world) => {
  const { check, gate, step, names, make, cinder, storpool, hands, here, signal } = world;
  const { source, snapshot, clone } = await snapshotAndClone(world);

  await check('from-snapshot.parent', async (see) => {
    const backing = await step('look', () => storpool.volumes.info(clone.name));
    see.equal('parent on StorPool', await storpool.originOf(backing), storpool.snapshotName(snapshot.id));
    see.equal('snapshot_id in Cinder', clone.volume.snapshotId, snapshot.id);
    const { templateName, replication } = await storpool.volumes.info(source.name);
    see.equal('StorPool template, as of the source', backing.templateName, templateName);
    see.equal('replication, as of the source', backing.replication, replication);
  });

  await check('from-snapshot.bytes', async (see) => {
    const damage = await step('read', () => damageOf(world, names.read, clone));
    see.that('the new volume', damage === '', damage || 'as the snapshot', 'as the snapshot');
  });

  const ofTwice = await gate('from-snapshot.larger', async (see) => {
    const larger = await step('larger', async () => {
      const { id } = await make.volume({ name: names.larger, size: gib(2), snapshotId: snapshot.id });
      return cinder.volumes.untilAvailable(id);
    });
    const volume = known(world, larger, source.content);
    const { name, content } = volume;
    const backing = await storpool.volumes.info(name);
    const device = await hands.attach(here, { name: names.readLarger, volume: name });
    see.equal('Cinder size in GiB', larger.size, 2);
    see.agree('size in bytes', { Cinder: toBytes(larger.size), StorPool: backing.size, device: device.size });
    const damage = await step('read-larger', () => content.damageOn(device, signal));
    see.that('the larger volume', damage === '', damage || 'as the snapshot, zeros behind', 'as the snapshot, zeros behind');
    await hands.detach(here, name);
    const [ofSource, ofFirst] = await step('reread', async () => [
      await damageOf(world, names.readSource, source),
      await damageOf(world, names.readAgain, clone),
    ]);
    see.that('the volume that the snapshot was taken of', ofSource === '', ofSource || 'as written', 'as written');
    see.that('the first volume made from it', ofFirst === '', ofFirst || 'as the snapshot', 'as the snapshot');
    return volume;
  });

  await check('from-snapshot.kept', async (see) => {
    await step('delete-snapshot', () => make.deleteSnapshot(snapshot.id));
    const [damage, ofFirst] = await step('read-kept', async () => [
      await damageOf(world, names.readKept, ofTwice),
      await damageOf(world, names.readFirstKept, clone),
    ]);
    see.that('the larger volume', damage === '', damage || 'as before', 'as before');
    see.that('the first volume made from it', ofFirst === '', ofFirst || 'as before', 'as before');
  });
});
