import { attached } from '../../fixtures/devices/manual-attachments.ts';
import { known, stamp, stampOn } from '../../fixtures/devices/stamped-volume.ts';
import { BLOCK } from '../../fixtures/images/stamp.ts';
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

scenario(extendRunbook, async (world) => {
  const { check, gate, step, names, make, cinder, storpool, hands, here, signal } = world;
  const { id } = await step('create', () => make.volume({ name: names.volume, size: gib(1) }));
  const created = known(world, await step('wait', () => cinder.volumes.untilAvailable(id)));
  const { name } = created;
  const before = await storpool.volumes.info(name);
  const small = await step('write', () => stamp(world, created, names.before, STAMPED));

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
    const written = await step('write-last', () => stampOn(world, extendedDevice, known(world, volume, small.content), LAST));
    const damage = await step('read', () => written.content.damageOn(extendedDevice, signal));
    see.that('the volume', damage === '', damage || 'as written, zeros between', 'as written, zeros between');
    await step('detach', () => hands.detach(here, name));
  });
});
