import { scenario } from '../../fixtures/scenario/test.ts';
import { gib } from '../../helpers/units.ts';
import { deleteRunbook } from './delete.runbook.ts';

scenario(deleteRunbook, async ({ check, step, names, make, cinder, storpool, hosts }) => {
  const { id } = await step('create', () => make.volume({ name: names.volume, size: gib(1) }));
  await step('wait', () => cinder.volumes.untilAvailable(id));
  await check('delete.gone', async (see) => {
    await step('delete', () => make.deleteVolume(id));
    await step('look', async () => {
      see.equal('in Cinder', (await cinder.volumes.find(id))?.status, undefined);
      const onStorpool = (await storpool.volumes.list()).filter(({ name }) => name.includes(id)).map(({ name }) => name);
      see.equal('on StorPool', onStorpool, []);
      for (const host of hosts) {
        see.equal(
          `devices on ${host.name}`,
          (await host.deviceNames()).filter((device) => device.includes(id)),
          [],
        );
      }
    });
  });
});
