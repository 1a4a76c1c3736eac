import { damageOf, known, STAMPED, stamp, stampedVolume } from '../../../fixtures/devices/stamped-volume.ts';
import { untilCounted } from '../../../fixtures/devices/stored-bytes.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { gib, toBytes } from '../../../helpers/units.ts';
import { cloneRunbook } from './clone.runbook.ts';

/** Twice the source's. */
const LARGE = gib(2);
/** Written again on the source, and on the clone. */
const OF_SOURCE = STAMPED.slice(0, 1);
const OF_CLONE = STAMPED.slice(1, 2);

scenario(cloneRunbook, async (world) => {
  const { check, step, names, make, cinder, storpool } = world;
  const source = await step('prepare', () => stampedVolume(world, names));
  const copy = await step('clone', async () => {
    const { id } = await make.volume({ name: names.clone, size: LARGE, sourceVolumeId: source.volume.id });
    return known(world, await cinder.volumes.untilAvailable(id), source.content);
  });

  await check('clone.shared', async (see) => {
    const ofClone = await step('look', () => storpool.volumes.info(copy.name));
    const [parent, ofSource, ancestors, stored] = await step('look', async () => [
      await storpool.originOf(ofClone),
      await storpool.volumes.info(source.name),
      (await storpool.volumes.chain(source.name)).map(({ name }) => name),
      await untilCounted(
        async () => (await storpool.volumes.status([copy.name])).get(copy.name)?.storedSize,
        (bytes) => bytes === 0,
        world.signal,
      ),
    ]);
    see.that('parent of the clone', ancestors.includes(parent), parent || 'none', 'a parent of the source');
    see.equal('StorPool template, as of the source', ofClone.templateName, ofSource.templateName);
    see.equal('replication, as of the source', ofClone.replication, ofSource.replication);
    see.equal('stored in the clone alone', stored, 0);
    see.equal('source_volid in Cinder', copy.volume.sourceVolumeId, source.volume.id);
  });

  await check('clone.bytes', async (see) => {
    const { size } = await step('look', () => storpool.volumes.info(copy.name));
    see.equal(
      'size in bytes',
      { Cinder: toBytes(copy.volume.size), StorPool: size },
      { Cinder: toBytes(LARGE), StorPool: toBytes(LARGE) },
    );
    const damage = await step('read', () => damageOf(world, names.read, copy));
    see.that('the clone', damage === '', damage || 'as the source, zeros behind', 'as the source, zeros behind');
  });

  await check('clone.apart', async (see) => {
    const [ofSource, ofClone] = await step('rewrite', async () => [
      await stamp(world, source, names.rewrite, OF_SOURCE),
      await stamp(world, copy, names.rewriteClone, OF_CLONE),
    ]);
    const [onSource, onClone] = await step('compare', async () => [
      await damageOf(world, names.reread, ofSource),
      await damageOf(world, names.rereadClone, ofClone),
    ]);
    const expected = 'generation 2 where it was written again, else 1';
    see.that('the source', onSource === '', onSource || expected, expected);
    see.that('the clone', onClone === '', onClone || expected, expected);
    await step('delete', () => make.deleteVolume(copy.volume.id));
    const kept = await step('read-kept', () => damageOf(world, names.readKept, ofSource));
    see.that('the source once the clone is deleted', kept === '', kept || 'as before', 'as before');
  });
});
