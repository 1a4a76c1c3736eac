import { damageOf } from '../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../fixtures/scenario/test.ts';
import { refusalOf } from '../../helpers/commands/client-failure.ts';
import { snapshotAndClone } from './snapshot-and-clone.ts';
import { sourceDeleteRunbook } from './source-delete.runbook.ts';

scenario(sourceDeleteRunbook, async (world) => {
  const { check, step, names, make, cinder, storpool } = world;
  const { source, snapshot, clone } = await snapshotAndClone(world);

  await check('snapshot.source-delete', async (see) => {
    const refused = await step('delete-source', () => make.tryToDeleteVolume(source.volume.id).catch(refusalOf));
    see.equal('delete of a volume that has a snapshot', refused?.status ?? 'accepted', 400);
    see.equal('that volume in Cinder', (await cinder.volumes.find(source.volume.id))?.status, 'available');
    see.equal('that volume on StorPool', (await storpool.volumes.find(source.name))?.name, source.name);
    await step('delete-snapshot', () => make.deleteSnapshot(snapshot.id));
    see.equal('the snapshot in Cinder', (await cinder.snapshots.find(snapshot.id))?.status, undefined);
    const listed = (await storpool.snapshots.list()).filter(({ name, deleted }) => name.includes(snapshot.id) && !deleted);
    see.equal(
      'the snapshot on StorPool',
      listed.map(({ name }) => name),
      [],
    );
    const [kept, made] = await step('read', async () => [
      await damageOf(world, names.readSource, source),
      await damageOf(world, names.read, clone),
    ]);
    see.that('the volume that it was taken of', kept === '', kept || 'as written', 'as written');
    see.that('the volume made from it', made === '', made || 'as written', 'as written');
  });

  await check('source-delete.clone-kept', async (see) => {
    await step('delete-source-again', () => make.deleteVolume(source.volume.id));
    see.equal('the source on StorPool', (await storpool.volumes.find(source.name))?.name, undefined);
    const damage = await step('read-again', () => damageOf(world, names.readAgain, clone));
    see.that('the volume made from its snapshot', damage === '', damage || 'as written', 'as written');
  });
});
