import { damageOf, stampedVolume } from '../../../fixtures/devices/stamped-volume.ts';
import { QOS_TAG } from '../../../fixtures/model/deployment-facts.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { NotApplicable } from '../../../fixtures/scenario/witness.ts';
import type { CinderPool, VolumeType } from '../../../helpers/cinder/back-ends.ts';
import { fits } from '../../../helpers/cinder/capabilities.ts';
import type { Cinder } from '../../../helpers/cinder/cinder.ts';
import type { Volume } from '../../../helpers/cinder/volumes.ts';
import { CouldNotCheck } from '../../../helpers/failure.ts';
import type { StorpoolVolume, StorpoolVolumeInfo } from '../../../helpers/storpool/volumes.ts';
import { poolOf } from '../../vocabulary/promised-back-end.ts';
import { driverDefects } from './driver-log.ts';
import { retypeRunbook } from './retype.runbook.ts';

type Placement = Pick<StorpoolVolume, 'replication' | 'placeAll' | 'placeTail'>;

scenario(retypeRunbook, async (world) => {
  const { check, gate, step, names, make, cinder, storpool, hosts, limits } = world;
  const source = await step('prepare', () => stampedVolume(world, names));
  const before = await storpool.volumes.info(source.name);
  const [types, pools] = await step('types', () => Promise.all([cinder.backEnds.types(), poolsBeside(cinder, source.volume)]));
  const others = types.filter(({ name }) => name !== source.volume.volumeType);
  const type = typeOfAnotherTemplate(others, pools, before.templateName);
  const { [QOS_TAG]: serviceClass } = before.tags;
  if (type === undefined || serviceClass !== undefined) {
    const known = types.map(({ name, extraSpecs }) => `${name} (${extraSpecs['storpool_template'] ?? 'no template'})`).join(', ');
    const why =
      serviceClass !== undefined
        ? `the driver gives volumes a class of service, here ${serviceClass}, and no template`
        : `no volume type of this back end asks for another template than ${before.templateName}: there are ${known || 'none'}`;
    for (const id of ['retype.type', 'retype.template', 'retype.identity', 'retype.bytes'] as const) {
      await check(id, () => {
        throw new NotApplicable(why);
      });
    }
    return;
  }

  await gate('retype.type', async (see) => {
    await step('retype', () => make.alter.retypeVolume(source.volume.id, type.name));
    // A volume that is copied goes through the states of a migration, and takes as long as an image does.
    const volume = await step('wait', () => cinder.volumes.untilAvailable(source.volume.id, { withinMs: limits.imageMs }));
    see.equal('Cinder status', volume.status, 'available');
    see.equal('type in Cinder', volume.volumeType, type.name);
    see.note('migration_status in Cinder', volume.migrationStatus ?? 'none: it was not migrated');
  });

  let after: StorpoolVolumeInfo | undefined;
  await check('retype.template', async (see) => {
    const now = await step('look', () => storpool.volumes.info(source.name));
    after = now;
    see.note('StorPool template before', before.templateName);
    see.equal('StorPool template', now.templateName, type.extraSpecs['storpool_template']);
    const template = (await storpool.cluster.templates()).find(({ name }) => name === now.templateName);
    const kept = ({ replication, placeAll, placeTail }: Placement) => `${replication} copies, ${placeAll} and ${placeTail}`;
    // What a template leaves open is up to each volume (StorPool reference §2.2).
    const said = template && { ...template, replication: template.replication === '-' ? now.replication : template.replication };
    see.equal('copies and where they lie', kept(now), said && kept(said));
  });

  await check('retype.identity', async (see) => {
    see.note('global id before', before.globalId);
    see.note('global id after', after?.globalId ?? `none: StorPool has no ${source.name} any more`);
    see.equal('global id on StorPool', after?.globalId, before.globalId);
    if (after?.globalId !== before.globalId) {
      const defects = await step('log', () => driverDefects(see, hosts));
      see.that("the driver's log", defects.length === 0, defects.join('\n') || 'not found', 'no TypeError');
    }
  });

  await check('retype.bytes', async (see) => {
    const damage = await step('read', () => damageOf(world, names.read, source));
    see.that('the volume', damage === '', damage || 'as written', 'as written');
  });
});

/** A type of the same back end whose template differs; the one with the fewest demands besides, so that nothing else changes. */
function typeOfAnotherTemplate(
  types: readonly VolumeType[],
  pools: readonly CinderPool[],
  template: string,
): VolumeType | undefined {
  return types
    .filter(({ extraSpecs }) => (extraSpecs['storpool_template'] ?? template) !== template)
    .filter((type) => pools.length === 0 || pools.some((pool) => fits(pool, type)))
    .toSorted((a, b) => Object.keys(a.extraSpecs).length - Object.keys(b.extraSpecs).length)[0];
}

/** The pools of the back end that has the volume, one a template; none where only administrators are told. */
async function poolsBeside(cinder: Cinder, volume: Volume): Promise<readonly CinderPool[]> {
  const backEnd = (pool: CinderPool | undefined) => pool?.name.split('#')[0];
  try {
    const { pool: own } = await poolOf(cinder, volume);
    return (await cinder.backEnds.pools()).filter((pool) => backEnd(pool) === backEnd(own));
  } catch (error) {
    if (error instanceof CouldNotCheck) {
      return [];
    }
    throw error;
  }
}
