import { type Area, GroupWriter } from '../../../fixtures/crash-consistency/group-writer.ts';
import { describeFindings, judge } from '../../../fixtures/crash-consistency/judgement.ts';
import { damageBeside, seeAreas } from '../../../fixtures/crash-consistency/seen-block.ts';
import type { Request } from '../../../fixtures/crash-consistency/write-history.ts';
import { deviceSizeOnceGrown } from '../../../fixtures/devices/hosts-with-device.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import type { Device } from '../../../helpers/hosts/devices/device.ts';
import { gib, toBytes } from '../../../helpers/units.ts';
import { crashConsistencyRunbook } from './crash-consistency.runbook.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const EDGE = 128 * 1024;
const LARGE = gib(2);

/** Far from each other, so that no one disk of StorPool's holds them all: of each group one block that stays for long, and four that do not. */
const AREAS: readonly Area[] = [
  { offset: GIB / 2, blocks: 16, each: 2 },
  { offset: GIB - EDGE, blocks: 16, each: 2 },
  { offset: 0, blocks: 512, each: 1 },
];
/** In the new part of the volume, once it is extended. */
const GROWN: Area = { offset: 2 * GIB - 16 * MIB, blocks: 16, each: 2 };
/** After so many groups each block but those that stay for long was written twice. */
const TWICE = 16;

scenario(crashConsistencyRunbook, async (world) => {
  const { check, step, names, make, cinder, storpool, hands, here, limits, run, signal } = world;
  const { id: owner } = await step('prepare', () => make.volume({ name: names.volume, size: gib(1) }));
  await cinder.volumes.untilAvailable(owner);
  const name = storpool.volumeName(owner);
  const device = await step('attach', () => hands.attach(here, { name: names.attachment, volume: name }));

  await using writer = new GroupWriter({ device, run, owner, areas: AREAS, groupMs: limits.imageMs, signal });
  await step('write', () => writer.during(() => writer.untilFlushed(TWICE)));
  const damageOf = async (request: Request, copy: Device, areas = AREAS) => {
    const found = await seeAreas(copy, areas, { run, owner }, signal);
    return describeFindings(judge(writer.history, request, found)) || damageBeside(copy, areas, signal);
  };

  await check('crash-consistency.snapshots', async (see) => {
    const planned = [
      { nth: 'first', snapshot: names.snapshot, volume: names.ofFirst, read: names.readFirst },
      { nth: 'second', snapshot: names.second, volume: names.ofSecond, read: names.readSecond },
      { nth: 'third', snapshot: names.third, volume: names.ofThird, read: names.readThird },
    ];
    const taken = await step('snapshot', async () => {
      const all = [];
      for (const one of planned) {
        const { value, ...when } = await writer.during(async () => {
          const { id } = await make.snapshot({ name: one.snapshot, volumeId: owner });
          return cinder.snapshots.untilAvailable(id);
        });
        all.push({ ...one, ...when, id: value.id });
      }
      return all;
    });
    await step('restore', async () => {
      for (const { nth, id, volume, read, request, flushedMeanwhile } of taken) {
        const made = await make.volume({ name: volume, size: gib(1), snapshotId: id });
        const copy = storpool.volumeName((await cinder.volumes.untilAvailable(made.id)).id);
        const damage = await hands.holding(here, { name: read, volume: copy }, (its) => damageOf(request, its));
        see.note(`groups flushed until the ${nth} was there`, flushedMeanwhile);
        see.that(`the ${nth} snapshot`, damage === '', damage || 'one moment', 'one moment');
      }
    });
  });

  await check('crash-consistency.clone', async (see) => {
    const { value, request, flushedMeanwhile } = await step('clone', () =>
      writer.during(async () => {
        const { id } = await make.volume({ name: names.clone, size: gib(1), sourceVolumeId: owner });
        return cinder.volumes.untilAvailable(id);
      }),
    );
    const damage = await step('readClone', () =>
      hands.holding(here, { name: names.readClone, volume: storpool.volumeName(value.id) }, (its) => damageOf(request, its)),
    );
    see.note('groups flushed until it was there', flushedMeanwhile);
    see.that('the clone', damage === '', damage || 'one moment', 'one moment');
  });

  await check('crash-consistency.extend', async (see) => {
    const { flushedMeanwhile } = await step('extend', () =>
      writer.during(async () => {
        await make.extendVolume(owner, LARGE);
        await cinder.volumes.untilAvailable(owner);
      }),
    );
    see.note('groups flushed until it was extended', flushedMeanwhile);
    const size = await deviceSizeOnceGrown(world, here, await storpool.volumes.info(name));
    see.equal('size of the device', size, toBytes(LARGE));
    await step('go', () => {
      if (size === toBytes(LARGE)) {
        writer.add(GROWN);
      }
      return writer.during(() => Promise.resolve());
    });
    const request = await writer.end();
    await step('detach', () => hands.detach(here, name));
    const damage = await step('reread', () =>
      hands.holding(here, { name: names.reread, volume: name }, (its) => damageOf(request, its, writer.areas)),
    );
    see.note('groups in all', writer.history.flushed);
    see.that('the volume', damage === '', damage || 'all that was flushed', 'all that was flushed');
  });
});
