import { damageOn, damagesOn, restamp, STAMPED, stampedVolume } from '../../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { gib } from '../../../helpers/units.ts';
import { cloneRunbook } from './clone.runbook.ts';

/** Written again on the source, and on the clone. */
const OF_SOURCE = STAMPED.slice(0, 1);
const OF_CLONE = STAMPED.slice(1, 2);

scenario(cloneRunbook, async (world) => {
  const { check, step, names, make, cinder, storpool } = world;
  const source = await step('prepare', () => stampedVolume(world, names));
  const volume = await step('clone', async () => {
    const { id } = await make.volume({ name: names.clone, size: gib(1), sourceVolumeId: source.volume.id });
    return cinder.volumes.untilAvailable(id);
  });
  const copy = { volume: source.volume, name: storpool.volumeName(volume.id) };

  await check('clone.shared', async (see) => {
    const [ofClone, ofSource, ancestors, stored] = await step('look', async () => [
      await storpool.volumes.info(copy.name),
      await storpool.volumes.info(source.name),
      (await storpool.volumes.chain(source.name)).map(({ name }) => name),
      (await storpool.volumes.status([copy.name])).get(copy.name)?.storedSize,
    ]);
    see.that(
      'parent of the clone',
      ancestors.includes(ofClone.parentName),
      ofClone.parentName || 'none',
      'a parent of the source',
    );
    see.equal('StorPool template, as of the source', ofClone.templateName, ofSource.templateName);
    see.equal('replication, as of the source', ofClone.replication, ofSource.replication);
    see.equal('stored in the clone alone', stored, 0);
    see.equal('source_volid in Cinder', volume.sourceVolumeId, source.volume.id);
  });

  await check('clone.bytes', async (see) => {
    const damage = await step('read', () => damageOn(world, { name: copy.name, attachment: names.read }, source, 1));
    see.that('the clone', damage === '', damage || 'as the source', 'as the source');
  });

  await check('clone.apart', async (see) => {
    await step('rewrite', async () => {
      await restamp(world, source, names.rewrite, 2, OF_SOURCE);
      await restamp(world, copy, names.rewriteClone, 2, OF_CLONE);
    });
    const expected = [
      { of: 'source', name: source.name, attachment: names.reread, rewritten: OF_SOURCE },
      { of: 'clone', name: copy.name, attachment: names.rereadClone, rewritten: OF_CLONE },
    ];
    for (const { of, rewritten, ...on } of expected) {
      const kept = STAMPED.filter((range) => !rewritten.includes(range));
      const [later, first] = await step('compare', () =>
        damagesOn(world, on, source, [
          { generation: 2, ranges: rewritten },
          { generation: 1, ranges: kept },
        ]),
      );
      see.that(`the ${of} where it was written again`, later === '', later || 'generation 2', 'generation 2');
      see.that(`the ${of} elsewhere`, first === '', first || 'generation 1', 'generation 1');
    }
  });
});
