import { STAMPED_BYTES } from '../../fixtures/devices/stamped-volume.ts';
import { refuseOthersSnapshots, untilCounted } from '../../fixtures/devices/stored-bytes.ts';
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

interface Row {
  readonly stored: number | undefined;
  readonly onDisk: number | undefined;
}

interface Rows {
  readonly volume: Row;
  readonly snapshot: Row;
  readonly clone: Row;
}

const isSplit = ({ volume, snapshot, clone }: Rows) =>
  volume.stored === 0 && clone.stored === 0 && (snapshot.stored ?? 0) >= STAMPED_BYTES;

/** What all three store and what of it lies on the drives, and between what that may be. */
function totalsOf({ volume, snapshot, clone }: Rows, replication: number) {
  const total = (of: keyof Row) => [volume, snapshot, clone].reduce((sum, row) => sum + (row[of] ?? 0), 0);
  const [virtual, physical] = [total('stored'), total('onDisk')];
  const most = STAMPED_BYTES + OBJECTS * OBJECT;
  const isOnce = virtual >= STAMPED_BYTES && virtual <= most;
  const isCopied = physical >= virtual * replication * LAGGING && physical <= (virtual + OBJECTS * OBJECT) * replication;
  return { virtual, physical, most, isOnce, isCopied };
}

scenario(accountingRunbook, async (world) => {
  const { check, step, storpool, signal } = world;
  const { source, snapshot, clone } = await snapshotAndClone(world);
  const { rows, replication } = await step('status', async () => {
    const shared = storpool.snapshotName(snapshot.id);
    const copies = Number((await storpool.volumes.info(source.name)).replication);
    const look = async (): Promise<Rows> => {
      const status = await storpool.volumes.status([source.name, shared, clone.name]);
      const row = (name: string) => ({ stored: status.get(name)?.storedSize, onDisk: status.get(name)?.onDiskSize });
      return { volume: row(source.name), snapshot: row(shared), clone: row(clone.name) };
    };
    const isCounted = (seen: Rows) => {
      const { isOnce, isCopied } = totalsOf(seen, copies);
      return isSplit(seen) && isOnce && (isCopied || !PLAIN_REPLICATION.has(copies));
    };
    return { rows: await untilCounted(look, isCounted, signal), replication: copies };
  });
  const refuseOthers = async () => {
    const frozen = await storpool.snapshots.find(storpool.snapshotName(snapshot.id));
    const volumes = [await storpool.volumes.info(source.name), await storpool.volumes.info(clone.name)];
    await refuseOthersSnapshots(storpool, frozen === undefined ? volumes : [frozen, ...volumes]);
  };

  await check('accounting.split', async (see) => {
    await refuseOthers();
    see.equal('stored in the volume', rows.volume.stored, 0);
    see.equal('stored in the volume made from the snapshot', rows.clone.stored, 0);
    const { stored = 0 } = rows.snapshot;
    see.that('stored in the snapshot', stored >= STAMPED_BYTES, stored, `at least the ${STAMPED_BYTES} bytes that were written`);
  });

  await check('accounting.totals', async (see) => {
    await refuseOthers();
    const { virtual, physical, most, isOnce, isCopied } = totalsOf(rows, replication);
    see.equal('replication', replication, world.promises.replication ?? replication);
    see.that('virtual total', isOnce, virtual, `between ${STAMPED_BYTES} and ${most}: counted once`);
    if (!PLAIN_REPLICATION.has(replication)) {
      // Erasure coding: how much lies on the drives depends on its scheme (reference §7).
      see.note('physical total', `${physical}, with replication ${replication}`);
      return;
    }
    see.that('physical total', isCopied, physical, `about ${replication} × ${virtual}`);
  });
});
