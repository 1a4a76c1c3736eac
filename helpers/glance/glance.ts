import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { typed } from '../commands/commands.ts';
import type { Limits } from '../config/access.ts';
import { eventually } from '../eventually.ts';
import { CouldNotCheck, Failure } from '../failure.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { versioned } from '../http/microversion.ts';
import { OpenstackApi, type Watch } from '../http/openstack-api.ts';
import { allPages, type Query } from '../http/pages.ts';
import { urlPath } from '../http/url-path.ts';
import type { Session } from '../keystone/keystone.ts';
import { type Told, told } from '../told.ts';
import type { GiB } from '../units.ts';
import { type DiskFormat, USUAL_FORMATS } from './disk-format.ts';
import { type Image, imageSchema } from './image.ts';

/** An image that was declared, and whose data was sent. */
export type Uploaded = Pick<Image, 'id'> & {
  /** True when Glance was to import what it had staged. */
  readonly isImported?: boolean;
};

export interface NewImage {
  readonly name: string;
  readonly diskFormat: DiskFormat;
  readonly minDisk?: GiB;
  readonly properties: Readonly<Record<string, string>>;
}

export interface ImageFilter {
  readonly name?: string;
  /** Those that have all of these. */
  readonly properties?: Readonly<Record<string, string>>;
}

interface ImageWaiting {
  readonly withinMs?: number;
  readonly advice?: () => Promise<string>;
}

/** What an image that comes to nothing may tell. */
const HOPELESS = ['killed', 'deleted', 'pending_delete', 'gone'];

const [FORBIDDEN, MISSING, CONFLICT] = [403, 404, 409];
/** Data that is sent to Glance in two steps (openstack/glance doc, "Interoperable Image Import"). */
const STAGED = 'glance-direct';
/** Declared, and without data (openstack/glance doc, image statuses). */
const QUEUED = 'queued';
const UPLOADING = 'uploading';

/** Glance v2. Uploads and downloads are streamed. */
export class Glance {
  readonly #api: OpenstackApi;
  readonly #watch: Watch;
  readonly #limits: Pick<Limits, 'imageMs'>;

  constructor(api: OpenstackApi, watch: Watch, limits: Pick<Limits, 'imageMs'>) {
    this.#api = api;
    this.#watch = watch;
    this.#limits = limits;
  }

  /** How many requests Glance got from this client. */
  get requests(): number {
    return this.#api.http.requests;
  }

  /** The ids of images that a list has shown and that could not be read. */
  get unread(): readonly string[] {
    return this.#api.unread.of('images');
  }

  async list({ name, properties = {} }: ImageFilter = {}): Promise<Image[]> {
    const page = z.object({ images: z.array(z.unknown()), next: z.string().nullish() });
    const read = async (query: Query) => {
      const { images, next } = await this.#api.json(page, { method: 'GET', path: '/images', query });
      return { items: this.#api.unread.readable('images', images, imageSchema), next: next || undefined };
    };
    const all = await allPages({ what: "Glance's list of images", query: { name, ...properties }, read });
    const carries = (image: Image) => Object.entries(properties).every(([key, value]) => image.properties[key] === value);
    return all.filter((image) => (name === undefined || image.name === name) && carries(image));
  }

  /** Throws HttpFailure 404 when there is no such image. */
  image(id: string): Promise<Image> {
    return this.#api.json(imageSchema, { method: 'GET', path: urlPath`/images/${id}` });
  }

  /** undefined when there is no such image. */
  find(id: string): Promise<Image | undefined> {
    return this.#api.find(imageSchema, urlPath`/images/${id}`);
  }

  /** All that Glance tells of it, as it stands. undefined when there is no such image. */
  told(id: string): Promise<Told | undefined> {
    return this.#api.find(told, urlPath`/images/${id}`);
  }

  /** The same for the images of its list that bear a name. */
  async toldInList(name: string): Promise<Told[]> {
    const page = z.object({ images: z.array(told), next: z.string().nullish() });
    const read = async (query: Query) => {
      const { images, next } = await this.#api.json(page, { method: 'GET', path: '/images', query });
      return { items: images, next: next || undefined };
    };
    return await allPages({ what: "Glance's list of images", query: { name }, read });
  }

  /** The `disk_format`s that this Glance takes, by its own schema; where a gateway or a policy keeps that from the user, those it takes as a rule. */
  async diskFormats(): Promise<readonly string[]> {
    const field = z.object({ enum: z.array(z.string().nullable()) });
    const schema = z.object({ properties: z.object({ disk_format: field }) });
    try {
      const { properties } = await this.#api.json(schema, { method: 'GET', path: '/schemas/image' });
      return properties.disk_format.enum.filter((format) => format !== null);
    } catch (error) {
      if (error instanceof HttpFailure && (error.status === FORBIDDEN || error.status === MISSING)) {
        return USUAL_FORMATS;
      }
      throw error;
    }
  }

  /** Declares an image, once, whose data is uploaded next. When the reply is lost, it is looked up by name and properties. */
  create({ name, diskFormat, minDisk, properties }: NewImage): Promise<Image> {
    const disk = minDisk === undefined ? {} : { min_disk: minDisk };
    const body = { name, disk_format: diskFormat, container_format: 'bare', ...disk, ...properties };
    return this.#api.create(imageSchema, { path: '/images', body }, async () => (await this.list({ name, properties })).at(0));
  }

  /**
   * Sends an image's data: directly, else, where that is forbidden, to be imported from where Glance stages it; true then. When the reply is
   * lost, what Glance has by then is not sent again. Throws CouldNotCheck where Glance takes data from nobody who may only ask as this user does.
   */
  async upload(id: string, file: string): Promise<boolean> {
    try {
      await this.#send(id, 'file', file);
      return false;
    } catch (error) {
      if (!(error instanceof HttpFailure) || error.status !== FORBIDDEN) {
        throw error;
      }
      await this.#import(id, file, error);
      return true;
    }
  }

  async #import(id: string, file: string, refused: HttpFailure): Promise<void> {
    const methods = await this.importMethods();
    if (!methods.includes(STAGED)) {
      const details = { said: refused.said, importMethods: methods.join(', ') || 'none' };
      const advice = `Let this user do upload_image (Glance's policy.yaml), enable ${STAGED} (enabled_import_methods), or name an image that is there: --image glance:NAME`;
      throw new CouldNotCheck('Glance takes no image data from this user', details, advice);
    }
    await this.#send(id, 'stage', file);
    const body = { method: { name: STAGED } };
    // Glance refuses to begin an import again while one is under way or done, so the second request does no harm.
    const asked = this.#api.ask({ method: 'POST', path: urlPath`/images/${id}/import`, body, isSafe: true });
    await asked.catch((error: unknown) => this.#unlessTaken(id, error, UPLOADING));
  }

  async #send(id: string, where: 'file' | 'stage', file: string): Promise<void> {
    const upload = this.#api.ask({
      ...{ method: 'PUT', path: urlPath`/images/${id}/${where}`, timeoutMs: this.#limits.imageMs },
      stream: () => Readable.toWeb(createReadStream(file)),
      headers: { 'content-type': 'application/octet-stream' },
    });
    await upload.catch((error: unknown) => this.#unlessTaken(id, error, QUEUED));
  }

  /** A request that was sent again is refused where the first one was taken, whose reply was lost: the image is not as it was before. */
  async #unlessTaken(id: string, error: unknown, before: string): Promise<void> {
    const isTaken = error instanceof HttpFailure && error.status === CONFLICT && error.repeats > 0;
    if (!isTaken || (await this.image(id)).status === before) {
      throw error;
    }
  }

  /** How data may get into an image otherwise, such as `glance-direct`; `web-download` needs an address that Glance can reach. */
  async importMethods(): Promise<readonly string[]> {
    const reply = z.object({ 'import-methods': z.object({ value: z.array(z.string()).default([]) }) });
    return (await this.#api.json(reply, { method: 'GET', path: '/info/import' }))['import-methods'].value;
  }

  /** Writes the image's data to a new file; from the beginning again, once, when the data ends early. */
  async download(id: string, file: string, signal?: AbortSignal): Promise<void> {
    try {
      await this.#downloaded(id, file, signal);
    } catch (error) {
      if (signal?.aborted === true || !isCutOff(error)) {
        throw error;
      }
      await rm(file, { force: true });
      await this.#downloaded(id, file, signal);
    }
  }

  /** The image's data, as it comes. */
  async data(id: string): Promise<Readable> {
    const path = urlPath`/images/${id}/file`;
    return Readable.fromWeb(await this.#api.download({ method: 'GET', path, timeoutMs: this.#limits.imageMs }));
  }

  async #downloaded(id: string, file: string, signal: AbortSignal | undefined): Promise<void> {
    await pipeline(await this.data(id), createWriteStream(file, { flags: 'wx' }), { ...(signal && { signal }) });
  }

  /** False when it was gone already. */
  delete(id: string): Promise<boolean> {
    return this.#api.delete(urlPath`/images/${id}`);
  }

  /** Waits until an upload, also one by Cinder, has become a usable image. */
  async untilActive(id: string, { withinMs, advice }: ImageWaiting = {}): Promise<Image> {
    const found = await eventually<Image | undefined>({
      what: `image ${id} to be active`,
      read: () => this.find(id),
      describe: statusOf,
      until: (image) => statusOf(image) === 'active',
      unless: (image) => (HOPELESS.includes(statusOf(image)) ? `it is ${statusOf(image)}` : undefined),
      withinMs: withinMs ?? this.#limits.imageMs,
      signal: this.#watch.signal,
      advice: advice ?? typed`Look into glance-api's log: grep ${id}`,
      record: this.#watch.recordWait,
    });
    await this.#watch.onDone?.(id);
    return found ?? this.image(id);
  }

  /**
   * The one active image of exactly that name. Throws Failure that lists the candidates when there is none or more than one: the
   * guide's `awk '/centos 7/'` would have taken any line that holds the words.
   */
  async pick(name: string): Promise<Image> {
    const named = await this.list({ name });
    const active = named.filter(({ status }) => status === 'active');
    const [image] = active;
    if (image !== undefined && active.length === 1) {
      return image;
    }
    if (active.length > 1) {
      const advice = 'Rename or remove all but one of them: openstack image set --name NEW ID';
      throw new Failure(`${active.length} active images are called ${name}`, { candidates: tell(active) }, advice);
    }
    const similar = (await this.list()).filter((other) => isSimilar(other.name, name));
    const details = { notActive: tell(named) || undefined, similar: tell(similar) || '(none)' };
    throw new Failure(`no active image is called ${name}`, details, 'Give the exact name: openstack image list');
  }
}

/** Opens Glance from the session's catalogue. */
export function openGlance(session: Session, limits: Pick<Limits, 'imageMs'>): Glance {
  const { http, tokens } = session.api('Glance', 'image');
  const baseUrl = versioned(http.baseUrl, '/v2');
  return new Glance(new OpenstackApi({ http: { ...http, baseUrl }, tokens }), session.watch, limits);
}

/** The connection was cut while the data came. */
function isCutOff(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

function tell(images: readonly Image[]): string {
  return images
    .map(({ id, name, status, createdAt }) => `${id} "${name}" ${status}${createdAt ? ` ${createdAt}` : ''}`)
    .join('; ');
}

function isSimilar(name: string, wanted: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return plain(wanted) !== '' && (plain(name).includes(plain(wanted)) || plain(wanted).includes(plain(name) || '-'));
}

const statusOf = (image: Image | undefined) => image?.status ?? 'gone';
