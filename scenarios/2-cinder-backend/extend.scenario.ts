import { attached } from '../../fixtures/devices/manual-attachments.ts';
import { BLOCK, describeDamage } from '../../fixtures/images/stamp.ts';
import { readDamage, writeStamps } from '../../fixtures/images/stamps-on-device.ts';
import { scenario } from '../../fixtures/scenario/test.ts';
import type { Device } from '../../helpers/hosts/devices/device.ts';
import type { StorpoolVolumeInfo } from '../../helpers/storpool/volumes.ts';
import { gib, toBytes } from '../../helpers/units.ts';
import { extendRunbook } from './extend.runbook.ts';

const SMALL = toBytes(gib(1));
const LARGE = toBytes(gib(2));
const STAMPED = [
  { offset: 0, length: 4 * 1024 ** 2 },
  { offset: SMALL - BLOCK, length: BLOCK },
];
const LAST = [{ offset: LARGE - BLOCK, length: BLOCK }];

scenario(extendRunbook, async ({ check, gate, step, run, names, make, cinder, storpool, hands, here, signal }) => {
  const { id } = await step('create', () => make.volume({ name: names.volume, size: gib(1) }));
  await step('wait', () => cinder.volumes.untilAvailable(id));
  const name = storpool.volumeName(id);
  const before = await storpool.volumes.info(name);
  const stamp = { run, owner: id, generation: 1 };
  await step('write', () =>
    hands.holding(here, { name: names.before, volume: name }, (opened) => writeStamps(opened, stamp, STAMPED, signal)),
  );

  const volume = await gate('extend.available', async (see) => {
    await step('extend', () => make.extendVolume(id, gib(2)));
    const after = await step('wait-again', () => cinder.volumes.untilAvailable(id));
    see.equal('Cinder status', after.status, 'available');
    return after;
  });

  let backing: StorpoolVolumeInfo | undefined;
  await check('extend.identity', async (see) => {
    const found = await step('look', () => storpool.volumes.info(name));
    backing = found;
    see.equal('globalId', found.globalId, before.globalId);
    see.equal('StorPool template', found.templateName, before.templateName);
    see.equal('replication', found.replication, before.replication);
  });

  let device: Device | undefined;
  await check('extend.size', async (see) => {
    device = await step('attach', () => hands.attach(here, { name: names.after, volume: name }));
    see.equal('Cinder size in GiB', volume.size, 2);
    see.agree('size in bytes', { Cinder: toBytes(volume.size), StorPool: backing?.size, device: device.size });
  });

  await check('extend.data', async (see) => {
    const extendedDevice = attached(device);
    const damage = await step('read', () => readDamage(extendedDevice, stamp, STAMPED, signal));
    see.that('old bytes', damage.length === 0, describeDamage(damage) || 'as written', 'as written');
    const notZero = await step('read-new', () => extendedDevice.firstNonZero(SMALL, LARGE - SMALL, signal));
    see.that('first byte of the new range that is not zero', notZero === undefined, notZero ?? 'none', 'none');
    const last = await step('write-last', async () => {
      await writeStamps(extendedDevice, stamp, LAST, signal);
      return readDamage(extendedDevice, stamp, LAST, signal);
    });
    see.that('last block after it was written', last.length === 0, describeDamage(last) || 'as written', 'as written');
    await step('detach', () => hands.detach(here, name));
  });
});
