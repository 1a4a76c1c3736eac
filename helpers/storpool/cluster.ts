import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { StorpoolApi } from './api.ts';
import { unlessUnknown, volumeFields } from './volumes.ts';

const templateSchema = z.object({
  name: z.string(),
  placeAll: z.string().optional(),
  placeTail: z.string().optional(),
  placeHead: z.string().optional(),
  /** `-`: not set. */
  replication: z.union([z.number(), z.string()]).optional(),
  parentName: z.string().optional(),
  bw: z.union([z.number(), z.string()]).optional(),
  iops: z.union([z.number(), z.string()]).optional(),
  limitType: z.string().optional(),
  reuseServer: z.boolean().optional(),
});
export type StorpoolTemplate = z.output<typeof templateSchema>;

const templateStatusSchema = templateSchema.extend({
  volumesCount: z.number(),
  snapshotsCount: z.number(),
  /** Bytes, all of them. */
  size: z.number(),
  totalSize: z.number(),
  storedSize: z.number(),
  onDiskSize: z.number(),
  stored: z.object({ free: z.number(), capacity: z.number() }).optional(),
});
export type StorpoolTemplateStatus = z.output<typeof templateStatusSchema>;

const serviceSchema = z.object({
  id: z.number(),
  nodeId: z.number().optional(),
  status: z.string(),
  version: z.string().nullish(),
  startTime: z.number().nullish(),
  active: z.boolean().optional(),
  /** Of a server: drives that it should have and does not find. */
  missingDisks: z.array(z.unknown()).optional(),
});
const services = z.record(z.string(), serviceSchema).default({});
const servicesSchema = z.object({
  clusterStatus: z.string(),
  mgmt: services,
  clients: services,
  servers: services,
  bridges: services,
  iscsiTargets: services,
});
export type StorpoolServices = z.output<typeof servicesSchema>;

const clientSchema = z.object({
  id: z.number(),
  /** `ok`, `updating` or `down`. */
  configStatus: z.string(),
});
export type StorpoolClient = z.output<typeof clientSchema>;

const diskSchema = z.object({
  id: z.number(),
  serverId: z.number(),
  /** -1: the drive is up (StorPool reference §2.2). */
  generationLeft: z.number(),
  softEject: z.string().optional(),
  model: z.string().optional(),
  agCount: z.number().optional(),
  agAllocated: z.number().optional(),
  agFree: z.number().optional(),
});
export type StorpoolDisk = z.output<typeof diskSchema>;

const peerSchema = z.object({
  beaconStatus: z.string(),
  clusterStatus: z.string(),
  joined: z.boolean(),
  nonVoting: z.boolean().optional(),
});
export type StorpoolPeer = z.output<typeof peerSchema>;

const taskSchema = z.object({ diskId: z.number(), allObjects: z.number().optional(), completedObjects: z.number().optional() });
export type StorpoolTask = z.output<typeof taskSchema>;

/** The cluster as a whole: services, drives, nodes and templates. */
export class StorpoolCluster {
  readonly #api: StorpoolApi;
  /** SP_CLUSTER_ID, where it is known. */
  readonly #configured: string | undefined;

  constructor(api: StorpoolApi, configured?: string) {
    this.#api = api;
    this.#configured = configured;
  }

  services(): Promise<StorpoolServices> {
    return this.#api.get(servicesSchema, 'ServicesList');
  }

  /** ClientsConfigDump: which clients know the newest configuration. */
  clients(): Promise<StorpoolClient[]> {
    return this.#api.get(z.array(clientSchema), 'ClientsConfigDump');
  }

  async disks(): Promise<StorpoolDisk[]> {
    return Object.values(await this.#api.get(z.record(z.string(), diskSchema), 'DisksList'));
  }

  /** NetworkPeersList, by node id. */
  async peers(): Promise<ReadonlyMap<number, StorpoolPeer>> {
    const peers = await this.#api.get(z.record(z.string(), peerSchema), 'NetworkPeersList');
    return new Map(Object.entries(peers).map(([id, peer]) => [Number(id), peer]));
  }

  /** What is being moved between drives; empty when nothing is. */
  tasks(): Promise<StorpoolTask[]> {
    return this.#api.get(z.array(taskSchema), 'TasksList');
  }

  templates(): Promise<StorpoolTemplate[]> {
    return this.#api.get(z.array(templateSchema), 'VolumeTemplatesList');
  }

  /** The template of that name. Throws Failure that lists those there are. */
  async template(name: string): Promise<StorpoolTemplate> {
    const templates = await this.templates();
    const found = templates.find((template) => template.name === name);
    if (found === undefined) {
      const known = templates.map((template) => template.name).join(', ') || '(none)';
      const advice = 'Check storpool_template in cinder.conf and in the volume type: storpool template list';
      throw new Failure(`StorPool has no template ${name}`, { known }, advice);
    }
    return found;
  }

  templatesStatus(): Promise<StorpoolTemplateStatus[]> {
    return this.#api.get(z.array(templateStatusSchema), 'VolumeTemplatesStatus');
  }

  /**
   * The cluster's id, such as `d.n`: what its volumes say, or the start of their global ids. Where they say several, as with volumes that were
   * moved here or are told of other clusters, the one that was configured, else that of most. undefined when it has neither volumes nor
   * snapshots. When a volume's name is known, that one is asked, if it is there, and not for all of them.
   */
  async identity(volume?: string): Promise<{ readonly id: string; readonly name: string | undefined } | undefined> {
    const row = z.object(volumeFields);
    const one = volume === undefined ? [] : await unlessUnknown(() => this.#api.get(z.array(row), 'Volume', volume));
    const [known] = (one ?? []).map(clusterOf);
    if (known !== undefined) {
      return known;
    }
    for (const query of ['VolumesList', 'SnapshotsList']) {
      const counts = new Map<string, { readonly id: string; readonly name: string | undefined; count: number }>();
      await this.#api.list(row, query, (each) => {
        const cluster = clusterOf(each);
        const counted = counts.get(cluster.id) ?? { ...cluster, count: 0 };
        counts.set(cluster.id, { ...counted, count: counted.count + 1 });
      });
      const configured = this.#configured === undefined ? undefined : counts.get(this.#configured);
      const found = configured ?? [...counts.values()].toSorted((a, b) => b.count - a.count)[0];
      if (found !== undefined) {
        return { id: found.id, name: found.name };
      }
    }
    return;
  }
}

const clusterOf = (told: {
  readonly clusterId?: string | undefined;
  readonly clusterName?: string | undefined;
  readonly globalId: string;
}) => ({
  id: told.clusterId ?? told.globalId.split('.').slice(0, 2).join('.'),
  name: told.clusterName,
});
