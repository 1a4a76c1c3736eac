import { attached } from '../../fixtures/devices/manual-attachments.ts';
import { scenario } from '../../fixtures/scenario/test.ts';
import { isStorpool } from '../../helpers/cinder/capabilities.ts';
import { CouldNotCheck } from '../../helpers/failure.ts';
import type { Device } from '../../helpers/hosts/devices/device.ts';
import { gib, toBytes } from '../../helpers/units.ts';
import { poolOf, templatePromise } from '../vocabulary/promised-back-end.ts';
import { createRunbook } from './create.runbook.ts';

scenario(createRunbook, async ({ check, gate, step, names, make, cinder, storpool, hands, here, promises, signal }) => {
  const volume = await gate('create.available', async (see) => {
    const { id } = await step('create', () => make.volume({ name: names.volume, size: gib(1) }));
    const available = await step('wait', () => cinder.volumes.untilAvailable(id));
    see.equal('Cinder status', available.status, 'available');
    const listed = await cinder.volumes.list({ name: names.volume });
    see.equal(
      'in the list of Cinder',
      listed.map((one) => one.id),
      [id],
    );
    return available;
  });

  await check('create.backend', async (see) => {
    const { at, pool } = await poolOf(cinder, volume);
    const capabilities = pool?.capabilities ?? {};
    see.note('Cinder pool', pool === undefined || pool.name === at ? at : `${at}, of ${pool.name}`);
    see.note('storage protocol of that pool', capabilities['storage_protocol'] ?? 'not told');
    const maker = capabilities['vendor_name'] ?? capabilities['storage_protocol'] ?? 'not in the list of pools';
    see.that('who serves that pool', pool !== undefined && isStorpool(pool), `${maker} (pool ${at})`, "StorPool's driver");
  });

  const backing = await gate('create.storpool-volume', async (see) => {
    const name = storpool.volumeName(volume.id);
    const all = await step('look', () => storpool.volumes.list());
    const found = all.find((candidate) => candidate.name === name);
    see.equal('name in the StorPool volume list', found?.name, name);
    return found as NonNullable<typeof found>;
  });

  await check('create.template', async (see) => {
    const promised = await templatePromise(cinder, storpool, promises, volume);
    see.equal('StorPool template', backing.templateName, promised.template);
    if (backing.replication === '-' && promised.replication !== '-') {
      throw new CouldNotCheck(
        'StorPool does not say in how many copies it keeps the volume',
        { volume: backing.name, promised: promised.replication },
        'Where its template codes for erasure, ask StorPool which failures that stands; leave --replication out.',
      );
    }
    see.equal('replication', backing.replication, promised.replication);
    see.equal('placeAll', backing.placeAll, promised.placeAll);
    see.equal('placeTail', backing.placeTail, promised.placeTail);
  });

  let device: Device | undefined;
  await check('create.size', async (see) => {
    device = await step('attach', () => hands.attach(here, { name: names.attachment, volume: backing.name }));
    see.equal('Cinder size in GiB', volume.size, 1);
    see.agree('size in bytes', { Cinder: toBytes(volume.size), StorPool: backing.size, device: device.size });
  });

  await check('create.reads-zero', async (see) => {
    const offset = await step('read', () => attached(device).firstNonZero(0, toBytes(volume.size), signal));
    see.that('first byte that is not zero', offset === undefined, offset ?? 'none', 'none');
    await step('detach', () => hands.detach(here, backing.name));
  });
});
