import { z } from 'zod';
import type { Limits } from '../config/access.ts';
import { eventually } from '../eventually.ts';
import { Failure } from '../failure.ts';
import type { OpenstackApi, Watch } from '../http/openstack-api.ts';
import { urlPath } from '../http/url-path.ts';
import { type Told, told } from '../told.ts';
import { type GiB, gib } from '../units.ts';
import type { CinderMessages } from './messages.ts';
import { CinderVolumeActions } from './volume-actions.ts';

const attachmentSchema = z.object({
  attachment_id: z.string().nullish(),
  server_id: z.string().nullish(),
  host_name: z.string().nullish(),
  device: z.string().nullish(),
});

const volumeSchema = z
  .object({
    id: z.string(),
    name: z.string().nullish(),
    status: z.string(),
    size: z.number().transform(gib),
    bootable: z.union([z.boolean(), z.string()]),
    metadata: z.record(z.string(), z.string()).default({}),
    attachments: z.array(attachmentSchema).default([]),
    snapshot_id: z.string().nullish(),
    source_volid: z.string().nullish(),
    volume_type: z.string().nullish(),
    multiattach: z.boolean().optional(),
    encrypted: z.boolean().optional(),
    migration_status: z.string().nullish(),
    'os-vol-host-attr:host': z.string().nullish(),
    'os-vol-mig-status-attr:name_id': z.string().nullish(),
    'os-vol-tenant-attr:tenant_id': z.string().nullish(),
    volume_image_metadata: z.record(z.string(), z.string()).nullish(),
    user_id: z.string().nullish(),
    created_at: z.string().nullish(),
    availability_zone: z.string().nullish(),
  })
  .transform((v) => ({
    id: v.id,
    name: v.name ?? '',
    status: v.status,
    size: v.size,
    bootable: String(v.bootable) === 'true',
    metadata: v.metadata,
    attachments: v.attachments.map((a) => ({
      attachmentId: a.attachment_id ?? undefined,
      serverId: a.server_id ?? undefined,
      hostName: a.host_name ?? undefined,
      device: a.device ?? undefined,
    })),
    snapshotId: v.snapshot_id ?? undefined,
    sourceVolumeId: v.source_volid ?? undefined,
    volumeType: v.volume_type ?? undefined,
    multiattach: v.multiattach ?? false,
    encrypted: v.encrypted ?? false,
    /** `target:<id>` for what a volume of that id is copied to while it migrates; only administrators see it. */
    migrationStatus: v.migration_status ?? undefined,
    /** Whose bytes these are, when a migration has swapped them; only administrators see it. */
    nameId: v['os-vol-mig-status-attr:name_id'] ?? undefined,
    userId: v.user_id ?? undefined,
    /** `host@backend#pool`; only administrators see it. */
    host: v['os-vol-host-attr:host'] ?? undefined,
    projectId: v['os-vol-tenant-attr:tenant_id'] ?? undefined,
    zone: v.availability_zone ?? undefined,
    imageMetadata: v.volume_image_metadata ?? {},
    createdAt: v.created_at ?? undefined,
  }));
const volumeReply = z.object({ volume: volumeSchema });
// The reply to a create lacks what is not known yet, such as the host.
export type Volume = z.output<typeof volumeSchema>;

export interface NewVolume {
  readonly name: string;
  readonly size: GiB;
  readonly metadata: Readonly<Record<string, string>>;
  readonly imageId?: string;
  readonly snapshotId?: string;
  readonly sourceVolumeId?: string;
  readonly volumeType?: string | undefined;
}

export interface ListFilter {
  readonly name?: string;
  /** Those that carry all of these. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Of all projects; administrators only. */
  readonly allTenants?: boolean;
}

export type VolumeLimits = Pick<Limits, 'volumeMs'>;

export interface WaitOptions {
  readonly withinMs?: number;
  /** Told the state of each poll, for progress. */
  readonly onPoll?: (state: string) => void;
}

export interface VolumeWaiting extends WaitOptions {
  /** To complete "gave up waiting for volume … to be …". */
  readonly what: string;
  readonly until: (volume: Volume) => boolean;
  /** Hopeless states besides those that begin with `error`. */
  readonly unless?: (volume: Volume) => string | undefined;
}

/** Cinder's volumes. Sizes are whole GiB. */
export class CinderVolumes {
  /** What is done to existing volumes. */
  readonly actions: CinderVolumeActions;
  readonly #api: OpenstackApi;
  readonly #watch: Watch;
  readonly #limits: VolumeLimits;
  readonly #messages: CinderMessages;

  constructor(api: OpenstackApi, watch: Watch, limits: VolumeLimits, messages: CinderMessages) {
    this.actions = new CinderVolumeActions(api);
    this.#api = api;
    this.#watch = watch;
    this.#limits = limits;
    this.#messages = messages;
  }

  /** Asks for a volume, once: when the reply is lost, it is looked up by its name and metadata. */
  create(wanted: NewVolume): Promise<Volume> {
    const volume = {
      name: wanted.name,
      size: wanted.size,
      metadata: wanted.metadata,
      ...(wanted.imageId === undefined ? {} : { imageRef: wanted.imageId }),
      ...(wanted.snapshotId === undefined ? {} : { snapshot_id: wanted.snapshotId }),
      ...(wanted.sourceVolumeId === undefined ? {} : { source_volid: wanted.sourceVolumeId }),
      ...(wanted.volumeType === undefined ? {} : { volume_type: wanted.volumeType }),
    };
    const find = async () => (await this.list({ name: wanted.name, metadata: wanted.metadata })).at(0);
    const made = volumeReply.transform((reply) => reply.volume);
    return this.#api.create(made, { path: '/volumes', body: { volume } }, find);
  }

  /** Throws HttpFailure 404 when there is no such volume. */
  async show(id: string): Promise<Volume> {
    return (await this.#api.json(volumeReply, { method: 'GET', path: urlPath`/volumes/${id}` })).volume;
  }

  /** undefined when there is no such volume. */
  async find(id: string): Promise<Volume | undefined> {
    return (await this.#api.find(volumeReply, urlPath`/volumes/${id}`))?.volume;
  }

  /** All that Cinder tells of it, as it stands. undefined when there is no such volume. */
  async told(id: string): Promise<Told | undefined> {
    return (await this.#api.find(z.object({ volume: told }), urlPath`/volumes/${id}`))?.volume;
  }

  /**
   * Throws HttpFailure where a policy hides from this user what volumes remember of their images: then they are shown without it.
   * source: openstack/cinder@ab09bc39d cinder/api/contrib/volume_image_metadata.py, one policy for both
   */
  async mustShowImageMetadata(id: string): Promise<void> {
    const path = urlPath`/volumes/${id}/action`;
    await this.#api.ask({ method: 'POST', path, body: { 'os-show_image_metadata': null }, isSafe: true });
  }

  /** The same for the rows of its list that bear a name. */
  toldInList(name: string): Promise<Told[]> {
    return this.#api.list('volumes', told, '/volumes/detail', { name });
  }

  async list(filter: ListFilter = {}): Promise<Volume[]> {
    const query = { name: filter.name, metadata: pythonDict(filter.metadata), all_tenants: filter.allTenants ? '1' : undefined };
    const found = await this.#api.list('volumes', volumeSchema, '/volumes/detail', query);
    return found.filter((volume) => matches(volume, filter));
  }

  /** Gives a volume another name and metadata, in one request. */
  async update(id: string, volume: Pick<NewVolume, 'name' | 'metadata'>): Promise<void> {
    await this.#api.ask({ method: 'PUT', path: urlPath`/volumes/${id}`, body: { volume } });
  }

  /** False when it was gone already. Does not wait. */
  delete(id: string): Promise<boolean> {
    return this.#api.delete(urlPath`/volumes/${id}`);
  }

  /**
   * Waits for a state of a volume. States that begin with `error` end the wait, with Cinder's own message as the advice. Throws CouldNotCheck where
   * that says that the operator lets Cinder not do it.
   */
  async until(id: string, wait: VolumeWaiting): Promise<Volume> {
    const waiting = eventually<Volume>({
      what: `volume ${id} to be ${wait.what}`,
      read: () => this.show(id),
      describe: ({ status }) => {
        wait.onPoll?.(status);
        return status;
      },
      until: wait.until,
      unless: (volume) => wait.unless?.(volume) ?? hopeless(volume),
      withinMs: wait.withinMs ?? this.#limits.volumeMs,
      signal: this.#watch.signal,
      advice: () => this.#messages.advice(id),
      record: this.#watch.recordWait,
    });
    const found = await waiting.catch(async (error: unknown) => {
      throw (error instanceof Failure && (await this.#messages.unwilling(id))) || error;
    });
    await this.#watch.onDone?.(id);
    return found;
  }

  untilAvailable(id: string, options: WaitOptions = {}): Promise<Volume> {
    return this.until(id, { ...options, what: 'available', until: ({ status }) => status === 'available' });
  }

  untilInUse(id: string, options: WaitOptions = {}): Promise<Volume> {
    return this.until(id, { ...options, what: 'in-use', until: ({ status }) => status === 'in-use' });
  }

  /** Waits until Cinder does not know the volume any more. A volume that leaves `deleting` again ends the wait. */
  async untilGone(id: string, options: WaitOptions = {}): Promise<void> {
    let deleting = false;
    await eventually<Volume | undefined>({
      what: `volume ${id} to be gone`,
      read: () => this.find(id),
      describe: (volume) => {
        const state = volume?.status ?? 'gone';
        options.onPoll?.(state);
        return state;
      },
      until: (volume) => volume === undefined,
      unless: (volume) => {
        deleting ||= volume?.status === 'deleting';
        // A driver that reports VolumeIsBusy puts the volume back: openstack/cinder cinder/volume/manager.py, delete_volume.
        const back = deleting && volume?.status !== 'deleting';
        return back || volume?.status === 'error_deleting' ? `Cinder gave up: it is ${volume?.status}` : undefined;
      },
      withinMs: options.withinMs ?? this.#limits.volumeMs,
      signal: this.#watch.signal,
      advice: () => this.#messages.advice(id),
      record: this.#watch.recordWait,
    });
  }
}

function hopeless({ status }: Volume): string | undefined {
  return status.startsWith('error') ? `it is in state ${status}` : undefined;
}

/** Cinder reads the metadata filter as a Python literal (openstack/cinder cinder/api/v3/volumes.py, ast.literal_eval). */
export function pythonDict(pairs: Readonly<Record<string, string>> | undefined): string | undefined {
  if (pairs === undefined) {
    return;
  }
  const quote = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`;
  return `{${Object.entries(pairs)
    .map(([key, value]) => `${quote(key)}: ${quote(value)}`)
    .join(', ')}}`;
}

/** Filters again, since Cinder ignores filters that its resource_filters.json does not allow. */
export function matches(
  item: { readonly name: string; readonly metadata: Readonly<Record<string, string>> },
  { name, metadata }: ListFilter,
): boolean {
  const isNamed = name === undefined || item.name === name;
  return isNamed && Object.entries(metadata ?? {}).every(([key, value]) => item.metadata[key] === value);
}
