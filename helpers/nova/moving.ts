import { typed } from '../commands/commands.ts';
import { eventually, type Waiting } from '../eventually.ts';
import { CouldNotCheck, Failure } from '../failure.ts';
import { HttpFailure } from '../http/http-failure.ts';
import type { NovaServerActions } from './server-actions.ts';

/** Nova's own checks found that a server cannot be on a host: by its processor, what it needs, or whom the host is reserved for. */
export class Unfit extends Failure {
  override name = 'Unfit';
  readonly host: string;

  constructor(id: string, host: string, reason: string | undefined) {
    super(`Nova finds ${host} unfit for server ${id}`, { reason }, typed`Its reason is in nova-conductor's log: grep ${id}`);
    this.host = host;
  }
}

/** Nova was asked to move a server, which stays where it is, and does not show this user why. */
class MoveUnseen extends CouldNotCheck {
  override name = 'MoveUnseen';

  constructor(id: string, cause: Failure) {
    const advice = "Let this user do os_compute_api:os-instance-actions:show (Nova's policy.yaml), or run with an administrator.";
    super(`Nova does not show whether server ${id} could be moved at all`, { asked: cause.what }, advice, { cause });
  }
}

/** How the events of an action end that tell of a move, and the one that goes on while it is looked whether the server can move. */
const MOVING = '_live_migration';
const ASKED = 'conductor_live_migrate_instance';

/**
 * What is wrong with a host that was asked whether it can have a server, and what says nothing about the server. No volume is connected before
 * the move begins: what is wrong with those ends the move itself.
 * source: openstack/nova nova/exception.py, HypervisorUnavailable and ComputeServiceUnavailable; nova/conductor/tasks/live_migrate.py,
 * _call_livem_checks_on_host; nova/compute/manager.py, check_can_live_migrate_source (refresh_conn_info=False)
 */
const BROKEN =
  /Connection to the hypervisor is broken|HypervisorUnavailable|Timeout while checking if we can live migrate|MessagingTimeout|Compute service of \S+ is unavailable/;

type Asked = Pick<Waiting<unknown>, 'withinMs' | 'signal' | 'record'> & { readonly id: string; readonly host: string };
interface Moved {
  readonly status: string;
  readonly taskState: string | undefined;
  readonly host: string | undefined;
  /** Why it is in state ERROR. */
  readonly fault: string | undefined;
}

interface Seen {
  readonly actions: Pick<NovaServerActions, 'actionsCalled'>;
  readonly find: (id: string) => Promise<Moved | undefined>;
}

/**
 * Waits until Nova, which was asked to move a server, has looked whether it can, and begins. Throws Unfit where its own checks say no: nothing of
 * the server was touched then; another Failure where the host did not answer those checks, or where they ended as Nova itself does not expect
 * and it gave the server up. Where Nova does not show this user what is done to servers, the server itself says what became of it: MoveUnseen when
 * it has not moved. Where Nova knows of no such thing, nothing is waited for.
 * source: openstack/nova nova/conductor/manager.py, live_migrate_instance and _live_migrate (what is expected leaves the server ACTIVE), and
 * nova/compute/manager.py, whose steps are events of the action
 */
export async function untilMoving({ actions, find }: Seen, asked: Asked): Promise<void> {
  const { id, host, ...waiting } = asked;
  await eventually({
    ...waiting,
    what: `Nova to say whether server ${id} can move to ${host}`,
    read: async () => {
      const seen = await actions.actionsCalled(id, 'live-migration').catch(unseen);
      if (seen instanceof Failure) {
        return hasMoved(asked, await find(id), seen);
      }
      const [newest] = seen;
      const events = newest?.events ?? [{ event: MOVING, result: undefined }];
      const hasBegun = events.some(({ event, result }) => event.endsWith(MOVING) || (event === ASKED && result === 'Success'));
      if (!hasBegun && events.some(({ result }) => result === 'Error')) {
        const reasons = newest?.events.flatMap(({ result, details }) => (result === 'Error' && details ? [details] : []));
        throw refusal(asked, reasons ?? [], await find(id));
      }
      return hasBegun;
    },
    describe: (hasBegun) => (hasBegun ? 'it begins' : 'it looks'),
    until: (hasBegun) => hasBegun,
    advice: typed`Look into nova-conductor's log: grep ${id}`,
  });
}

/** Before 2.84 Nova tells no reasons, and later only who may see them. */
function refusal({ id, host }: Asked, reasons: readonly string[], server: Awaited<ReturnType<Seen['find']>>): Failure {
  const [reason] = reasons;
  const broken = reasons.find((one) => BROKEN.test(one));
  if (server?.status === 'ERROR' || broken !== undefined) {
    const why = broken ?? reason ?? server?.fault;
    const what = `Nova could not look whether server ${id} can be on ${host}`;
    return new Failure(what, { why }, typed`Look into nova-compute's log on ${host}, and nova-conductor's: grep ${id}`);
  }
  return new Unfit(id, host, reason);
}

const GONE = 404;

function unseen(error: unknown): Failure {
  if (error instanceof CouldNotCheck || (error instanceof HttpFailure && (error.leavesOpen || error.status === GONE))) {
    return error;
  }
  throw error;
}

/** A server that is to move has a task from the request on until that has ended (openstack/nova nova/compute/api.py, live_migrate). */
function hasMoved({ id, host }: Asked, server: Moved | undefined, seen: Failure): boolean {
  if (server?.taskState === undefined && server?.host !== host) {
    throw new MoveUnseen(id, seen);
  }
  return server?.host === host;
}
