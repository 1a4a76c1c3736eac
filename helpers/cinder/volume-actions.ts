import { z } from 'zod';
import type { OpenstackApi } from '../http/openstack-api.ts';
import { urlPath } from '../http/url-path.ts';
import type { GiB } from '../units.ts';

export interface ImageUpload {
  readonly name: string;
  readonly diskFormat: 'raw' | 'qcow2';
  /** Also when the volume is in use. */
  readonly force?: boolean;
}

const uploadReply = z.object({ 'os-volume_upload_image': z.object({ image_id: z.string(), status: z.string().optional() }) });

const shown = z.object({ volume: z.object({ status: z.string(), size: z.number(), volume_type: z.string().nullish() }) });
type Shown = z.output<typeof shown>['volume'];

/**
 * What Cinder can do to an existing volume. Each is accepted or refused at once, and asked for only once: when the reply is lost, the volume says
 * whether it was heard. What comes of it must be waited for.
 */
export class CinderVolumeActions {
  readonly #api: OpenstackApi;

  constructor(api: OpenstackApi) {
    this.#api = api;
  }

  async extend(id: string, size: GiB): Promise<void> {
    await this.#act(id, { 'os-extend': { new_size: size } }, (is) => is.size === size || /extending$/.test(is.status));
  }

  async setBootable(id: string, bootable: boolean): Promise<void> {
    await this.#set(urlPath`/volumes/${id}/action`, { 'os-set_bootable': { bootable } });
  }

  /** Back to its newest snapshot (microversion 3.40). Twice is as good as once. */
  async revert(id: string, snapshotId: string): Promise<void> {
    await this.#act(id, { revert: { snapshot_id: snapshotId } }, ({ status }) => /reverting$/.test(status));
  }

  async retype(id: string, volumeType: string, policy: 'never' | 'on-demand'): Promise<void> {
    const body = { 'os-retype': { new_type: volumeType, migration_policy: policy } };
    await this.#act(id, body, (is) => is.volume_type === volumeType || is.status === 'retyping');
  }

  /** Makes a Glance image of the volume. Returns the new image's id, or, when the reply was lost, that of what `find` finds. */
  async uploadToImage(id: string, image: ImageUpload, find: () => Promise<{ readonly id: string } | undefined>): Promise<string> {
    const body = {
      'os-volume_upload_image': {
        image_name: image.name,
        disk_format: image.diskFormat,
        container_format: 'bare',
        force: image.force ?? false,
      },
    };
    const made = uploadReply.transform((reply) => ({ id: reply['os-volume_upload_image'].image_id }));
    return (await this.#api.create<{ id: string }>(made, { path: urlPath`/volumes/${id}/action`, body }, find)).id;
  }

  /** Adds to what the volume remembers of its image; it goes into every image that is made of the volume. */
  async addImageMetadata(id: string, metadata: Readonly<Record<string, string>>): Promise<void> {
    await this.#set(urlPath`/volumes/${id}/action`, { 'os-set_image_metadata': { metadata } });
  }

  /** Adds to the volume's metadata. */
  async addMetadata(id: string, metadata: Readonly<Record<string, string>>): Promise<void> {
    await this.#set(urlPath`/volumes/${id}/metadata`, { metadata });
  }

  async #act(id: string, body: Readonly<Record<string, unknown>>, isHeard: (volume: Shown) => boolean): Promise<void> {
    const look = async () => (await this.#api.json(shown, { method: 'GET', path: urlPath`/volumes/${id}` })).volume;
    await this.#api.act({ path: urlPath`/volumes/${id}/action`, body }, async () => isHeard(await look()));
  }

  async #set(path: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#api.ask({ method: 'POST', path, body, isSafe: true });
  }
}
