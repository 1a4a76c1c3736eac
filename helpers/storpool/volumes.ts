import { z } from 'zod';
import { type Told, told } from '../told.ts';
import { type Bytes, bytes } from '../units.ts';
import { type StorpoolApi, StorpoolFailure } from './api.ts';

/** What volumes and snapshots have in common. Integers that may exceed 2^53 are left out on purpose. */
export const volumeFields = {
  name: z.string(),
  globalId: z.string(),
  parentName: z.string().default(''),
  templateName: z.string().default(''),
  size: z.number().transform(bytes),
  replication: z.union([z.number(), z.string()]).optional(),
  placeAll: z.string().optional(),
  placeTail: z.string().optional(),
  placeHead: z.string().optional(),
  creationTimestamp: z.number().optional(),
  objectsCount: z.number().optional(),
  clusterId: z.string().optional(),
  clusterName: z.string().optional(),
  tags: z.record(z.string(), z.string()).default({}),
};
const volumeSchema = z.object(volumeFields);
/** A StorPool volume. Sizes are bytes. An unnamed one has `~<globalId>` for a name. */
export type StorpoolVolume = z.output<typeof volumeSchema>;

const infoSchema = volumeSchema.extend({
  disksCount: z.number().optional(),
  objectsPerDisk: z.record(z.string(), z.number()).default({}),
});
export type StorpoolVolumeInfo = z.output<typeof infoSchema>;

const statusSchema = volumeSchema.extend({
  /** `up`, `up soon`, `data lost` or `down`. */
  status: z.string(),
  snapshot: z.boolean(),
  /** Bytes of client data in this layer alone, without replication. */
  storedSize: z.number(),
  /** Bytes on the drives, replicas and overhead included. */
  onDiskSize: z.number(),
  decreasedRedundancy: z.boolean().default(false),
  migrating: z.boolean().default(false),
  syncingDataBytes: z.number().default(0),
  downBytes: z.number().default(0),
});
export type StorpoolStatus = z.output<typeof statusSchema>;

const quickStatusSchema = statusSchema.pick({ name: true, status: true, decreasedRedundancy: true, downBytes: true });
export type StorpoolQuickStatus = z.output<typeof quickStatusSchema>;

const spaceSchema = volumeSchema.extend({
  storedSize: z.number(),
  /** Bytes of client data, all parents included. */
  spaceUsed: z.number(),
});
export type StorpoolSpace = z.output<typeof spaceSchema>;

const limit = z.union([z.number(), z.string()]).optional();
const limitsSchema = volumeSchema.pick({ name: true, templateName: true, tags: true }).extend({ bw: limit, iops: limit });
/** What a volume may transfer and do a second; `-`: no limit. */
export type StorpoolLimits = z.output<typeof limitsSchema>;

/** What commands answer. */
export const apiOk = z.object({ ok: z.boolean(), generation: z.unknown().optional() });

/** StorPool's volumes. A name may also be `~<globalId>`. */
export class StorpoolVolumes {
  readonly #api: StorpoolApi;

  constructor(api: StorpoolApi) {
    this.#api = api;
  }

  /** All of them, or what `pick` keeps of each. */
  list(): Promise<StorpoolVolume[]>;
  list<R>(pick: (volume: StorpoolVolume) => R): Promise<R[]>;
  list(pick: (volume: StorpoolVolume) => unknown = (volume) => volume): Promise<unknown[]> {
    return this.#api.list(volumeSchema, 'VolumesList', pick);
  }

  /** The limits of all volumes. */
  limits(): Promise<StorpoolLimits[]> {
    return this.#api.list(limitsSchema, 'VolumesList', (volume) => volume);
  }

  /** undefined when there is no such volume. */
  find(name: string): Promise<StorpoolVolume | undefined> {
    return unlessUnknown(async () => (await this.#api.get(z.array(volumeSchema), 'Volume', name))[0]);
  }

  /** All that StorPool tells of it, as it stands: by `Volume`, and by `VolumeGetInfo`. undefined when there is no such volume. */
  told(name: string): Promise<{ readonly volume: Told | undefined; readonly info: Told } | undefined> {
    return unlessUnknown(async () => {
      const [volume, info] = await Promise.all([this.toldOf(name), this.#api.get(told, 'VolumeGetInfo', name)]);
      return { volume, info };
    });
  }

  /** What `Volume` alone tells of it. undefined when there is no such volume. */
  toldOf(name: string): Promise<Told | undefined> {
    return unlessUnknown(async () => (await this.#api.get(z.array(told), 'Volume', name))[0]);
  }

  /** VolumeGetInfo: with its disks. Throws StorpoolFailure `objectDoesNotExist` when there is no such volume. */
  info(name: string): Promise<StorpoolVolumeInfo> {
    return this.#api.get(infoSchema, 'VolumeGetInfo', name);
  }

  /** The snapshots that the volume descends from, as StorPool lists them. */
  chain(name: string): Promise<StorpoolVolume[]> {
    return this.#api.get(z.array(volumeSchema), 'VolumeListSnapshots', name);
  }

  /**
   * VolumesGetStatus: volumes and snapshots by name, or those of these names alone. StorPool has no call for one of them, and this one is slow
   * on a big cluster (StorPool reference §6.29): not to be polled fast.
   */
  status(names?: Iterable<string>): Promise<ReadonlyMap<string, StorpoolStatus>> {
    return this.#api.map(statusSchema, 'VolumesGetStatus', names === undefined ? undefined : new Set(names));
  }

  /** All that VolumesList tells of the volumes of these names, as it stands, row by row. */
  async toldInList(names: ReadonlySet<string>): Promise<RowsByName> {
    return byName(await this.#api.list(told, 'VolumesList', (row) => (names.has(String(row['name'])) ? row : undefined), names));
  }

  /** All that VolumesGetStatusQuick tells of volumes and snapshots of these names, as it stands. */
  async toldStatus(names: ReadonlySet<string>): Promise<RowsByName> {
    return byName([...(await this.#api.map(told, 'VolumesGetStatusQuick', names)).values()]);
  }

  /** VolumesGetStatusQuick: how all volumes and snapshots are, without stored and on-disk sizes, which is quick. */
  quickStatus(): Promise<ReadonlyMap<string, StorpoolQuickStatus>> {
    return this.#api.map(quickStatusSchema, 'VolumesGetStatusQuick');
  }

  /** VolumesSpace: what each volume uses. Slow on a big cluster. */
  spaces(): Promise<StorpoolSpace[]> {
    return this.#api.list(spaceSchema, 'VolumesSpace', (space) => space);
  }

  /** False when it was gone already. Throws StorpoolFailure `busy` when it is attached. */
  delete(name: string): Promise<boolean> {
    return isGone(() => this.#api.post(apiOk, 'VolumeDelete', { name, body: {} }));
  }

  /**
   * Adds to its tags and gives its global id; undefined when there is no such volume. All tags are sent: whether StorPool keeps those that are
   * not is told nowhere (StorPool reference §2.4).
   */
  async tag(name: string, tags: Readonly<Record<string, string>>): Promise<string | undefined> {
    const known = await this.find(name);
    if (known !== undefined) {
      await this.#api.post(apiOk, 'VolumeUpdate', { name, body: { tags: { ...known.tags, ...tags } } });
    }
    return known?.globalId;
  }

  /** Makes a volume outside Cinder, for decoys and probes. */
  async create(volume: { readonly name: string; readonly size: Bytes; readonly template: string }): Promise<void> {
    await this.#api.post(apiOk, 'VolumeCreate', { body: volume, isOnce: true });
  }
}

/** What a list tells of things, by their names; of each one row, unless the list is wrong. */
export type RowsByName = ReadonlyMap<string, readonly Told[]>;

/** Rows of a list, of those that were picked. */
export function byName(rows: readonly (Told | undefined)[]): RowsByName {
  return Map.groupBy(
    rows.filter((row) => row !== undefined),
    (row) => String(row['name']),
  );
}

/** What `read` gives, or undefined when StorPool does not know the object. */
export async function unlessUnknown<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StorpoolFailure && error.errorName === 'objectDoesNotExist') {
      return;
    }
    throw error;
  }
}

/** True when `command` did something, false when its object was gone already. */
export async function isGone(command: () => Promise<unknown>): Promise<boolean> {
  return (await unlessUnknown(async () => ({ done: await command() }))) !== undefined;
}
