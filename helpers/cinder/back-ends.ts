import { z } from 'zod';
import { Failure } from '../failure.ts';
import { HttpFailure } from '../http/http-failure.ts';
import type { OpenstackApi } from '../http/openstack-api.ts';
import { urlPath } from '../http/url-path.ts';
import { serviceFields, serviceOf } from '../openstack-services.ts';

const poolSchema = z.object({ name: z.string(), capabilities: z.record(z.string(), z.unknown()).default({}) });
/** A pool as the scheduler knows it: `host@backend#pool`. */
export type CinderPool = z.output<typeof poolSchema>;

const serviceSchema = z.object({ ...serviceFields, cluster: z.string().nullish() }).transform((s) => ({
  ...serviceOf(s),
  /** `cluster@backend`, where several serve it together. */ cluster: s.cluster ?? undefined,
}));
export type CinderService = z.output<typeof serviceSchema>;

const typeSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    is_public: z.boolean().optional(),
    extra_specs: z.record(z.string(), z.string()).nullish(),
  })
  .transform((t) => ({
    id: t.id,
    name: t.name,
    isPublic: t.is_public ?? true,
    /** Some are for administrators only. */
    extraSpecs: t.extra_specs ?? {},
  }));
export type VolumeType = z.output<typeof typeSchema>;

const usage = z
  .object({ limit: z.number(), in_use: z.number(), reserved: z.number() })
  .transform(({ limit, in_use: used, reserved }) => ({
    /** -1: unlimited. */
    limit,
    used,
    reserved,
    left: limit < 0 ? Number.POSITIVE_INFINITY : Math.max(0, limit - used - reserved),
  }));
export type CinderUsage = z.output<typeof usage>;
/** Usage by what is limited: `volumes`, `gigabytes`, `snapshots`, each also as `volumes_TYPE`, and `per_volume_gigabytes`. */
export type CinderQuota = ReadonlyMap<string, CinderUsage>;

const NOT_FOUND = 404;
const BEFORE_BACKEND_STATE = 'volume 3.27';

/** What Cinder knows of its back ends, and what a project may use of them. */
export class CinderBackEnds {
  readonly #api: OpenstackApi;
  readonly #projectId: string;

  constructor(api: OpenstackApi, projectId: string) {
    this.#api = api;
    this.#projectId = projectId;
  }

  /** Administrators only. */
  pools(): Promise<CinderPool[]> {
    return this.#api.list('pools', poolSchema, '/scheduler-stats/get_pools', { detail: 'true' });
  }

  /**
   * Administrators only. By an old microversion: from 3.49 on cinder-api asks each cinder-volume for its state before it answers, and waits
   * a minute for one that is starting or stuck, which is just what a caller wants to learn (openstack/cinder, API version history).
   */
  services(): Promise<CinderService[]> {
    return this.#api.list('services', serviceSchema, '/os-services', {}, { 'OpenStack-API-Version': BEFORE_BACKEND_STATE });
  }

  /** To administrators private ones, too, of which the default type may be one. */
  types(): Promise<VolumeType[]> {
    return this.#api.list('volume_types', typeSchema, '/types', { is_public: 'None' });
  }

  /** Whether volumes of a type are encrypted; administrators only. */
  async isEncrypted(typeId: string): Promise<boolean> {
    const reply = z.object({ provider: z.string().nullish() });
    const path = urlPath`/types/${typeId}/encryption`;
    return typeof (await this.#api.json(reply, { method: 'GET', path })).provider === 'string';
  }

  /** The type of a volume for which none is named; undefined where Cinder has none. */
  async defaultType(): Promise<VolumeType | undefined> {
    const reply = z.object({ volume_type: typeSchema });
    try {
      return (await this.#api.json(reply, { method: 'GET', path: '/types/default' })).volume_type;
    } catch (error) {
      if (error instanceof HttpFailure && error.status === NOT_FOUND && /volume type/i.test(error.said ?? '')) {
        return;
      }
      throw error;
    }
  }

  /** The type of that name. Throws Failure that lists those there are. */
  async type(name: string): Promise<VolumeType> {
    const types = await this.types();
    const found = types.find((type) => type.name === name);
    if (found === undefined) {
      const known = types.map((type) => type.name).join(', ') || '(none)';
      throw new Failure(`Cinder has no volume type ${name}`, { known }, 'Name one of these: openstack volume type list');
    }
    return found;
  }

  /** The project's quota with what is used of it. */
  async quota(): Promise<CinderQuota> {
    const reply = z.object({ quota_set: z.record(z.string(), z.union([usage, z.unknown().transform(() => undefined)])) });
    const path = urlPath`/os-quota-sets/${this.#projectId}`;
    const { quota_set: set } = await this.#api.json(reply, { method: 'GET', path, query: { usage: 'True' } });
    return new Map(Object.entries(set).flatMap(([name, used]) => (used === undefined ? [] : [[name, used]])));
  }
}
