import { hostNamed } from '../../fixtures/devices/host-named.ts';
import { hostsWithDevice } from '../../fixtures/devices/hosts-with-device.ts';
import type { Witness } from '../../fixtures/scenario/witness.ts';
import type { World } from '../../fixtures/scenario/world.ts';
import type { Cinder } from '../../helpers/cinder/cinder.ts';
import type { Volume } from '../../helpers/cinder/volumes.ts';
import { typed } from '../../helpers/commands/commands.ts';
import { eventually } from '../../helpers/eventually.ts';
import type { Server } from '../../helpers/nova/servers.ts';

type Layers = Pick<World<never, never, never>, 'cinder' | 'nova' | 'storpool' | 'hosts' | 'limits' | 'signal'>;

/** Nova, Cinder and StorPool must tell that a volume is attached once, read/write, to this server, on the client of its hypervisor. */
export async function seeAttachedOnce(
  see: Witness,
  layers: Layers,
  volumeId: string,
  server: Pick<Server, 'id' | 'host' | 'name'>,
): Promise<void> {
  const { cinder, nova, storpool, hosts } = layers;
  const [onStorpool, inCinder, inNova] = await Promise.all([
    storpool.attachments.of(storpool.volumeName(volumeId)),
    cinder.attachments.list({ volumeId }),
    nova.actions.volumeAttachments(server.id),
  ]);
  see.equal(
    `${server.name}: attachments on StorPool`,
    onStorpool.map(({ rights }) => rights),
    ['rw'],
  );
  see.equal(
    `${server.name}: servers that have it in Cinder`,
    inCinder.map(({ serverId, status }) => `${status} to ${serverId}`),
    [`attached to ${server.id}`],
  );
  see.equal(`${server.name}: times the server has it in Nova`, inNova.filter((one) => one.volumeId === volumeId).length, 1);
  const hypervisor = hostNamed(hosts, server.host);
  if (hypervisor === undefined) {
    await seeRunningClient(see, storpool, onStorpool[0]?.client, server.host, `${server.name}: `);
  } else {
    see.equal(`${server.name}: client id of its hypervisor`, onStorpool[0]?.client, hypervisor.client);
    const expected = [hypervisor.name];
    const holding = await hostsWithDevice(layers, storpool.volumeName(volumeId), expected);
    see.equal(`${server.name}: hosts with a device of it`, holding, expected);
  }
}

/**
 * Nova, Cinder and StorPool must tell that a volume that several servers may have is attached to just these, read/write: on StorPool once a
 * hypervisor, however many of them run there.
 */
export async function seeAttachedToAll(
  see: Witness,
  layers: Layers,
  volumeId: string,
  servers: readonly Pick<Server, 'id' | 'host' | 'name'>[],
): Promise<void> {
  const { cinder, nova, storpool, hosts } = layers;
  const name = storpool.volumeName(volumeId);
  const [onStorpool, inCinder, ...inNova] = await Promise.all([
    storpool.attachments.of(name),
    cinder.attachments.list({ volumeId }),
    ...servers.map(({ id }) => nova.actions.volumeAttachments(id)),
  ]);
  see.equal('rights on StorPool', [...new Set(onStorpool.map(({ rights }) => rights))], ['rw']);
  see.equal(
    'servers that have it in Cinder',
    inCinder.map(({ serverId, status }) => `${status} to ${serverId}`).toSorted(),
    servers.map(({ id }) => `attached to ${id}`).toSorted(),
  );
  const times = inNova.map((attached) => attached.filter((one) => one.volumeId === volumeId).length);
  see.equal(
    'times that these servers have it in Nova',
    times,
    servers.map(() => 1),
  );
  const known = hosts.filter((host) => servers.some((server) => hostNamed([host], server.host) !== undefined));
  const unknown = servers.filter((server) => hostNamed(hosts, server.host) === undefined);
  for (const { host } of unknown) {
    see.note('hypervisor', `${host ?? 'not shown'}: its client id is not known here, give --hosts`);
  }
  const clients = onStorpool.map(({ client }) => client).toSorted((a, b) => a - b);
  const expected = known.map(({ client }) => client).toSorted((a, b) => a - b);
  const hasAll = expected.every((client) => clients.includes(client));
  const most = expected.length + unknown.length;
  see.that(
    'clients that have it on StorPool',
    hasAll && clients.length <= most && (expected.length > 0 || clients.length > 0),
    clients,
    `${expected.join(', ') || 'some'}${unknown.length === 0 ? '' : `, and those of ${unknown.length} servers whose hypervisors are not known here`}`,
  );
  const names = known.map((host) => host.name);
  see.equal('hosts with a device of it', await hostsWithDevice(layers, name, names), names);
}

/** Where nobody knows the hypervisor's client id, the client must at least be one that runs: the silent fallback to 65 does not. */
export async function seeRunningClient(
  see: Witness,
  storpool: Layers['storpool'],
  client: number | undefined,
  host: string | undefined,
  whose = '',
): Promise<void> {
  see.note('hypervisor', `${host ?? 'not shown'}: its client id is not known here, give --hosts`);
  const running = Object.values((await storpool.cluster.services()).clients).filter(({ status }) => status === 'running');
  see.that(
    `${whose}client that has it`,
    running.some(({ id }) => id === client),
    client,
    `a running StorPool client: ${running.map(({ id }) => id).join(', ')}`,
    'client that has it',
  );
}

/** Nothing has the volume any more. */
export async function seeAttachedNowhere(
  see: Witness,
  layers: Layers,
  volumeId: string,
  serverIds: readonly string[],
): Promise<void> {
  const { cinder, nova, storpool } = layers;
  const [volume, onStorpool, inCinder, ...inNova] = await Promise.all([
    cinder.volumes.show(volumeId),
    storpool.attachments.of(storpool.volumeName(volumeId)),
    cinder.attachments.list({ volumeId }),
    ...serverIds.map((id) => nova.actions.volumeAttachments(id)),
  ]);
  see.equal('Cinder status', volume.status, 'available');
  see.equal(
    'clients that have it on StorPool',
    onStorpool.map(({ client }) => client),
    [],
  );
  see.equal(
    'attachments in Cinder',
    inCinder.map(({ status }) => status),
    [],
  );
  see.equal('hosts with a device of it', await hostsWithDevice(layers, storpool.volumeName(volumeId), []), []);
  if (serverIds.length > 0) {
    see.equal('servers that have it in Nova', inNova.flat().filter((one) => one.volumeId === volumeId).length, 0);
  }
}

/** Waits until Cinder says that this server has a volume that others may have, too. What Nova gives back ends the wait. */
export async function untilAttachedTo({ cinder, limits, signal }: Layers, volumeId: string, serverId: string): Promise<void> {
  await eventually({
    what: `volume ${volumeId} to be attached to server ${serverId}`,
    read: async () => {
      const [{ status, attachments }, rows] = await Promise.all([
        cinder.volumes.show(volumeId),
        cinder.attachments.list({ volumeId }),
      ]);
      const hasIt = status === 'in-use' && attachments.some((one) => one.serverId === serverId);
      return { status, hasIt, isReserved: rows.some((row) => row.serverId === serverId) };
    },
    describe: ({ status, hasIt }) => `${status}, ${hasIt ? 'by it' : 'not by it'}`,
    until: ({ hasIt }) => hasIt,
    // Nova's API reserves the volume before it answers.
    unless: ({ hasIt, isReserved }) => (hasIt || isReserved ? undefined : 'Nova gave it back: the attach failed'),
    withinMs: limits.serverMs,
    signal,
    advice: typed`Look into nova-compute's log on its hypervisor: grep ${volumeId}`,
  });
}

/** Waits until Cinder says that the volume is in use. A volume that Nova gives back ends the wait. */
export function untilAttached(cinder: Cinder, volumeId: string): Promise<Volume> {
  return cinder.volumes.until(volumeId, {
    what: 'in-use',
    until: ({ status }) => status === 'in-use',
    // Nova's API reserves the volume before it answers, so this is no longer the state from before.
    unless: ({ status }) => (status === 'available' ? 'Nova gave it back: the attach failed' : undefined),
  });
}
