import { hostNamed } from '../../../fixtures/devices/host-named.ts';
import { bootServer, createBootableVolume, untilGuestWrote } from '../../../fixtures/devices/server-boot.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { NotApplicable } from '../../../fixtures/scenario/witness.ts';
import type { World } from '../../../fixtures/scenario/world.ts';
import { refusalOf } from '../../../helpers/commands/client-failure.ts';
import { typed } from '../../../helpers/commands/commands.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { CouldNotCheck, Failure } from '../../../helpers/failure.ts';
import { Unfit } from '../../../helpers/nova/moving.ts';
import { seeAttachedOnce } from '../../vocabulary/attachment-agreement.ts';
import { type ComputeHost, computeHosts, forbidden } from '../../vocabulary/compute-hosts.ts';
import { contentAfterGuest, seeOnHypervisor, seeRebooted } from '../../vocabulary/on-hypervisor.ts';
import { migrationRunbook } from './migration.runbook.ts';

const ENDED_BADLY = new Set(['error', 'failed', 'cancelled']);

scenario(migrationRunbook, async (world) => {
  const { check, step, names, make, nova, storpool, disk, limits, recorder, signal } = world;
  const fleet = await step('hosts', () => computeHosts(world));
  const stays = fleet instanceof CouldNotCheck ? fleet : staysOf(fleet, world.hosts);
  if (stays !== undefined || fleet instanceof CouldNotCheck) {
    for (const id of ['migration.moved', 'migration.attachment', 'migration.guest'] as const) {
      await check(id, () => {
        throw stays;
      });
    }
    return;
  }
  const image = await step('image', () => world.image(names.image));
  const root = await step('root', () => createBootableVolume(world, names.root, image.id));
  const server = await step('boot', () => bootServer(world, names.server, { volumeId: root.id }));
  // The console of another hypervisor may begin anew. Where consoles are not shown nobody can tell, which is of the guest alone.
  const first = await step('guest', () => untilGuestWrote(world, server.id).catch(asUnseen));
  const { to, refused } = await step('migrate', () =>
    sent(refuges(fleet, world.hosts, server.host), (host) => make.alter.migrateServer(server.id, host)),
  );
  const mustBeOffered = () => {
    if (refused !== undefined) {
      throw refused;
    }
  };

  await check('migration.moved', async (see) => {
    mustBeOffered();
    const moved = await step('wait', () =>
      eventually({
        what: `server ${server.id} to run on ${to}`,
        read: async () => ({
          server: await nova.servers.show(server.id),
          migration: (await nova.actions.migrations(server.id).catch(() => []))[0],
        }),
        describe: (seen) => `${seen.server.status} on ${seen.server.host}, migration ${seen.migration?.status ?? 'not shown'}`,
        until: (seen) => seen.server.status === 'ACTIVE' && seen.server.taskState === undefined && seen.server.host === to,
        unless: ({ migration: last }) =>
          ENDED_BADLY.has(last?.status ?? '') ? `its migration ended with ${last?.status}` : undefined,
        withinMs: limits.serverMs,
        signal,
        advice: typed`Look into nova-compute's log on ${server.host} and ${to}: grep ${server.id}`,
        record: recorder.wait,
      }),
    );
    see.equal('host in Nova, once the server is active', moved.server.host, to);
  });

  await check('migration.attachment', async (see) => {
    mustBeOffered();
    const now = await nova.servers.show(server.id);
    see.equal('host in Nova', now.host, to);
    await step('look', () => seeAttachedOnce(see, world, root.id, now));
  });

  await check('migration.guest', async (see) => {
    mustBeOffered();
    if (first instanceof CouldNotCheck) {
      throw first;
    }
    const contentAfter = contentAfterGuest(await disk(), root);
    const name = storpool.volumeName(root.id);
    const moved = await nova.servers.show(server.id);
    await seeOnHypervisor(see, world, moved, 'where it was moved', { name, content: contentAfter(first) });
    await seeRebooted(see, world, server.id, { name, first, contentAfter });
  });
});

type Layers = Pick<World<never, never, never>, 'hosts'>;

const [FORBIDDEN, SERVER_ERROR, UNWRITTEN] = [403, 500, 501];

const notMoved = (why: string) => new NotApplicable(`this cloud does not move running servers: ${why}`);

/** Why no server can move here; undefined where one may be able to. */
function staysOf(fleet: readonly ComputeHost[], hosts: Layers['hosts']): NotApplicable | undefined {
  if (fleet.some(({ host }) => refuges(fleet, hosts, host).length > 0)) {
    return;
  }
  const known = fleet.map(({ host, type, architecture, zone, up, enabled }) =>
    [host, type, architecture, zone, up && enabled ? 'up' : 'out of service'].filter((word) => word !== undefined).join(' '),
  );
  const why = 'no two of its hypervisors are of one kind, in one zone, up and enabled';
  return notMoved(`${why}: ${known.join(', ') || 'Nova shows none'}`);
}

/** Compute hosts that could take a server of `from`: of its kind and in its zone; those that are known here before others. */
function refuges(fleet: readonly ComputeHost[], hosts: Layers['hosts'], from: string | undefined): string[] {
  const own = fleet.find(({ host }) => host === from);
  const isLike = ({ type, zone, architecture }: ComputeHost) =>
    type === own?.type && zone === own?.zone && architecture === own?.architecture;
  const fit = fleet.flatMap((one) =>
    one.up && one.enabled && one.host !== undefined && one.host !== from && isLike(one) ? [one.host] : [],
  );
  const isKnown = (host: string) => hostNamed(hosts, host) !== undefined;
  return [...fit.filter(isKnown), ...fit.filter((host) => !isKnown(host))];
}

/** How many are tried of those that Nova may find unfit. */
const MOST_TRIED = 4;

interface Sent {
  /** Where it was sent. */
  readonly to?: string;
  /** Why it was sent nowhere. */
  readonly refused?: NotApplicable | Failure | undefined;
}

/** Has a server moved to the first of these hosts that Nova does not find unfit for it. */
async function sent(hosts: readonly string[], migrate: (host: string) => Promise<void>): Promise<Sent> {
  const unfit: Unfit[] = [];
  for (const to of hosts.slice(0, MOST_TRIED)) {
    try {
      const refused = await refusalToMigrate(() => migrate(to));
      return refused === undefined ? { to } : { refused };
    } catch (error) {
      if (!(error instanceof Unfit)) {
        return { refused: asFailure(error) };
      }
      unfit.push(error);
    }
  }
  const reason = unfit.find(({ details }) => details['reason'] !== undefined)?.details['reason'];
  const why =
    unfit.length === 0
      ? 'no other hypervisor of its kind is up and enabled in the zone of the one that has it'
      : `Nova finds ${unfit.map(({ host }) => host).join(', ')} unfit for one of its servers (${reason ?? "its reason is in nova-conductor's log"})`;
  return { refused: notMoved(why) };
}

function asUnseen(error: unknown): CouldNotCheck {
  if (error instanceof CouldNotCheck) {
    return error;
  }
  throw error;
}

/** What is wrong with where it should go is told by the checks of the move. */
function asFailure(error: unknown): Failure {
  if (error instanceof Failure) {
    return error;
  }
  throw error;
}

/** Why the cloud does not move servers at all, or not for this user, in its own words; undefined when it has begun to. */
async function refusalToMigrate(migrate: () => Promise<void>): Promise<NotApplicable | CouldNotCheck | undefined> {
  try {
    await migrate();
    return;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined || (refusal.status >= SERVER_ERROR && refusal.status !== UNWRITTEN)) {
      throw error;
    }
    const { status, said } = refusal;
    return status === FORBIDDEN ? forbidden('move servers', said) : notMoved(`${status} ${said}`);
  }
}
