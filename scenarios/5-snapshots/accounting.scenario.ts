import { STAMPED_BYTES } from '../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../fixtures/scenario/test.ts';
import { accountingRunbook } from './accounting.runbook.ts';
import { snapshotAndClone } from './snapshot-and-clone.ts';

/** StorPool keeps data in objects of up to 32 MiB each (StorPool reference §2.2), so little data may take more than its size. */
const OBJECT = 32 * 1024 ** 2;
/** Ranges that were written, each of which may begin an object of its own. */
const OBJECTS = 3;
/** Data that is still being written to its last replica may be missing from the physical total. */
const LAGGING = 0.9;

/** Copies that a volume without erasure coding may have. */
const PLAIN_REPLICATION = new Set([1, 2, 3]);

scenario(accountingRunbook, async (world) => {
  const { check, step, storpool } = world;
  const { source, snapshot, clone } = await snapshotAndClone(world);
  const rows = await step('status', async () => {
    const shared = storpool.snapshotName(snapshot.id);
    const status = await storpool.volumes.status([source.name, shared, clone.name]);
    const row = (name: string) => ({ stored: status.get(name)?.storedSize, onDisk: status.get(name)?.onDiskSize });
    return {
      volume: row(source.name),
      snapshot: row(shared),
      clone: row(clone.name),
      replication: Number((await storpool.volumes.info(source.name)).replication),
    };
  });

  await check('accounting.split', (see) => {
    see.equal('stored in the volume', rows.volume.stored, 0);
    see.equal('stored in the volume made from the snapshot', rows.clone.stored, 0);
    const { stored = 0 } = rows.snapshot;
    see.that('stored in the snapshot', stored >= STAMPED_BYTES, stored, `at least the ${STAMPED_BYTES} bytes that were written`);
  });

  await check('accounting.totals', (see) => {
    const total = (of: 'stored' | 'onDisk') =>
      [rows.volume, rows.snapshot, rows.clone].reduce((sum, row) => sum + (row[of] ?? 0), 0);
    const virtual = total('stored');
    const physical = total('onDisk');
    const least = virtual * rows.replication * LAGGING;
    const most = (virtual + OBJECTS * OBJECT) * rows.replication;
    const once = `between ${STAMPED_BYTES} and ${STAMPED_BYTES + OBJECTS * OBJECT}: counted once`;
    see.equal('replication', rows.replication, world.promises.replication ?? rows.replication);
    see.that('virtual total', virtual >= STAMPED_BYTES && virtual <= STAMPED_BYTES + OBJECTS * OBJECT, virtual, once);
    if (!PLAIN_REPLICATION.has(rows.replication)) {
      // Erasure coding: how much lies on the drives depends on its scheme (reference §7).
      see.note('physical total', `${physical}, with replication ${rows.replication}`);
      return;
    }
    see.that('physical total', physical >= least && physical <= most, physical, `about ${rows.replication} × ${virtual}`);
  });
});
