import { z } from 'zod';
import { CouldNotCheck } from '../failure.ts';
import { HttpFailure } from '../http/http-failure.ts';
import type { OpenstackApi } from '../http/openstack-api.ts';
import { urlPath } from '../http/url-path.ts';
import { type Told, told } from '../told.ts';

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

const eventSchema = z.object({ event: z.string(), result: z.string().nullish(), details: z.string().nullish() });
const actionSchema = z
  .object({
    ...{ action: z.string(), request_id: z.string(), user_id: z.string().nullish(), start_time: z.string().nullish() },
    events: z.array(eventSchema).optional(),
  })
  .transform((a) => ({
    action: a.action,
    requestId: a.request_id,
    userId: a.user_id ?? undefined,
    startedAt: a.start_time ?? undefined,
    events: a.events?.map(({ event, result, details }) => ({
      event,
      result: result ?? undefined,
      details: details ?? undefined,
    })),
  }));
type NovaEvent = NonNullable<NovaAction['events']>[number];
/** Something that was done to a server; in a list, and where only administrators see them, without events. `result` of an event is `Success` or `Error`, and absent while it goes on; `details`, from 2.84 on, say why it is an error. */
export type NovaAction = z.output<typeof actionSchema>;

const migrationSchema = z
  .object({
    status: z.string(),
    source_compute: z.string().nullish(),
    dest_compute: z.string().nullish(),
    created_at: z.string().nullish(),
  })
  .transform((m) => ({
    status: m.status,
    from: m.source_compute ?? undefined,
    to: m.dest_compute ?? undefined,
    createdAt: m.created_at ?? '',
  }));
export type NovaMigration = z.output<typeof migrationSchema>;

const shownSchema = z
  .object({
    server: z.object({
      status: z.string(),
      'OS-EXT-STS:task_state': z.string().nullish(),
      'OS-EXT-SRV-ATTR:host': z.string().nullish(),
    }),
  })
  .transform(({ server }) => ({
    status: server.status,
    task: server['OS-EXT-STS:task_state'] ?? undefined,
    host: server['OS-EXT-SRV-ATTR:host'] ?? undefined,
  }));
type Shown = z.output<typeof shownSchema>;

const GONE = 404;

/**
 * What Nova can do to an existing server. Each is accepted or refused at once, and asked for only once: when the reply is lost, the server says
 * whether it was heard. What comes of it must be waited for.
 */
export class NovaServerActions {
  readonly #api: OpenstackApi;

  constructor(api: OpenstackApi) {
    this.#api = api;
  }

  async start(id: string): Promise<void> {
    await this.#act(id, { 'os-start': null }, ({ status, task }) => status === 'ACTIVE' || task === 'powering-on');
  }

  async stop(id: string): Promise<void> {
    await this.#act(id, { 'os-stop': null }, ({ status, task }) => status === 'SHUTOFF' || task === 'powering-off');
  }

  /** Ends its guest at once and starts it anew, also when it was stopped. Where what is done to servers is not shown, a lost reply is taken for a lost request. */
  async hardReboot(id: string): Promise<void> {
    const done = async () => (await this.actionsCalled(id, 'reboot').catch(noneIfUnseen)).length;
    const before = await done();
    const path = urlPath`/servers/${id}/action`;
    await this.#api.act({ path, body: { reboot: { type: 'HARD' } } }, async () => (await done()) > before);
  }

  /** Deletes a server for good, also one that Nova keeps to restore (`reclaim_instance_interval`). One that is gone already is no error. */
  async forceDelete(id: string): Promise<void> {
    await this.#act(id, { forceDelete: null }, ({ status, task }) => status === 'DELETED' || task === 'deleting').catch(
      (error: unknown) => {
        if (!(error instanceof HttpFailure && error.status === GONE)) {
          throw error;
        }
      },
    );
  }

  /**
   * The whole of the serial console's log; empty while the server is built, undefined while it has no console. Throws CouldNotCheck where
   * the cloud does not show consoles.
   */
  async consoleOutput(id: string): Promise<string | undefined> {
    const reply = z.object({ output: z.string().nullable() });
    const body = { 'os-getConsoleOutput': {} };
    try {
      const ask = { method: 'POST', path: urlPath`/servers/${id}/action`, body, isSafe: true } as const;
      return (await this.#api.json(reply, ask)).output ?? '';
    } catch (error) {
      if (!(error instanceof HttpFailure)) {
        throw error;
      }
      return withoutOutput(error);
    }
  }

  async volumeAttachments(id: string): Promise<NovaVolumeAttachment[]> {
    const reply = z.object({ volumeAttachments: z.array(attachmentSchema) });
    const { volumeAttachments } = await this.#api.json(reply, {
      method: 'GET',
      path: urlPath`/servers/${id}/os-volume_attachments`,
    });
    this.#api.hearOf(volumeAttachments.map(({ volumeId }) => volumeId));
    return volumeAttachments;
  }

  /** All that Nova tells of a server's volumes, as it stands. */
  async toldAttachments(id: string): Promise<Told[]> {
    const reply = z.object({ volumeAttachments: z.array(told) });
    return (await this.#api.json(reply, { method: 'GET', path: urlPath`/servers/${id}/os-volume_attachments` }))
      .volumeAttachments;
  }

  async attachVolume(id: string, volumeId: string): Promise<void> {
    const isAttached = async () => (await this.volumeAttachments(id)).some((attached) => attached.volumeId === volumeId);
    const path = urlPath`/servers/${id}/os-volume_attachments`;
    await this.#api.act({ path, body: { volumeAttachment: { volumeId } } }, isAttached);
  }

  /** False when it was not attached. */
  detachVolume(id: string, volumeId: string): Promise<boolean> {
    return this.#api.delete(urlPath`/servers/${id}/os-volume_attachments/${volumeId}`);
  }

  /** All that was done to a server, newest first, also to one that is gone; without events. */
  async list(id: string): Promise<NovaAction[]> {
    const listed = z.object({ instanceActions: z.array(actionSchema) });
    const path = urlPath`/servers/${id}/os-instance-actions`;
    return (await this.#api.json(listed, { method: 'GET', path })).instanceActions;
  }

  /**
   * What of that name was done to the server, newest first. Throws CouldNotCheck where Nova does not show this user what became of it: before
   * 2.51 only administrators see events (openstack/nova nova/api/openstack/compute/instance_actions.py, show).
   */
  async actionsCalled(id: string, action: string): Promise<(NovaAction & { readonly events: readonly NovaEvent[] })[]> {
    const path = urlPath`/servers/${id}/os-instance-actions`;
    const shown = z.object({ instanceAction: actionSchema });
    const found = (await this.list(id)).filter((done) => done.action === action);
    return Promise.all(
      found.map(async ({ requestId }) => {
        const { instanceAction } = await this.#api.json(shown, { method: 'GET', path: path + urlPath`/${requestId}` });
        const { events } = instanceAction;
        if (events === undefined) {
          const advice = 'Run with an administrator, who sees the events of what was done to a server.';
          throw new CouldNotCheck(`Nova does not show this user what became of ${action}`, { server: id }, advice);
        }
        return { ...instanceAction, events };
      }),
    );
  }

  /** Moves a running server to that compute host, if the scheduler agrees. */
  async liveMigrate(id: string, host: string): Promise<void> {
    const body = { 'os-migrateLive': { host, block_migration: 'auto' } };
    await this.#act(id, body, (is) => is.task === 'migrating' || is.host === host);
  }

  /** Of this server, newest first; administrators only. */
  async migrations(id: string): Promise<NovaMigration[]> {
    const reply = z.object({ migrations: z.array(migrationSchema) });
    const query = { instance_uuid: id };
    const { migrations } = await this.#api.json(reply, { method: 'GET', path: '/os-migrations', query });
    return migrations.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  async #act(id: string, body: Readonly<Record<string, unknown>>, isHeard: (server: Shown) => boolean): Promise<void> {
    const path = urlPath`/servers/${id}`;
    await this.#api.act({ path: `${path}/action`, body }, async () =>
      isHeard(await this.#api.json(shownSchema, { method: 'GET', path })),
    );
  }
}

const [FORBIDDEN, BUSY, UNWRITTEN] = [403, 409, 501];

function noneIfUnseen(error: unknown): [] {
  if (error instanceof CouldNotCheck || (error instanceof HttpFailure && error.leavesOpen)) {
    return [];
  }
  throw error;
}

/**
 * What an error says of a console: 409 while the instance is built, 404 about the console, not the server, when the guest has none, 501 when
 * the hypervisor has no such thing (openstack/nova nova/api/openstack/compute/console_output.py).
 */
function withoutOutput(error: HttpFailure): string | undefined {
  const { status, said = '' } = error;
  if (status === FORBIDDEN || status === UNWRITTEN) {
    const advice =
      status === FORBIDDEN
        ? "Let this user do os_compute_api:os-console-output (Nova's policy.yaml), or run as one who may."
        : 'The virt driver of this cloud keeps no console log: look at the server on its hypervisor.';
    throw new CouldNotCheck('Nova does not show the console of servers', { status, said }, advice);
  }
  if (status === BUSY) {
    return '';
  }
  if (status === GONE && /console/i.test(said)) {
    return;
  }
  throw error;
}
