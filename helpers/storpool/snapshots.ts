import { z } from 'zod';
import { type Told, told } from '../told.ts';
import type { StorpoolApi } from './api.ts';
import { apiOk, byName, isGone, type RowsByName, unlessUnknown, volumeFields } from './volumes.ts';

const snapshotSchema = z.object({
  ...volumeFields,
  /** The volume it was made from. */
  onVolume: z.string().default(''),
  autoName: z.boolean().default(false),
  bound: z.boolean().default(false),
  /** Being deleted: it stays listed, with `*` before its name, until its data is merged (StorPool reference §2.5). */
  deleted: z.boolean().default(false),
  transient: z.boolean().default(false),
  createdFromGlobalId: z.string().optional(),
  deleteBlocked: z.string().optional(),
});
/** A StorPool snapshot. Sizes are bytes. */
export type StorpoolSnapshot = z.output<typeof snapshotSchema>;

const spaceSchema = snapshotSchema.extend({
  storedSize: z.number(),
  /** Bytes that deleting it would free. */
  spaceUsed: z.number(),
});
export type StorpoolSnapshotSpace = z.output<typeof spaceSchema>;

/** StorPool's snapshots. A name may also be `~<globalId>`. */
export class StorpoolSnapshots {
  readonly #api: StorpoolApi;

  constructor(api: StorpoolApi) {
    this.#api = api;
  }

  /** All of them, or what `pick` keeps of each. */
  list(): Promise<StorpoolSnapshot[]>;
  list<R>(pick: (snapshot: StorpoolSnapshot) => R): Promise<R[]>;
  list(pick: (snapshot: StorpoolSnapshot) => unknown = (snapshot) => snapshot): Promise<unknown[]> {
    return this.#api.list(snapshotSchema, 'SnapshotsList', pick);
  }

  /** undefined when there is no such snapshot. */
  find(name: string): Promise<StorpoolSnapshot | undefined> {
    return unlessUnknown(async () => (await this.#api.get(z.array(snapshotSchema), 'Snapshot', name))[0]);
  }

  /** All that StorPool tells of it, as it stands. undefined when there is no such snapshot. */
  told(name: string): Promise<Told | undefined> {
    return unlessUnknown(async () => (await this.#api.get(z.array(told), 'Snapshot', name))[0]);
  }

  /** All that SnapshotsList tells of the snapshots of these names, as it stands, row by row. */
  async toldInList(names: ReadonlySet<string>): Promise<RowsByName> {
    return byName(
      await this.#api.list(told, 'SnapshotsList', (row) => (names.has(String(row['name'])) ? row : undefined), names),
    );
  }

  /** SnapshotsSpace: what each snapshot uses. Slow on a big cluster. */
  spaces(): Promise<StorpoolSnapshotSpace[]> {
    return this.#api.list(spaceSchema, 'SnapshotsSpace', (space) => space);
  }

  /** Adds to its tags and gives its global id; undefined when there is no such snapshot. */
  async tag(name: string, tags: Readonly<Record<string, string>>): Promise<string | undefined> {
    const known = await this.find(name);
    if (known !== undefined) {
      await this.#api.post(apiOk, 'SnapshotUpdate', { name, body: { tags: { ...known.tags, ...tags } } });
    }
    return known?.globalId;
  }

  /** False when it was gone already. It may stay listed as `deleted` for a while. */
  delete(name: string): Promise<boolean> {
    return isGone(() => this.#api.post(apiOk, 'SnapshotDelete', { name, body: {} }));
  }
}
