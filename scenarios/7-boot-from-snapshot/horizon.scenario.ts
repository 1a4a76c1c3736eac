import { volumeSizeFor } from '../../fixtures/images/examine.ts';
import { scenario } from '../../fixtures/scenario/test.ts';
import { NotApplicable } from '../../fixtures/scenario/witness.ts';
import { eventually } from '../../helpers/eventually.ts';
import { gib, toBytes } from '../../helpers/units.ts';
import { horizonRunbook } from './horizon.runbook.ts';

const CHECKS = Object.keys(horizonRunbook.checks).filter(
  (id) => id !== 'horizon.layers',
) as (keyof typeof horizonRunbook.checks)[];

scenario(horizonRunbook, async (world) => {
  const { check, gate, step, names, cinder, nova, storpool, limits, promises, recorder, signal, noHorizon } = world;
  if (noHorizon !== undefined) {
    for (const id of CHECKS) {
      await check(id, () => {
        throw new NotApplicable(noHorizon);
      });
    }
    return;
  }
  const { pages, make, markServer, portsOf } = await gate('horizon.sign-in', async (see) => {
    const seat = await step('sign-in', () => world.horizon());
    see.equal('the project that Horizon is in', seat.signedInTo, seat.project);
    return seat;
  });
  const picture = await world.disk();
  const image = await step('image', () => world.image(names.image));
  const size = volumeSizeFor(picture);
  const larger = gib(size + 1);
  const sizesOf = async (id: string) => {
    const { size: inCinder } = await cinder.volumes.show(id);
    return { Cinder: toBytes(inCinder), StorPool: (await storpool.volumes.info(storpool.volumeName(id))).size };
  };

  const volume = await gate('horizon.volume', async (see) => {
    const made = await step('volume', async () => {
      const { id } = await make.volume({ name: names.volume, size, imageId: image.id });
      return cinder.volumes.untilAvailable(id, { withinMs: limits.imageMs });
    });
    const listed = await step('look', () => pages.listed('volume', names.volume));
    see.equal('in the list of Horizon', listed, [{ id: made.id, state: 'up' }]);
    see.equal('size in bytes', await sizesOf(made.id), { Cinder: toBytes(size), StorPool: toBytes(size) });
    return made;
  });

  await gate('horizon.extend', async (see) => {
    await step('extend', async () => {
      await make.extendVolume(volume.id, larger);
      await cinder.volumes.untilAvailable(volume.id);
    });
    see.equal('size in bytes', await sizesOf(volume.id), { Cinder: toBytes(larger), StorPool: toBytes(larger) });
  });

  const snapshot = await gate('horizon.snapshot', async (see) => {
    const made = await step('snapshot', async () => {
      const { id } = await make.snapshot({ name: names.snapshot, volumeId: volume.id });
      return cinder.snapshots.untilAvailable(id);
    });
    const listed = await step('look', () => pages.listed('snapshot', names.snapshot));
    see.equal('in the list of Horizon', listed, [{ id: made.id, state: 'up' }]);
    return made;
  });

  await check('horizon.from-snapshot', async (see) => {
    const { id } = await step('copy', async () => {
      const made = await make.volume({ name: names.copy, size: larger, snapshotId: snapshot.id });
      return cinder.volumes.untilAvailable(made.id);
    });
    const backing = await storpool.volumes.info(storpool.volumeName(id));
    see.equal('parent on StorPool', await storpool.originOf(backing), storpool.snapshotName(snapshot.id));
  });

  const server = await gate('horizon.launch', async (see) => {
    const wanted = await world.flavor();
    const asked = { name: names.server, snapshotId: snapshot.id, flavorId: wanted.id, nic: promises.nic };
    const { id } = await step('launch', () => make.server(asked));
    const active = await step('wait', () => nova.servers.untilActive(id));
    await markServer(id);
    const listed = await step('look', () => pages.listed('server', names.server));
    see.equal('in the list of Horizon', listed, [{ id, state: 'up' }]);
    // By its id up to microversion 2.46, and by its name since.
    const flavor = Object((await nova.servers.told(id))?.['flavor']) as { readonly id?: string; readonly original_name?: string };
    see.equal('flavor', flavor.original_name ?? flavor.id, flavor.original_name === undefined ? wanted.id : wanted.name);
    return active;
  });

  const root = await gate('horizon.root-volume', async (see) => {
    const [attached] = await nova.actions.volumeAttachments(server.id);
    const found = await cinder.volumes.show(attached?.volumeId ?? '');
    const backing = await storpool.volumes.info(storpool.volumeName(found.id));
    see.equal('parent on StorPool', await storpool.originOf(backing), storpool.snapshotName(snapshot.id));
    await make.adoptVolume(found.id);
    return found;
  });

  await check('horizon.console', async (see) => {
    const { banner } = picture;
    if (banner === undefined) {
      throw new NotApplicable("what an operator's own image prints is not known; the canary image prints a nonce");
    }
    const text = await step('console', () =>
      eventually({
        what: `"${banner}" in the log that Horizon shows`,
        read: () => pages.consoleLog(server.id),
        describe: (log) => `${log.split('\n').length} lines`,
        until: (log) => log.includes(banner),
        withinMs: limits.serverMs,
        signal,
        advice: 'Compare it with what Nova tells: openstack console log show',
        record: recorder.wait,
      }),
    );
    see.that('log in Horizon', text.includes(banner), text.trim().slice(-300), banner);
  });

  await check('horizon.delete', async (see) => {
    await step('delete', () => make.deleteServer(server.id));
    await cinder.volumes.untilAvailable(root.id);
    const held = await storpool.attachments.of(storpool.volumeName(root.id));
    see.equal(
      'attachments of the root volume on StorPool',
      held.map(({ client }) => client),
      [],
    );
    see.equal('ports of the server in Neutron', await portsOf(server.id), []);
    see.equal('in the list of Horizon', await step('look', () => pages.listed('server', names.server)), []);
  });
});
