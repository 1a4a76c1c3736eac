import { damageOf, known, STAMPED, stamp, stampedVolume } from '../../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { NotApplicable } from '../../../fixtures/scenario/witness.ts';
import { compare } from '../../../helpers/http/microversion.ts';
import { gib, toBytes } from '../../../helpers/units.ts';
import { revertRunbook } from './revert.runbook.ts';

const REVERT_SINCE = '3.40';
/** Written again once the volume was reverted. */
const REWRITTEN = STAMPED.slice(0, 2);

scenario(revertRunbook, async (world) => {
  const { check, step, names, make, cinder, storpool } = world;
  const offered = cinder.microversion?.split(' ')[1] ?? '3.0';
  const isOffered = compare(offered, REVERT_SINCE) >= 0;
  const mustBeOffered = () => {
    if (!isOffered) {
      throw new NotApplicable(`this Cinder does not revert volumes: it offers API ${offered}, which came with ${REVERT_SINCE}`);
    }
  };
  if (!isOffered) {
    await check('revert.available', mustBeOffered);
    await check('revert.bytes', mustBeOffered);
    await check('revert.apart', mustBeOffered);
    return;
  }
  const source = await step('prepare', () => stampedVolume(world, names));
  const { id } = source.volume;
  const snapshot = await step('snapshot', async () => {
    const { id: snapshotId } = await make.snapshot({ name: names.snapshot, volumeId: id });
    return cinder.snapshots.untilAvailable(snapshotId);
  });
  await step('rewrite', () => stamp(world, source, names.rewrite, STAMPED));

  const sibling = await step('sibling', async () => {
    const made = await make.volume({ name: names.sibling, size: gib(1), snapshotId: snapshot.id });
    return known(world, await cinder.volumes.untilAvailable(made.id), source.content);
  });

  await world.gate('revert.available', async (see) => {
    await step('revert', () => make.alter.revertVolume({ volumeId: id, snapshotId: snapshot.id }));
    const volume = await step('wait', () => cinder.volumes.untilAvailable(id));
    const backing = await storpool.volumes.info(source.name);
    see.equal('Cinder status', volume.status, 'available');
    see.equal('Cinder size in GiB', volume.size, source.volume.size);
    see.equal('size on StorPool in bytes', backing.size, toBytes(source.volume.size));
    see.equal('the snapshot in Cinder', (await cinder.snapshots.untilAvailable(snapshot.id)).status, 'available');
  });

  await check('revert.bytes', async (see) => {
    const [damage, ofSibling] = await step('read', async () => [
      await damageOf(world, names.read, source),
      await damageOf(world, names.readSibling, sibling),
    ]);
    see.that('the volume', damage === '', damage || 'generation 1', 'generation 1, as in the snapshot');
    see.that('another volume made from the snapshot', ofSibling === '', ofSibling || 'generation 1', 'generation 1, as before');
  });

  await check('revert.apart', async (see) => {
    const rewritten = await step('rewrite-again', () => stamp(world, source, names.rewriteAgain, REWRITTEN));
    const restored = await step('restore', async () => {
      const made = await make.volume({ name: names.restored, size: gib(1), snapshotId: snapshot.id });
      return known(world, await cinder.volumes.untilAvailable(made.id), source.content);
    });
    const [ofVolume, ofSnapshot] = await step('compare', async () => [
      await damageOf(world, names.reread, rewritten),
      await damageOf(world, names.readRestored, restored),
    ]);
    const expected = 'generation 2 where it was written again, else 1';
    see.that('the volume', ofVolume === '', ofVolume || expected, expected);
    see.that('a new volume from the snapshot', ofSnapshot === '', ofSnapshot || 'generation 1', 'generation 1, as before');
  });
});
