import { z } from 'zod';
import { eventually } from '../eventually.ts';
import type { OpenstackApi, Watch } from '../http/openstack-api.ts';
import { urlPath } from '../http/url-path.ts';
import { type Told, told } from '../told.ts';
import { gib } from '../units.ts';
import type { CinderMessages } from './messages.ts';
import { type ListFilter, matches, type VolumeLimits, type WaitOptions } from './volumes.ts';

const snapshotSchema = z
  .object({
    id: z.string(),
    name: z.string().nullish(),
    status: z.string(),
    size: z.number().transform(gib),
    volume_id: z.string(),
    metadata: z.record(z.string(), z.string()).default({}),
    'os-extended-snapshot-attributes:progress': z.string().nullish(),
    /** From microversion 3.41 on. */
    user_id: z.string().nullish(),
    created_at: z.string().nullish(),
  })
  .transform((s) => ({
    id: s.id,
    name: s.name ?? '',
    status: s.status,
    size: s.size,
    volumeId: s.volume_id,
    metadata: s.metadata,
    progress: s['os-extended-snapshot-attributes:progress'] ?? undefined,
    userId: s.user_id ?? undefined,
    createdAt: s.created_at ?? undefined,
  }));
const snapshotReply = z.object({ snapshot: snapshotSchema });
export type Snapshot = z.output<typeof snapshotSchema>;

export interface NewSnapshot {
  readonly name: string;
  readonly volumeId: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Also when the volume is in use. */
  readonly force?: boolean;
}

/** Cinder's snapshots. */
export class CinderSnapshots {
  readonly #api: OpenstackApi;
  readonly #watch: Watch;
  readonly #limits: VolumeLimits;
  readonly #messages: CinderMessages;

  constructor(api: OpenstackApi, watch: Watch, limits: VolumeLimits, messages: CinderMessages) {
    this.#api = api;
    this.#watch = watch;
    this.#limits = limits;
    this.#messages = messages;
  }

  /** Asks for a snapshot, once: when the reply is lost, it is looked up by its name and metadata. */
  create({ name, volumeId, metadata, force = false }: NewSnapshot): Promise<Snapshot> {
    const body = { snapshot: { name, volume_id: volumeId, metadata, force } };
    const made = snapshotReply.transform(({ snapshot }) => snapshot);
    return this.#api.create(made, { path: '/snapshots', body }, async () => (await this.list({ name, metadata })).at(0));
  }

  /** Throws HttpFailure 404 when there is no such snapshot. */
  async show(id: string): Promise<Snapshot> {
    return (await this.#api.json(snapshotReply, { method: 'GET', path: urlPath`/snapshots/${id}` })).snapshot;
  }

  /** undefined when there is no such snapshot. */
  async find(id: string): Promise<Snapshot | undefined> {
    return (await this.#api.find(snapshotReply, urlPath`/snapshots/${id}`))?.snapshot;
  }

  /** All that Cinder tells of it, as it stands. undefined when there is no such snapshot. */
  async told(id: string): Promise<Told | undefined> {
    return (await this.#api.find(z.object({ snapshot: told }), urlPath`/snapshots/${id}`))?.snapshot;
  }

  /** The same for the rows of its list that bear a name. */
  toldInList(name: string): Promise<Told[]> {
    return this.#api.list('snapshots', told, '/snapshots/detail', { name });
  }

  async list(filter: ListFilter & { readonly volumeId?: string } = {}): Promise<Snapshot[]> {
    const query = { name: filter.name, volume_id: filter.volumeId, all_tenants: filter.allTenants ? '1' : undefined };
    const found = await this.#api.list('snapshots', snapshotSchema, '/snapshots/detail', query);
    return found.filter((snapshot) => matches(snapshot, filter));
  }

  /** False when it was gone already. Does not wait. */
  delete(id: string): Promise<boolean> {
    return this.#api.delete(urlPath`/snapshots/${id}`);
  }

  /** Adds to the snapshot's metadata. */
  async addMetadata(id: string, metadata: Readonly<Record<string, string>>): Promise<void> {
    await this.#api.ask({ method: 'POST', path: urlPath`/snapshots/${id}/metadata`, body: { metadata }, isSafe: true });
  }

  async untilAvailable(id: string, options: WaitOptions = {}): Promise<Snapshot> {
    const found = await this.#until(id, 'available', (snapshot) => snapshot?.status === 'available', options);
    await this.#watch.onDone?.(id);
    return found ?? this.show(id);
  }

  async untilGone(id: string, options: WaitOptions = {}): Promise<void> {
    await this.#until(id, 'gone', (snapshot) => snapshot === undefined, options);
  }

  #until(id: string, what: string, until: (found?: Snapshot) => boolean, options: WaitOptions): Promise<Snapshot | undefined> {
    let deleting = false;
    return eventually<Snapshot | undefined>({
      what: `snapshot ${id} to be ${what}`,
      read: () => this.find(id),
      describe: (snapshot) => {
        const state = snapshot?.status ?? 'gone';
        options.onPoll?.(state);
        return state;
      },
      until,
      unless: (snapshot) => {
        const status = snapshot?.status ?? 'gone';
        const back = deleting && status !== 'deleting';
        deleting ||= status === 'deleting';
        return back || status === 'gone' || status.startsWith('error') ? `it is ${status}` : undefined;
      },
      withinMs: options.withinMs ?? this.#limits.volumeMs,
      signal: this.#watch.signal,
      advice: () => this.#messages.advice(id),
      record: this.#watch.recordWait,
    });
  }
}
