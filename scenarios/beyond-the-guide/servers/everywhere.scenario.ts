import { createBootableVolume } from '../../../fixtures/devices/server-boot.ts';
import { type KnownVolume, known, STAMPED, stampOn } from '../../../fixtures/devices/stamped-volume.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { NotApplicable, type Witness } from '../../../fixtures/scenario/witness.ts';
import type { World } from '../../../fixtures/scenario/world.ts';
import { CouldNotCheck, Failure } from '../../../helpers/failure.ts';
import { gib } from '../../../helpers/units.ts';
import { type ComputeHost, computeHosts } from '../../vocabulary/compute-hosts.ts';
import { inTurns } from '../../vocabulary/in-turns.ts';
import { AT_ONCE, everywhereRunbook } from './everywhere.runbook.ts';
import { type Visit, type VisitClaim, Visitor } from './hypervisor-visit.ts';

scenario(everywhereRunbook, async (world) => {
  const { check, step } = world;
  const fleet = await step('hosts', () => computeHosts(world));
  const visits = fleet instanceof CouldNotCheck ? [] : await visitAll(world, fleet);

  const claims = { boots: 'everywhere.boots', second: 'everywhere.second-volume', writes: 'everywhere.guest-writes' } as const;
  for (const [claim, id] of Object.entries(claims) as [VisitClaim, (typeof claims)[VisitClaim]][]) {
    await check(id, (see) => {
      if (fleet instanceof CouldNotCheck) {
        throw fleet;
      }
      tell(see, claim, fleet, visits);
    });
  }

  await check('everywhere.by-hand', async (see) => {
    const { hosts } = world;
    if (hosts.length < 2) {
      throw new NotApplicable(`no host but ${world.here.name} can be reached from here: --hosts lists more`);
    }
    await step('ring', () => goRound(see, world));
  });
});

type Everywhere = World<
  keyof typeof everywhereRunbook.makes,
  keyof typeof everywhereRunbook.steps,
  keyof typeof everywhereRunbook.checks
>;

/** Goes to all hypervisors that take servers, with one snapshot for all of them. */
async function visitAll(world: Everywhere, fleet: readonly ComputeHost[]): Promise<Visit[]> {
  const { step, part, names, make, cinder, progress } = world;
  const takers = fleet.filter(({ absent }) => absent === undefined);
  if (takers.length === 0) {
    return [];
  }
  const image = await step('image', () => world.image(names.image));
  const base = await step('base', () => createBootableVolume(world, names.base, image.id));
  const snapshot = await step('snapshot', async () => {
    const { id } = await make.snapshot({ name: names.snapshot, volumeId: base.id });
    return cinder.snapshots.untilAvailable(id);
  });
  const visitor = new Visitor({ world, snapshotId: snapshot.id, size: base.size, isEncrypted: base.encrypted });
  const told = (done: number) =>
    progress('visit', `${done} of ${takers.length} hypervisors`, Math.round((100 * done) / takers.length));
  const go = async (taker: ComputeHost, n: number) => {
    const seen = await visitor.visit(taker, n + 1);
    // Others were under way meanwhile.
    await part('visit', `until ${taker.name} was done`);
    return seen;
  };
  return step('visit', () => inTurns(takers, AT_ONCE, go, told));
}

/** What was seen on all hypervisors, those included on which nothing could be. */
function tell(see: Witness, claim: VisitClaim, fleet: readonly ComputeHost[], visits: readonly Visit[]): void {
  for (const { name, absent } of fleet) {
    if (absent !== undefined) {
      see.leaveOut(name, absent);
    }
  }
  for (const { hypervisor, seen, unknown, leftOut } of visits) {
    if (leftOut !== undefined) {
      see.leaveOut(hypervisor, leftOut);
    } else if (seen[claim].assertions === 0 && unknown[claim] === undefined) {
      see.leaveOut(hypervisor, 'its server did not get so far');
    } else {
      see.take(seen[claim]);
    }
  }
  const open = visits.flatMap(({ unknown }) => unknown[claim] ?? []);
  const unknown = open.find((one) => one instanceof CouldNotCheck) ?? (see.assertions === 0 ? open[0] : undefined);
  if (see.wrong === undefined && unknown !== undefined) {
    throw unknown;
  }
  if (see.assertions === 0) {
    const why = see.seen.map(({ subject, actual }) => `${subject}: ${actual}`).join('\n');
    const advice = 'See which hypervisors there are, and what they are kept for: openstack hypervisor list';
    throw new CouldNotCheck('this could be looked at on no hypervisor', { why: why || 'Nova shows none' }, advice);
  }
}

/** One volume goes from host to host: each must find what the one before has written, and writes in its place. */
async function goRound(see: Witness, world: World<'ring' | 'hand', 'ring', never>): Promise<void> {
  const { names, make, cinder, hands, hosts, signal, progress } = world;
  const { id } = await make.volume({ name: names.ring, size: gib(1) });
  const volume = await cinder.volumes.untilAvailable(id);
  if (volume.encrypted) {
    throw new NotApplicable(`volumes of type ${volume.volumeType} are encrypted: what is written by hand is not what Nova reads`);
  }
  let carried: KnownVolume | undefined = known(world, volume);
  let before = 'nobody';
  let unknown: Failure | undefined;
  for (const [n, host] of hosts.entries()) {
    if (carried === undefined) {
      see.leaveOut(host.name, `what ${before} has written is not known`);
      continue;
    }
    const held: { readonly name: string; readonly volume: string } = { name: `${names.hand}-${n + 1}`, volume: carried.name };
    const expected: KnownVolume = carried;
    try {
      carried = await hands.holding(host, held, async (device) => {
        const damage = await expected.content.damageOn(device, signal);
        see.that(
          `${host.name}: what it reads of the volume`,
          damage === '',
          damage || 'as written',
          `what ${before} has written`,
        );
        // From here on nobody knows what is on it, until this has come to its end.
        carried = undefined;
        return stampOn(world, device, expected, STAMPED);
      });
      before = host.name;
    } catch (error) {
      if (!(error instanceof Failure)) {
        throw error;
      }
      if (error instanceof CouldNotCheck || error.leavesOpen) {
        unknown ??= error;
      } else {
        see.that(`${host.name}: the volume attached by hand`, false, error.happened, 'attached, read, written and given back');
      }
      before = carried === undefined ? host.name : before;
    }
    progress('ring', `${n + 1} of ${hosts.length} hosts`, Math.round((100 * (n + 1)) / hosts.length));
  }
  if (unknown !== undefined) {
    throw unknown;
  }
}
