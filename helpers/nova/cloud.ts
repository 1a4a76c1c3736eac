import { z } from 'zod';
import { Failure } from '../failure.ts';
import { HttpFailure } from '../http/http-failure.ts';
import type { OpenstackApi } from '../http/openstack-api.ts';
import { jsonOf } from '../http/reply.ts';
import { urlPath } from '../http/url-path.ts';
import { serviceFields, serviceOf } from '../openstack-services.ts';
import { gib } from '../units.ts';

const specsSchema = z.record(z.string(), z.string());
const flavorSchema = z
  .object({
    ...{ id: z.string(), name: z.string(), vcpus: z.number(), ram: z.number(), disk: z.number().transform(gib) },
    'OS-FLV-DISABLED:disabled': z.boolean().default(false),
    extra_specs: specsSchema.optional(),
  })
  .transform((f) => ({
    ...{ id: f.id, name: f.name, vcpus: f.vcpus, ramMiB: f.ram, disk: f.disk },
    isDisabled: f['OS-FLV-DISABLED:disabled'],
    /** In lists from microversion 2.61 on. */
    extraSpecs: f.extra_specs,
  }));
export type Flavor = z.output<typeof flavorSchema>;

const serviceSchema = z
  .object({ ...serviceFields, forced_down: z.boolean().optional() })
  .transform((s) => ({ ...serviceOf(s), forcedDown: s.forced_down ?? false }));
export type NovaService = z.output<typeof serviceSchema>;

const hypervisorSchema = z
  .object({
    hypervisor_hostname: z.string(),
    hypervisor_type: z.string().optional(),
    hypervisor_version: z.number().optional(),
    state: z.string().nullish(),
    status: z.string().nullish(),
    service: z.object({ host: z.string() }).optional(),
    /** Text before 2.28, an object since, and nothing from 2.88 on. */
    cpu_info: z.unknown().optional(),
  })
  .transform((h) => ({
    name: h.hypervisor_hostname,
    type: h.hypervisor_type,
    ...(h.hypervisor_version === undefined ? {} : { version: h.hypervisor_version }),
    up: h.state === 'up',
    enabled: h.status === 'enabled',
    /** The compute service's host. */
    host: h.service?.host,
    ...architectureIn(h.cpu_info),
  }));
export type Hypervisor = z.output<typeof hypervisorSchema>;

const processors = z.object({ arch: z.string() });

/** Of its processors, such as `x86_64`, where Nova tells. */
function architectureIn(told: unknown): { readonly architecture?: string } {
  const { data } = processors.safeParse(typeof told === 'string' ? jsonOf(told) : told);
  return data === undefined ? {} : { architecture: data.arch };
}

const absoluteSchema = z.object({
  maxTotalInstances: z.number(),
  maxTotalCores: z.number(),
  maxTotalRAMSize: z.number(),
  totalInstancesUsed: z.number(),
  totalCoresUsed: z.number(),
  totalRAMUsed: z.number(),
});
const left = (limit: number, used: number) => (limit < 0 ? Number.POSITIVE_INFINITY : Math.max(0, limit - used));
const limitsSchema = z.object({ limits: z.object({ absolute: absoluteSchema }) }).transform(({ limits: { absolute: a } }) => ({
  instances: left(a.maxTotalInstances, a.totalInstancesUsed),
  cores: left(a.maxTotalCores, a.totalCoresUsed),
  /** MiB */
  ram: left(a.maxTotalRAMSize, a.totalRAMUsed),
}));
/** What the project may still use. */
export type NovaLimits = z.output<typeof limitsSchema>;

const [FORBIDDEN, GONE] = [403, 404];

/**
 * Whether a flavor's extra specs keep servers from hosts that have not what they name: bare metal, huge pages, cores of their own, devices,
 * aggregates (by any key without a scope, too). Others, such as quotas, are met anywhere.
 * source: openstack/nova doc, "Extra Specs"; nova/scheduler/filters/aggregate_instance_extra_specs.py
 */
function isForSomeHosts(specs: Readonly<Record<string, string>>): boolean {
  return Object.keys(specs).some((key) => (key.includes(':') ? PARTICULAR.test(key) : key !== 'hide_hypervisor_id'));
}

const PARTICULAR =
  /^((resources|trait)\w*|accel|capabilities|aggregate_instance_extra_specs|pci_passthrough):|^hw:(numa|mem_page|mem_enc|locked|cpu_(policy|realtime)|pmem|tpm|maxphysaddr)|^os:secure_boot/;

/** What Nova offers and runs on. */
export class NovaCloud {
  readonly #api: OpenstackApi;

  constructor(api: OpenstackApi) {
    this.#api = api;
  }

  flavors(): Promise<Flavor[]> {
    return this.#api.list('flavors', flavorSchema, '/flavors/detail');
  }

  /**
   * The flavor of that name; without a name the smallest one, of those that ask for no particular host if there are such. Throws Failure that
   * lists those there are.
   */
  async flavor(name?: string): Promise<Flavor> {
    const flavors = (await this.flavors()).toSorted((a, b) => a.ramMiB - b.ramMiB || a.vcpus - b.vcpus || a.disk - b.disk);
    const found = name === undefined ? await this.#usual(flavors) : flavors.find((flavor) => flavor.name === name);
    if (found === undefined) {
      const known = flavors.map((flavor) => flavor.name).join(', ') || '(none)';
      const what = name === undefined ? 'Nova has no flavors' : `Nova has no flavor ${name}`;
      throw new Failure(what, { known }, 'Name one of these: openstack flavor list');
    }
    return found;
  }

  /** The first one that any host can have; the first of all where each asks for something. */
  async #usual(flavors: readonly Flavor[]): Promise<Flavor | undefined> {
    for (const flavor of flavors) {
      const specs = flavor.extraSpecs ?? (await this.#extraSpecs(flavor.id));
      if (specs !== undefined && !flavor.isDisabled && !isForSomeHosts(specs)) {
        return flavor;
      }
    }
    return flavors[0];
  }

  /** None where this user may not see them; undefined when somebody, as Tempest does, has deleted the flavor since it was listed. */
  async #extraSpecs(id: string): Promise<Readonly<Record<string, string>> | undefined> {
    const reply = z.object({ extra_specs: specsSchema });
    try {
      return (await this.#api.json(reply, { method: 'GET', path: urlPath`/flavors/${id}/os-extra_specs` })).extra_specs;
    } catch (error) {
      if (error instanceof HttpFailure && (error.status === FORBIDDEN || error.status === GONE)) {
        return error.status === GONE ? undefined : {};
      }
      throw error;
    }
  }

  limits(): Promise<NovaLimits> {
    return this.#api.json(limitsSchema, { method: 'GET', path: '/limits' });
  }

  /** The names of the zones that servers can be put into. */
  async zones(): Promise<string[]> {
    const zone = z.object({ zoneName: z.string(), zoneState: z.object({ available: z.boolean() }) });
    const reply = z.object({ availabilityZoneInfo: z.array(zone) });
    const { availabilityZoneInfo } = await this.#api.json(reply, { method: 'GET', path: '/os-availability-zone' });
    return availabilityZoneInfo.filter(({ zoneState }) => zoneState.available).map(({ zoneName }) => zoneName);
  }

  /** Administrators only. */
  services(): Promise<NovaService[]> {
    return this.#api.list('services', serviceSchema, '/os-services');
  }

  /** Administrators only. */
  hypervisors(): Promise<Hypervisor[]> {
    return this.#api.list('hypervisors', hypervisorSchema, '/os-hypervisors/detail');
  }
}

/**
 * Compute hosts whose hypervisors are all of a kind that libvirt does not drive, with that kind: Ironic's, VMware's and others attach no StorPool
 * volumes. Source: openstack/nova doc, "Hypervisors"; libvirt's kinds are those of nova/virt/libvirt/host.py.
 */
export function hostsOfOtherKinds(hypervisors: readonly Hypervisor[]): ReadonlyMap<string, string> {
  const byHost = Map.groupBy(hypervisors, ({ host }) => host ?? '');
  const others = [...byHost].filter(([, all]) => all.every(({ type }) => type !== undefined && !LIBVIRT.test(type)));
  return new Map(others.map(([host, [first]]) => [host, first?.type ?? '']));
}

const LIBVIRT = /^(qemu|kvm|lxc|uml|xen|parallels)$/i;
