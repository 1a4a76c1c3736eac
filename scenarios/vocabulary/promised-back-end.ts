import { QOS_TAG } from '../../fixtures/model/deployment-facts.ts';
import type { Promises } from '../../fixtures/targets/target.ts';
import type { CinderPool } from '../../helpers/cinder/back-ends.ts';
import { poolAt } from '../../helpers/cinder/capabilities.ts';
import type { Cinder } from '../../helpers/cinder/cinder.ts';
import type { Volume } from '../../helpers/cinder/volumes.ts';
import { CouldNotCheck, Failure } from '../../helpers/failure.ts';
import { HttpFailure } from '../../helpers/http/http-failure.ts';
import type { Storpool } from '../../helpers/storpool/storpool.ts';

/** The pools that Cinder's scheduler knows. Throws CouldNotCheck when only administrators may see them. */
export const poolsOf = ({ backEnds }: Cinder): Promise<readonly CinderPool[]> => backEnds.pools().catch(forAdministrators);

/** The pool that a volume lives in, as Cinder's scheduler knows it. */
export async function poolOf(cinder: Cinder, volume: Volume): Promise<{ at: string; pool: CinderPool | undefined }> {
  const { host: at } = volume;
  if (at === undefined) {
    throw new CouldNotCheck(
      'Cinder does not show where the volume lives',
      { volume: volume.id },
      'Run with an administrator of the project.',
    );
  }
  const [pools, services] = await Promise.all([
    poolsOf(cinder),
    // Only for the names of clusters, and those are rare.
    cinder.backEnds.services().catch(() => []),
  ]);
  return { at, pool: poolAt(at, pools, services) };
}

const FORBIDDEN = 403;

export interface TemplatePromise {
  readonly template: string;
  readonly replication: number | string | undefined;
  readonly placeAll: string | undefined;
  readonly placeTail: string | undefined;
}

/**
 * What a volume's template must be: as promised by the settings, else by the volume type's `storpool_template`, else the one it has. A driver that
 * gives volumes a class of service asks for no template (storpool/storpool-openstack-integration@f386327 drivers/cinder/openstack/zed/storpool.py).
 * Replication and placement: as promised, else as the template itself says; what both leave open is as it is.
 */
export async function templatePromise(
  cinder: Cinder,
  storpool: Storpool,
  promises: Promises,
  volume: Volume,
): Promise<TemplatePromise> {
  const types = await cinder.backEnds.types();
  const backing = await storpool.volumes.find(storpool.volumeName(volume.id));
  const type = backing?.tags[QOS_TAG] === undefined ? types.find(({ name }) => name === volume.volumeType) : undefined;
  const ofType = type?.extraSpecs['storpool_template'];
  const name = promises.template ?? ofType ?? backing?.templateName;
  const own = {
    replication: promises.replication ?? backing?.replication,
    placeAll: promises.placeAll ?? backing?.placeAll,
    placeTail: promises.placeTail ?? backing?.placeTail,
  };
  if (name === '') {
    // The driver names no template when none is configured (openstack/cinder cinder/volume/drivers/storpool.py, create_volume).
    return { ...own, template: '' };
  }
  const templates = await storpool.cluster.templates();
  const template = templates.find((candidate) => candidate.name === name);
  if (template === undefined) {
    const known = templates.map((candidate) => candidate.name).join(', ');
    throw new Failure(
      'StorPool has no such template',
      { template: name, known },
      'Create it with `storpool template`, or mend storpool_template.',
    );
  }
  return {
    template: template.name,
    replication: promises.replication ?? said(template.replication) ?? own.replication,
    placeAll: promises.placeAll ?? said(template.placeAll) ?? own.placeAll,
    placeTail: promises.placeTail ?? said(template.placeTail) ?? own.placeTail,
  };
}

/** StorPool writes `-` for what a template leaves open. */
const said = <T>(value: T): T | undefined => (value === '-' ? undefined : value);

function forAdministrators(error: unknown): never {
  if (error instanceof HttpFailure && error.status === FORBIDDEN) {
    throw new CouldNotCheck(
      'Cinder shows its pools to administrators only',
      { said: error.said },
      'Run with an administrator of the project.',
    );
  }
  throw error;
}
