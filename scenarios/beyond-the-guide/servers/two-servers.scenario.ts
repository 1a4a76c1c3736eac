import { createBootableVolume, untilGuestWrote } from '../../../fixtures/devices/server-boot.ts';
import { known } from '../../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { NotApplicable } from '../../../fixtures/scenario/witness.ts';
import { refusalOf } from '../../../helpers/commands/client-failure.ts';
import { gib } from '../../../helpers/units.ts';
import { seeAttachedOnce, untilAttached } from '../../vocabulary/attachment-agreement.ts';
import { seeOnHypervisor } from '../../vocabulary/on-hypervisor.ts';
import { twoServersRunbook } from './two-servers.runbook.ts';

/** How Nova says that a volume is taken: as Cinder's refusal, or as a conflict. */
const REFUSALS = [400, 409];

scenario(twoServersRunbook, async (world) => {
  const { check, gate, step, names, make, cinder, nova, storpool, disk, flavor, promises } = world;
  const image = await step('image', () => world.image(names.image));
  const root = await step('root', () => createBootableVolume(world, names.root, image.id));
  const snapshot = await step('snapshot', async () => {
    const { id } = await make.snapshot({ name: names.snapshot, volumeId: root.id });
    return cinder.snapshots.untilAvailable(id);
  });

  const [a, b] = await gate('two-servers.active', async (see) => {
    const { id: flavorId } = await flavor();
    const wanted = { snapshotId: snapshot.id, flavorId, nic: promises.nic };
    const boot = async (name: string) => nova.servers.untilActive((await make.server({ ...wanted, name })).id);
    const servers = await step('boot', () => Promise.all([boot(names.serverA), boot(names.serverB)]));
    for (const { name, status } of servers) {
      see.equal(`${name} in Nova`, status, 'ACTIVE');
    }
    return servers;
  });

  await check('two-servers.roots', async (see) => {
    const roots = await step('roots', async () => {
      const lists = await Promise.all([a, b].map(({ id }) => nova.actions.volumeAttachments(id)));
      const ids = lists.flat().map(({ volumeId }) => volumeId);
      return Promise.all(ids.map((id) => cinder.volumes.show(id)));
    });
    see.equal('different volumes', new Set([root.id, ...roots.map(({ id }) => id)]).size, 3);
    for (const [i, server] of [a, b].entries()) {
      const volume = roots[i];
      see.equal(`snapshot_id of the root volume of ${server.name}`, volume?.snapshotId, snapshot.id);
      const backing = await storpool.volumes.find(storpool.volumeName(volume?.id ?? ''));
      see.equal(
        `parent on StorPool of the root volume of ${server.name}`,
        backing && (await storpool.originOf(backing)),
        storpool.snapshotName(snapshot.id),
      );
      await seeAttachedOnce(see, world, volume?.id ?? '', server);
    }
    // Last, because it refuses a volume of which that is not true.
    await Promise.all(roots.map(({ id }) => make.adoptVolume(id)));
  });

  await check('two-servers.consoles', async (see) => {
    const { banner } = await disk();
    if (banner === undefined) {
      throw new NotApplicable("what an operator's own image prints is not known; the canary image prints a nonce");
    }
    const texts = await step('consoles', () => Promise.all([a, b].map(({ id }) => nova.servers.untilConsole(id, banner))));
    for (const [i, { name }] of [a, b].entries()) {
      see.that(`console of ${name}`, texts[i]?.includes(banner) === true, texts[i]?.trim().slice(-300), banner);
    }
  });

  const written = new Map<string, Parameters<typeof seeOnHypervisor>[4]>();
  await check('two-servers.guests', async (see) => {
    const { afterGuest } = await disk();
    if (afterGuest === undefined) {
      throw new NotApplicable("what an operator's own image writes is not known; the canary image tells what it writes");
    }
    const lines = await step('guests', () => Promise.all([a, b].map(({ id }) => untilGuestWrote(world, id))));
    see.equal('different things that the guests tell', new Set(lines).size, 2);
    for (const [i, server] of [a, b].entries()) {
      const [attached] = await nova.actions.volumeAttachments(server.id);
      const name = storpool.volumeName(attached?.volumeId ?? '');
      if (!root.encrypted) {
        written.set(server.id, { name, content: afterGuest(lines[i] ?? '') });
        await seeOnHypervisor(see, world, server, server.name, { name, content: afterGuest(lines[i] ?? '') });
      }
    }
  });

  const volume = await step('attach', async () => {
    const { id } = await make.volume({ name: names.volume, size: gib(1) });
    await cinder.volumes.untilAvailable(id);
    await make.alter.attachVolume({ serverId: a.id, volumeId: id });
    return untilAttached(cinder, id);
  });

  const mustBeForOne = () => {
    if (volume.multiattach) {
      throw new NotApplicable(`volumes of type ${volume.volumeType} may be attached to several servers (multiattach)`);
    }
  };

  await check('failed-attach.refused', async (see) => {
    mustBeForOne();
    const second = { serverId: b.id, volumeId: volume.id };
    const refused = await step('again', () => make.alter.attachVolume(second).catch(refusalOf));
    const { status = 'accepted', said = '' } = refused ?? {};
    see.that(
      'status of the refusal',
      REFUSALS.some((known) => known === status),
      status,
      REFUSALS.join(' or '),
    );
    see.that('its words', /status|in-use|attached|available/i.test(said), said || 'none', 'words about the state of the volume');
  });

  await check('failed-attach.clean', async (see) => {
    mustBeForOne();
    await seeAttachedOnce(see, world, volume.id, a);
    const ofB = await nova.actions.volumeAttachments(b.id);
    see.equal('times the second server has it in Nova', ofB.filter(({ volumeId }) => volumeId === volume.id).length, 0);
  });

  await check('failed-attach.then-good', async (see) => {
    mustBeForOne();
    await step('detach', () => make.alter.detachVolume({ serverId: a.id, volumeId: volume.id }));
    await step('move', async () => {
      await make.alter.attachVolume({ serverId: b.id, volumeId: volume.id });
      await untilAttached(cinder, volume.id);
    });
    await seeAttachedOnce(see, world, volume.id, b);
    const ofA = await nova.actions.volumeAttachments(a.id);
    see.equal('times the first server still has it in Nova', ofA.filter(({ volumeId }) => volumeId === volume.id).length, 0);
    // What other guests write nobody knows.
    if ((await disk()).afterGuest !== undefined && !volume.encrypted) {
      await seeOnHypervisor(see, world, b, 'the volume', known(world, volume));
    }
    for (const [i, server] of [a, b].entries()) {
      const content = written.get(server.id);
      if (content !== undefined) {
        await seeOnHypervisor(see, world, server, `the root volume of the ${i === 0 ? 'first' : 'second'} server`, content);
      }
    }
  });
});
