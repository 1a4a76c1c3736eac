import { changesOfOthers, manuallyAttachedVolumes, readStorpoolState } from '../../fixtures/cleanup/changes-of-others.ts';
import { hostsWithDevice } from '../../fixtures/devices/hosts-with-device.ts';
import { StoredBytes } from '../../fixtures/devices/stored-bytes.ts';
import { copyWatchingBootSector } from '../../fixtures/devices/watched-image-copy.ts';
import { volumeSizeFor } from '../../fixtures/images/examine.ts';
import { scenario } from '../../fixtures/scenario/test.ts';
import { NotApplicable } from '../../fixtures/scenario/witness.ts';
import { Device } from '../../helpers/hosts/devices/device.ts';
import { toBytes } from '../../helpers/units.ts';
import { seeStoredBytesGrow } from '../vocabulary/stored-bytes.ts';
import { fillRunbook } from './fill.runbook.ts';

scenario(fillRunbook, async (world) => {
  const { check, gate, step, progress, names, make, cinder, storpool, hands, here, elsewhere, disk, commands, limits, signal } =
    world;
  const before = await readStorpoolState(world, world.run);
  const picture = await disk();
  await step('info', () => here.run(commands.qemuImgInfo(picture.file, picture.format), { signal }));
  const size = volumeSizeFor(picture);
  const { id } = await step('create', () => make.volume({ name: names.volume, size }));
  await cinder.volumes.untilAvailable(id);

  const { name, device } = await gate('fill.attach', async (see) => {
    const found = await step('find', () => storpool.volumes.info(storpool.volumeName(id)));
    const its = await step('attach', () => hands.attach(here, { name: names.attachment, volume: found.name }));
    const attachments = await hands.attachmentsOf(found.name);
    see.equal(
      'attachments',
      attachments.map(({ client, rights }) => `${rights} on client ${client}`),
      [`rw on client ${here.client}`],
    );
    see.equal('hosts with a device of it', await hostsWithDevice(world, found.name, [here.name]), [here.name]);
    return { name: found.name, device: its };
  });

  await check('fill.never-a-plain-file', async (see) => {
    await step('no-device', async () => {
      const { volume } = device.identity;
      const nowhere = { ...volume, name: `${name}-is-not-there`, globalId: `${volume.globalId}-is-not-there` };
      const proved = await here.prove(nowhere);
      see.that(
        'filling a path without a device',
        !(proved instanceof Device),
        proved instanceof Device ? 'allowed' : proved.why,
        'refused',
      );
      see.equal('what is at that path afterwards', (await here.inspect(hands.path(here, nowhere.name))).kind, 'missing');
    });
    const { plain } = await here.inspect(hands.path(here, name));
    see.that("the volume's own path", plain !== true, plain === true ? 'a plain file' : 'no plain file', 'no plain file');
  });

  await check('fill.device', async (see) => {
    const { kind, size: bytes } = await step('device', async () => {
      await device.run(commands.fileL(), { signal });
      return here.inspect(hands.path(here, name));
    });
    see.note('by', device.proof);
    see.equal('size of the device', bytes, toBytes(size));
    if (!here.makesBlockDevices) {
      throw new NotApplicable('the mock makes no block devices here: loop devices need root and /dev/loop-control');
    }
    see.equal('what the path leads to', kind, 'block-device');
  });

  const stored = new StoredBytes(storpool, name);
  await gate('fill.early-boot-sector', async (see) => {
    await stored.look();
    const onPercent = (percent: number) => progress('copy', 'copying', percent);
    const watched = {
      host: here,
      commands,
      image: picture,
      device,
      limits,
      signal,
      onPercent,
      sample: () => stored.sample(),
      onAgain: () => stored.restart(),
    };
    const seen = await step('copy', () => copyWatchingBootSector(watched));
    await step('status', () => stored.look());
    see.note('what file -sL said', seen.said);
    if (!picture.hasBootSector) {
      see.note('while the copy ran', 'not looked for: the image itself begins with no boot sector');
      see.that('no boot sector, as in the image', !seen.said.includes('boot sector'), seen.said, 'none');
      return;
    }
    if (!seen.slowed && !seen.whileRunning) {
      see.note('while the copy ran', 'not seen: qemu-img of this host knows no -r, so the copy could not be slowed down');
      see.that('a boot sector after the copy', seen.said.includes('boot sector'), seen.said, 'x86 boot sector');
      return;
    }
    see.that('a boot sector while the copy ran', seen.whileRunning, seen.said, 'x86 boot sector');
  });

  await check('fill.bytes', async (see) => {
    const damage = await step('read', () => picture.damageOn(device, signal));
    see.that('the disk', damage === '', damage || "the image's", "the image's");
  });

  await check('fill.detach', async (see) => {
    await step('detach', () => hands.detach(here, name));
    see.equal('attachments', (await hands.attachmentsOf(name)).length, 0);
    see.equal('the device', (await here.inspect(hands.path(here, name))).kind, 'missing');
  });

  await check('fill.progress', async (see) => {
    await seeStoredBytesGrow(see, storpool, stored, { dataBytes: picture.dataBytes, signal });
    const { status, decreasedRedundancy } = stored.latest ?? {};
    see.equal('state of the volume on StorPool', decreasedRedundancy === true ? `${status}, degraded` : status, 'up');
  });

  await check('fill.reread', async (see) => {
    const reader = elsewhere ?? here;
    const damage = await step('reread', () =>
      hands.holding(reader, { name: names.reread, volume: name }, (there) => picture.damageOn(there, signal)),
    );
    see.note('read on', reader.name);
    see.that('the disk', damage === '', damage || "the image's", "the image's");
  });

  await check('fill.foreign-untouched', async (see) => {
    const handled = manuallyAttachedVolumes(world.recorder);
    see.equal('volumes that were attached or detached by hand', handled, [name]);
    const changes = changesOfOthers(before, await readStorpoolState(world, world.run), world.journalPath);
    if (world.exclusive) {
      see.equal('what changed for others', changes, []);
    } else {
      see.note('what others changed meanwhile', changes);
    }
  });
});
