import { z } from 'zod';
import { HttpFailure } from './http-failure.ts';
import type { OpenstackApi } from './openstack.ts';

const attachmentSchema = z
  .object({
    volumeId: z.string(),
    serverId: z.string(),
    device: z.string().nullish(),
    delete_on_termination: z.boolean().optional(),
  })
  .transform((a) => ({
    volumeId: a.volumeId,
    serverId: a.serverId,
    device: a.device ?? undefined,
    /** Told from microversion 2.79 on. */
    deleteOnTermination: a.delete_on_termination,
  }));
export type NovaVolumeAttachment = z.output<typeof attachmentSchema>;

/** What Nova can do to an existing server. Each is accepted or refused at once; what comes of it must be waited for. */
export class NovaServerActions {
  readonly #api: OpenstackApi;

  constructor(api: OpenstackApi) {
    this.#api = api;
  }

  async start(id: string): Promise<void> {
    await this.#act(id, { 'os-start': null });
  }

  async stop(id: string): Promise<void> {
    await this.#act(id, { 'os-stop': null });
  }

  /** The whole of the serial console's log; empty while the server has none yet. */
  async consoleOutput(id: string): Promise<string> {
    const reply = z.object({ output: z.string().nullable() });
    const body = { 'os-getConsoleOutput': {} };
    try {
      return (await this.#api.json(reply, { method: 'POST', path: `/servers/${id}/action`, body })).output ?? '';
    } catch (error) {
      if (error instanceof HttpFailure && isNotReady(error)) {
        return '';
      }
      throw error;
    }
  }

  async volumeAttachments(id: string): Promise<NovaVolumeAttachment[]> {
    const reply = z.object({ volumeAttachments: z.array(attachmentSchema) });
    return (await this.#api.json(reply, { method: 'GET', path: `/servers/${id}/os-volume_attachments` })).volumeAttachments;
  }

  async attachVolume(id: string, volumeId: string): Promise<void> {
    const body = { volumeAttachment: { volumeId } };
    await this.#api.ask({ method: 'POST', path: `/servers/${id}/os-volume_attachments`, body });
  }

  /** False when it was not attached. */
  detachVolume(id: string, volumeId: string): Promise<boolean> {
    return this.#api.delete(`/servers/${id}/os-volume_attachments/${volumeId}`);
  }

  async #act(id: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#api.ask({ method: 'POST', path: `/servers/${id}/action`, body });
  }
}

/** 409 while the instance is built; 404 about the console, not the server (openstack/nova nova/api/openstack/compute/console_output.py). */
function isNotReady({ status, said }: HttpFailure): boolean {
  return status === 409 || (status === 404 && /console/i.test(said ?? ''));
}
