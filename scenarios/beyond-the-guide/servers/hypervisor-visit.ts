import { hostNamed } from '../../../fixtures/devices/host-named.ts';
import { untilGuestWrote } from '../../../fixtures/devices/server-boot.ts';
import { damageOf, type KnownVolume, known, STAMPED, stamp } from '../../../fixtures/devices/stamped-volume.ts';
import { NotApplicable, Witness } from '../../../fixtures/scenario/witness.ts';
import type { World } from '../../../fixtures/scenario/world.ts';
import { CouldNotCheck, Failure } from '../../../helpers/failure.ts';
import { HttpFailure } from '../../../helpers/http/http-failure.ts';
import type { Server } from '../../../helpers/nova/servers.ts';
import { type GiB, gib } from '../../../helpers/units.ts';
import { seeAttachedNowhere, seeAttachedOnce, untilAttached } from '../../vocabulary/attachment-agreement.ts';
import { type ComputeHost, forbidden } from '../../vocabulary/compute-hosts.ts';
import { seeOnHypervisor } from '../../vocabulary/on-hypervisor.ts';

/** What is claimed of each hypervisor. */
export type VisitClaim = 'boots' | 'second' | 'writes';

/** What was seen on one hypervisor. */
export interface Visit {
  readonly hypervisor: string;
  readonly seen: Readonly<Record<VisitClaim, Witness>>;
  /** Why it could not be known, or cannot be claimed of this image or type. */
  readonly unknown: Partial<Record<VisitClaim, CouldNotCheck | NotApplicable>>;
  /** Why Nova puts no server there; nothing was seen then. */
  readonly leftOut?: string;
}

export interface Visiting {
  readonly world: World<'root' | 'server' | 'volume' | 'write' | 'read', never, never>;
  readonly snapshotId: string;
  readonly size: GiB;
  readonly isEncrypted: boolean;
}

/** A hypervisor that Nova puts no server on: it is full, or in a zone or an aggregate that is kept for others. */
class NotTaken extends Error {}

/** Goes to hypervisors, several at a time. */
export class Visitor {
  readonly #visiting: Visiting;
  /** A right that this user lacks on all of them. */
  #lacking: CouldNotCheck | undefined;

  constructor(visiting: Visiting) {
    this.#visiting = visiting;
  }

  /**
   * One server on one hypervisor, from its volume to what its guest wrote. What goes wrong there is said of it by name, and keeps nobody from
   * the next one. All that was made for it is gone afterwards, where it can go.
   */
  async visit({ name: hypervisor, host }: ComputeHost, n: number): Promise<Visit> {
    const seen = { boots: new Witness(), second: new Witness(), writes: new Witness() };
    const unknown: Partial<Record<VisitClaim, CouldNotCheck | NotApplicable>> = {};
    if (this.#lacking !== undefined) {
      return { hypervisor, seen, unknown: { boots: this.#lacking, second: this.#lacking, writes: this.#lacking } };
    }
    const branch = this.#visiting.world.branch();
    const stay = new Stay(
      { ...this.#visiting, world: { ...this.#visiting.world, ...branch } },
      { hypervisor, host: host ?? '', n },
    );
    const looks = {
      boots: () => stay.boot(seen.boots),
      second: () => stay.attachSecond(seen.second),
      writes: () => stay.readElsewhere(seen.writes),
    };
    try {
      for (const [claim, look] of Object.entries(looks) as [VisitClaim, () => Promise<void>][]) {
        const open = await told(seen[claim], `${hypervisor}: ${WHAT[claim]}`, look);
        if (open !== undefined) {
          unknown[claim] = open;
        }
        if (!stay.isRunning) {
          // What layers tell of a server that never ran is no further finding.
          return { hypervisor, seen, unknown };
        }
      }
    } catch (error) {
      if (error instanceof NotTaken) {
        return { hypervisor, seen, unknown, leftOut: error.message };
      }
      throw error;
    } finally {
      this.#lacking ??= stay.lacking;
      await stay.leave();
    }
    await branch.join();
    return { hypervisor, seen, unknown };
  }
}

const WHAT: Readonly<Record<VisitClaim, string>> = {
  boots: 'a server',
  second: 'a second volume',
  writes: 'its root volume elsewhere',
};

/** What a refusal or a deadline says becomes what was seen; what could not be known is returned. */
async function told(
  see: Witness,
  subject: string,
  look: () => Promise<void>,
): Promise<CouldNotCheck | NotApplicable | undefined> {
  try {
    await look();
    return;
  } catch (error) {
    if (error instanceof CouldNotCheck || error instanceof NotApplicable) {
      return error;
    }
    if (!(error instanceof Failure)) {
      throw error;
    }
    if (error instanceof HttpFailure && isOverQuota(error)) {
      const advice = 'Others took what there was room for before the run. Make room, then: npm run acceptance -- --last-failed';
      return new CouldNotCheck(`${subject}: the project’s quota has no room for it`, { said: error.said }, advice);
    }
    if (error.leavesOpen) {
      return new CouldNotCheck(error.what, error.details, error.advice);
    }
    see.that(subject, false, error.happened, 'as claimed');
    return;
  }
}

const [FORBIDDEN, TOO_LARGE] = [403, 413];
/** As Nova and Cinder refuse what goes beyond a quota; it says nothing of the hypervisor that is visited. */
const isOverQuota = ({ status, said = '' }: HttpFailure) => status === TOO_LARGE || (status === FORBIDDEN && /quota/i.test(said));
/** source: openstack/nova nova/exception.py, NoValidHost; after a failed build it is MaxRetriesExceeded, which says otherwise. */
const NOBODY_TAKES_IT = /^No valid host was found/;
/** Where volumes may not leave their zone, `cross_az_attach` of nova.conf (openstack/nova nova/volume/cinder.py, check_availability_zone). */
const OF_ANOTHER_ZONE = /not in the same availability.zone/i;

/** A server's time on a hypervisor. */
class Stay {
  readonly #visiting: Visiting;
  readonly #at: { readonly hypervisor: string; readonly host: string; readonly n: number };
  readonly #volumes = new Set<string>();
  #root: KnownVolume | undefined;
  #serverId: string | undefined;
  #server: Server | undefined;
  /** What this user may not do on any of them. */
  lacking: CouldNotCheck | undefined;

  constructor(visiting: Visiting, at: { readonly hypervisor: string; readonly host: string; readonly n: number }) {
    this.#visiting = visiting;
    this.#at = at;
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  async boot(see: Witness): Promise<void> {
    const { world, snapshotId, size } = this.#visiting;
    const { names, make, cinder } = world;
    const { hypervisor, host, n } = this.#at;
    const volume = await make.volume({ name: `${names.root}-${n}`, snapshotId, size });
    this.#volumes.add(volume.id);
    this.#root = known(world, await cinder.volumes.untilAvailable(volume.id));
    const server = await this.#booted(`${names.server}-${n}`, volume.id);
    this.#server = server;
    if (server.host === undefined) {
      see.leaveOut(hypervisor, 'Nova does not show this user on which host a server runs: whether it is that one');
    } else {
      see.equal(`${hypervisor}: host of its server in Nova`, server.host, host);
    }
    await seeAttachedOnce(see, this.#nearby(), volume.id, this.#onHypervisor(server));
    await this.#seeConsole(see);
  }

  async attachSecond(see: Witness): Promise<void> {
    const { world, isEncrypted } = this.#visiting;
    const { names, make, cinder } = world;
    const { hypervisor, n } = this.#at;
    const server = this.#mustRun();
    const made = await make.volume({ name: `${names.volume}-${n}`, size: gib(1) });
    this.#volumes.add(made.id);
    const empty = known(world, await cinder.volumes.untilAvailable(made.id));
    const second = isEncrypted ? empty : await stamp(world, empty, `${names.write}-${n}`, STAMPED);
    const nearby = this.#nearby();
    const pair = { serverId: server.id, volumeId: made.id };
    await make.alter.attachVolume(pair);
    await untilAttached(cinder, made.id);
    await seeAttachedOnce(see, nearby, made.id, this.#onHypervisor(server));
    if (!isEncrypted) {
      await seeOnHypervisor(see, world, server, 'the second volume', second);
    }
    await make.alter.detachVolume(pair);
    const nowhere = new Witness();
    await seeAttachedNowhere(nowhere, nearby, made.id, [server.id]);
    see.that(
      `${hypervisor}: where the second volume is attached after the detach`,
      nowhere.wrong === undefined,
      nowhere.wrong ?? 'nowhere',
      'nowhere',
    );
    await make.deleteVolume(made.id);
    this.#volumes.delete(made.id);
  }

  async readElsewhere(see: Witness): Promise<void> {
    const { world, isEncrypted } = this.#visiting;
    const { names, make, disk } = world;
    const { hypervisor, n } = this.#at;
    const server = this.#mustRun();
    const { afterGuest } = await disk();
    const line = await untilGuestWrote(world, server.id);
    await make.deleteServer(server.id);
    this.#serverId = undefined;
    const root = this.#root;
    if (root === undefined || afterGuest === undefined || line === undefined || isEncrypted) {
      throw new NotApplicable('only the canary image tells what its guest writes, and not through encryption');
    }
    const damage = await damageOf(world, `${names.read}-${n}`, known(world, root.volume, afterGuest(line)));
    see.that(
      `${hypervisor}: its root volume, read on ${world.here.name}`,
      damage === '',
      damage || 'as its guest left it',
      'as its guest left it',
    );
  }

  /** Takes away what is left; what cannot be is taken away, or told, after the scenario. */
  async leave(): Promise<void> {
    const { make } = this.#visiting.world;
    const gone = async (remove: Promise<void>) => remove.then(() => true).catch(() => false);
    if (this.#serverId === undefined || (await gone(make.deleteServer(this.#serverId)))) {
      await Promise.all([...this.#volumes].map((id) => gone(make.deleteVolume(id))));
    }
  }

  async #booted(name: string, volumeId: string): Promise<Server> {
    const { world } = this.#visiting;
    const { make, nova, flavor, promises } = world;
    const { id: flavorId } = await flavor();
    try {
      const { id } = await make.server({ name, flavorId, nic: promises.nic, volumeId, host: this.#at.host });
      this.#serverId = id;
      return await nova.servers.untilActive(id);
    } catch (error) {
      throw await this.#whyNot(error);
    }
  }

  /** Full or reserved is what a healthy hypervisor may be; what fails once a server is put there is not. */
  async #whyNot(error: unknown): Promise<unknown> {
    const { nova } = this.#visiting.world;
    if (error instanceof HttpFailure && error.status === FORBIDDEN && !isOverQuota(error)) {
      this.lacking = forbidden('say on which hypervisor a server is to run', error.said);
      return this.lacking;
    }
    if (error instanceof HttpFailure && OF_ANOTHER_ZONE.test(error.said ?? '')) {
      return new NotTaken(error.said);
    }
    const fault = this.#serverId === undefined ? undefined : (await nova.servers.find(this.#serverId))?.fault;
    return fault !== undefined && (NOBODY_TAKES_IT.test(fault) || OF_ANOTHER_ZONE.test(fault)) ? new NotTaken(fault) : error;
  }

  async #seeConsole(see: Witness): Promise<void> {
    const { nova, disk } = this.#visiting.world;
    const { hypervisor } = this.#at;
    const { banner } = await disk();
    if (banner === undefined) {
      see.note(`${hypervisor}: console`, "what an operator's own image prints is not known; the canary image prints a nonce");
      return;
    }
    // Gives up by itself when it never comes.
    const text = await nova.servers.untilConsole(this.#mustRun().id, banner);
    see.note(`${hypervisor}: console`, text.trim().slice(-300));
  }

  /** All layers, but of the hosts only those that should have it and could have had it: looking at all of them on each visit grows too fast. */
  #nearby() {
    const { world } = this.#visiting;
    const own = hostNamed(world.hosts, this.#at.host);
    return { ...world, hosts: own === undefined || own === world.here ? [world.here] : [world.here, own] };
  }

  /** Where it was asked for is where its volumes must be, whatever Nova tells of its host. */
  #onHypervisor(server: Server): Server {
    const { hypervisor, host } = this.#at;
    return { ...server, name: hypervisor, host };
  }

  #mustRun(): Server {
    if (this.#server === undefined) {
      throw new Error('no server runs there');
    }
    return this.#server;
  }
}
