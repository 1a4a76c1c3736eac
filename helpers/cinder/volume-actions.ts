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

/** What Cinder can do to an existing volume. Each is accepted or refused at once; what comes of it must be waited for. */
export class CinderVolumeActions {
  readonly #api: OpenstackApi;

  constructor(api: OpenstackApi) {
    this.#api = api;
  }

  async extend(id: string, size: GiB): Promise<void> {
    await this.#act(id, { 'os-extend': { new_size: size } });
  }

  async setBootable(id: string, bootable: boolean): Promise<void> {
    await this.#act(id, { 'os-set_bootable': { bootable } });
  }

  /** Back to its newest snapshot (microversion 3.40). */
  async revert(id: string, snapshotId: string): Promise<void> {
    await this.#act(id, { revert: { snapshot_id: snapshotId } });
  }

  async retype(id: string, volumeType: string, policy: 'never' | 'on-demand'): Promise<void> {
    await this.#act(id, { 'os-retype': { new_type: volumeType, migration_policy: policy } });
  }

  /** Makes a Glance image of the volume. Returns the new image's id. */
  async uploadToImage(id: string, image: ImageUpload): Promise<string> {
    const body = {
      'os-volume_upload_image': {
        image_name: image.name,
        disk_format: image.diskFormat,
        container_format: 'bare',
        force: image.force ?? false,
      },
    };
    const reply = await this.#api.json(uploadReply, { method: 'POST', path: urlPath`/volumes/${id}/action`, body });
    return reply['os-volume_upload_image'].image_id;
  }

  /** Adds to what the volume remembers of its image; it goes into every image that is made of the volume. */
  async addImageMetadata(id: string, metadata: Readonly<Record<string, string>>): Promise<void> {
    await this.#act(id, { 'os-set_image_metadata': { metadata } });
  }

  /** Adds to the volume's metadata. */
  async addMetadata(id: string, metadata: Readonly<Record<string, string>>): Promise<void> {
    await this.#api.ask({ method: 'POST', path: urlPath`/volumes/${id}/metadata`, body: { metadata } });
  }

  async #act(id: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#api.ask({ method: 'POST', path: urlPath`/volumes/${id}/action`, body });
  }
}
