import { z } from 'zod';
import { type ListFilter, matches, type WaitOptions } from '../cinder/volumes.ts';
import { typed } from '../commands/commands.ts';
import type { Limits } from '../config/access.ts';
import { eventually } from '../eventually.ts';
import { CouldNotCheck } from '../failure.ts';
import { compare } from '../http/microversion.ts';
import type { OpenstackApi, Watch } from '../http/openstack-api.ts';
import { urlPath } from '../http/url-path.ts';
import { servicesDown } from '../openstack-services.ts';
import { type Told, told as toldSchema } from '../told.ts';
import type { GiB } from '../units.ts';
import type { NovaCloud } from './cloud.ts';
import { untilMoving } from './moving.ts';
import type { NovaServerActions } from './server-actions.ts';

const serverSchema = z
  .object({
    id: z.string(),
    /** Of a cell that does not answer Nova lists servers without it, as UNKNOWN (openstack/nova doc, "Handling Down Cells"). */
    name: z.string().default(''),
    status: z.string(),
    metadata: z.record(z.string(), z.string()).default({}),
    fault: z.object({ message: z.string(), code: z.number().optional(), details: z.string().optional() }).nullish(),
    image: z.union([z.literal(''), z.object({ id: z.string() })]).nullish(),
    user_id: z.string().nullish(),
    created: z.string().nullish(),
    'OS-EXT-STS:task_state': z.string().nullish(),
    'OS-EXT-STS:vm_state': z.string().nullish(),
    'OS-EXT-SRV-ATTR:host': z.string().nullish(),
    'OS-EXT-SRV-ATTR:hypervisor_hostname': z.string().nullish(),
    'OS-EXT-SRV-ATTR:instance_name': z.string().nullish(),
    'os-extended-volumes:volumes_attached': z
      .array(z.object({ id: z.string(), delete_on_termination: z.boolean().optional() }))
      .default([]),
  })
  .transform((s) => ({
    id: s.id,
    name: s.name,
    status: s.status,
    metadata: s.metadata,
    fault: s.fault?.message,
    /** Absent for a server that boots from a volume. */
    imageId: typeof s.image === 'object' && s.image !== null ? s.image.id : undefined,
    taskState: s['OS-EXT-STS:task_state'] ?? undefined,
    vmState: s['OS-EXT-STS:vm_state'] ?? undefined,
    /** The compute service's host; administrators only. */
    host: s['OS-EXT-SRV-ATTR:host'] ?? undefined,
    hypervisor: s['OS-EXT-SRV-ATTR:hypervisor_hostname'] ?? undefined,
    instanceName: s['OS-EXT-SRV-ATTR:instance_name'] ?? undefined,
    volumes: s['os-extended-volumes:volumes_attached'].map((v) => ({
      id: v.id,
      deleteOnTermination: v.delete_on_termination,
    })),
    userId: s.user_id ?? undefined,
    createdAt: s.created ?? undefined,
  }));
const serverReply = z.object({ server: serverSchema });
export type Server = z.output<typeof serverSchema>;

export interface NewServer {
  readonly name: string;
  readonly flavorId: string;
  /** Boots from a new volume that Cinder makes of this snapshot. */
  readonly snapshotId?: string;
  /** Boots from this volume. */
  readonly volumeId?: string;
  readonly deleteOnTermination?: boolean;
  /** Of the new volume; the snapshot's size when absent. */
  readonly volumeSize?: GiB;
  /** `none`, `auto` or a network's id. */
  readonly nic: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Puts the server into that zone; without it Nova chooses one. */
  readonly zone?: string | undefined;
  /** Pins the server to a compute host; administrators only. */
  readonly host?: string | undefined;
}

/** From here on a host can be named in the request; before, in the availability zone. */
const HOST_FIELD_SINCE = '2.74';

/** A guest that has just been started may have no console for a moment. */
const MOST_WITHOUT_CONSOLE_MS = 10_000;

interface Parts {
  readonly api: OpenstackApi;
  readonly watch: Watch;
  readonly limits: Pick<Limits, 'serverMs'>;
  readonly actions: NovaServerActions;
  readonly cloud: Pick<NovaCloud, 'services'>;
}

/** Nova's servers. */
export class NovaServers {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks for a server, once, and returns its id: when the reply is lost, it is looked up by its name and metadata. */
  async create(wanted: NewServer): Promise<string> {
    const { api } = this.#parts;
    const body = { server: requestFor(wanted, api.microversion) };
    const made = z.object({ server: z.object({ id: z.string() }) }).transform(({ server }) => server);
    const find = async () => (await this.list({ name: wanted.name, metadata: wanted.metadata })).at(0);
    return (await api.create<{ id: string }>(made, { path: '/servers', body }, find)).id;
  }

  /** Throws HttpFailure 404 when there is no such server. */
  async show(id: string): Promise<Server> {
    return this.#heard((await this.#parts.api.json(serverReply, { method: 'GET', path: urlPath`/servers/${id}` })).server);
  }

  /** undefined when there is no such server. One that is deleted is shown as DELETED until Nova has removed its row. */
  async find(id: string): Promise<Server | undefined> {
    const server = (await this.#parts.api.find(serverReply, urlPath`/servers/${id}`))?.server;
    return server === undefined || server.status === 'DELETED' ? undefined : this.#heard(server);
  }

  /** All that Nova tells of it, as it stands. undefined when there is none, or only the row of one that is deleted. */
  async told(id: string): Promise<Told | undefined> {
    const server = (await this.#parts.api.find(z.object({ server: toldSchema }), urlPath`/servers/${id}`))?.server;
    return server?.['status'] === 'DELETED' ? undefined : server;
  }

  /** The same for the rows of its list that bear a name. */
  async toldInList(name: string): Promise<Told[]> {
    const rows = await this.#parts.api.list('servers', toldSchema, '/servers/detail', { name: exactly(name) });
    return rows.filter((row) => row['name'] === name);
  }

  async list(filter: ListFilter = {}): Promise<Server[]> {
    const query = {
      name: filter.name === undefined ? undefined : exactly(filter.name),
      all_tenants: filter.allTenants ? '1' : undefined,
    };
    const found = await this.#parts.api.list('servers', serverSchema, '/servers/detail', query);
    return found.filter((server) => matches(server, filter));
  }

  /** False when it was gone already. Does not wait. */
  delete(id: string): Promise<boolean> {
    return this.#parts.api.delete(urlPath`/servers/${id}`);
  }

  /** Adds to the server's metadata. */
  async addMetadata(id: string, metadata: Readonly<Record<string, string>>): Promise<void> {
    await this.#parts.api.ask({ method: 'POST', path: urlPath`/servers/${id}/metadata`, body: { metadata }, isSafe: true });
  }

  untilActive(id: string, options: WaitOptions = {}): Promise<Server> {
    return this.untilStatus(id, 'ACTIVE', options);
  }

  /** Waits for `ACTIVE`, `SHUTOFF` …; ERROR ends the wait with Nova's fault. */
  async untilStatus(id: string, status: string, options: WaitOptions = {}): Promise<Server> {
    const found = await eventually<Server>({
      ...this.#waiting(options),
      what: `server ${id} to be ${status}`,
      read: () => this.show(id),
      describe: (server) => told(server, options),
      until: (server) => server.status === status && server.taskState === undefined,
      unless: (server) => (server.status === 'ERROR' ? (server.fault ?? 'it is in state ERROR') : undefined),
      advice: (server) => this.#advice(id, server),
    });
    await this.#parts.watch.onDone?.(id);
    return found;
  }

  /** Waits until Nova does not know the server any more. */
  async untilGone(id: string, options: WaitOptions = {}): Promise<void> {
    let deleting = false;
    await eventually<Server | undefined>({
      ...this.#waiting(options),
      what: `server ${id} to be gone`,
      read: () => this.find(id),
      describe: (server) => (server === undefined ? 'gone' : told(server, options)),
      until: (server) => server === undefined,
      unless: (server) => {
        deleting ||= server?.taskState === 'deleting';
        const stuck = deleting && server?.status === 'ERROR' && server.taskState === undefined;
        return stuck ? `Nova gave up: ${server.fault ?? 'it is in state ERROR'}` : undefined;
      },
      advice: (server) => this.#advice(id, server),
    });
  }

  /** Waits until Nova, which was asked to move a server to a host, begins. Throws what `untilMoving` does. */
  untilMoving(id: string, host: string): Promise<void> {
    return untilMoving({ actions: this.#parts.actions, find: (of) => this.find(of) }, { ...this.#waiting({}), id, host });
  }

  /**
   * Waits until the text is on the server's serial console, or what `shows` looks for. Returns all of the console. Throws CouldNotCheck when the
   * server gets no console at all, or the cloud does not show it.
   */
  untilConsole(
    id: string,
    text: string,
    { shows = (output) => output.includes(text), ...options }: WaitOptions & { shows?: (output: string) => boolean } = {},
  ): Promise<string> {
    const waiting = this.#waiting(options);
    const mostWithout = Math.min(MOST_WITHOUT_CONSOLE_MS, waiting.withinMs / 2);
    const started = performance.now();
    return eventually<string>({
      ...waiting,
      what: `"${text}" on the console of server ${id}`,
      read: async () => {
        const output = await this.#parts.actions.consoleOutput(id);
        if (output === undefined && performance.now() - started > mostWithout) {
          const advice = 'Give guests a console log: of libvirt, a serial console that is not handed to nova-serialproxy alone.';
          throw new CouldNotCheck('servers of this cloud have no console', { server: id }, advice);
        }
        return output ?? '';
      },
      describe: (output) => `${output.split('\n').length} lines`,
      until: shows,
      advice: async (output) => {
        const server = await this.find(id).catch(() => undefined);
        const end = (output ?? '').trimEnd().split('\n').slice(-3).join(' | ') || '(nothing)';
        const down = await this.#servicesDown();
        return `${down}The server is ${server?.status ?? 'gone'}; its console ends with: ${end}`;
      },
    });
  }

  #heard(server: Server): Server {
    this.#parts.api.hearOf(server.volumes.map(({ id }) => id));
    return server;
  }

  async #advice(id: string, server: Server | undefined): Promise<string> {
    const logs = server?.host === undefined ? "nova-compute's and nova-scheduler's logs" : `nova-compute's log on ${server.host}`;
    return `${await this.#servicesDown()}Look into ${logs}: ${typed`grep ${id}`}`;
  }

  #servicesDown(): Promise<string> {
    return servicesDown(() => this.#parts.cloud.services());
  }

  #waiting({ withinMs }: WaitOptions) {
    const { limits, watch } = this.#parts;
    return { withinMs: withinMs ?? limits.serverMs, signal: watch.signal, record: watch.recordWait };
  }
}

function requestFor(wanted: NewServer, microversion: string | undefined): Record<string, unknown> {
  const { name, flavorId, nic, metadata, host, zone } = wanted;
  const canName = compare(microversion?.split(' ')[1] ?? '2.1', HOST_FIELD_SINCE) >= 0;
  const pinned = canName ? { host } : { availability_zone: `:${host}` };
  return {
    name,
    flavorRef: flavorId,
    imageRef: '',
    block_device_mapping_v2: [rootDisk(wanted)],
    networks: nic === 'none' || nic === 'auto' ? nic : [{ uuid: nic }],
    metadata,
    ...(zone === undefined ? {} : { availability_zone: zone }),
    ...(host === undefined ? {} : pinned),
  };
}

/** What novaclient makes of `nova boot --snapshot` (openstack/python-novaclient novaclient/v2/shell.py, _boot). */
function rootDisk({ snapshotId, volumeId, volumeSize, deleteOnTermination = false }: NewServer): Record<string, unknown> {
  return {
    uuid: snapshotId ?? volumeId,
    source_type: snapshotId === undefined ? 'volume' : 'snapshot',
    destination_type: 'volume',
    boot_index: 0,
    delete_on_termination: deleteOnTermination,
    ...(volumeSize === undefined ? {} : { volume_size: volumeSize }),
  };
}

/** Nova takes a name for a regular expression (openstack/nova doc, GET /servers). */
const exactly = (name: string) => `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;

function told({ status, taskState }: Server, { onPoll }: WaitOptions): string {
  const state = taskState === undefined ? status : `${status} (${taskState})`;
  onPoll?.(state);
  return state;
}
