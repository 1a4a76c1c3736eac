import { z } from 'zod';
import type { OpenstackApi } from '../http/openstack-api.ts';
import { urlPath } from '../http/url-path.ts';
import { type Told, told } from '../told.ts';

const attachmentSchema = z
  .object({
    id: z.string(),
    volume_id: z.string(),
    status: z.string(),
    instance: z.string().nullish(),
    attach_mode: z.string().nullish(),
    connection_info: z.record(z.string(), z.unknown()).nullish(),
  })
  .transform((a) => ({
    id: a.id,
    volumeId: a.volume_id,
    status: a.status,
    serverId: a.instance ?? undefined,
    mode: a.attach_mode ?? undefined,
    /** What the driver gave to the host; only `show` has it. */
    connection: a.connection_info ?? {},
  }));
export type CinderAttachment = z.output<typeof attachmentSchema>;

/** Cinder's attachments (microversion 3.27). */
export class CinderAttachments {
  readonly #api: OpenstackApi;

  constructor(api: OpenstackApi) {
    this.#api = api;
  }

  async list(filter: { readonly volumeId?: string; readonly allTenants?: boolean } = {}): Promise<CinderAttachment[]> {
    const query = { volume_id: filter.volumeId, all_tenants: filter.allTenants ? '1' : undefined };
    const found = await this.#api.list('attachments', attachmentSchema, '/attachments/detail', query);
    return found.filter(({ volumeId }) => filter.volumeId === undefined || volumeId === filter.volumeId);
  }

  /** All that Cinder tells of a volume's attachments, as it stands. */
  async told(volumeId: string): Promise<Told[]> {
    const found = await this.#api.list('attachments', told, '/attachments/detail', { volume_id: volumeId });
    return found.filter((row) => row['volume_id'] === volumeId);
  }

  async show(id: string): Promise<CinderAttachment> {
    const reply = z.object({ attachment: attachmentSchema });
    return (await this.#api.json(reply, { method: 'GET', path: urlPath`/attachments/${id}` })).attachment;
  }
}
