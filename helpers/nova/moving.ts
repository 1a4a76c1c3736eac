import { typed } from '../commands/commands.ts';
import { eventually, type Waiting } from '../eventually.ts';
import { Failure } from '../failure.ts';
import type { NovaServerActions } from './server-actions.ts';

/** Nova's own checks found that a server cannot be on a host: by its processor, what it needs, or whom the host is reserved for. */
export class Unfit extends Failure {
  override name = 'Unfit';
  readonly host: string;

  constructor(id: string, host: string) {
    super(`Nova finds ${host} unfit for server ${id}`, {}, typed`Its reason is in nova-conductor's log: grep ${id}`);
    this.host = host;
  }
}

/** How the events of an action end that tell of a move, and the one that goes on while it is looked whether the server can move. */
const MOVING = '_live_migration';
const ASKED = 'conductor_live_migrate_instance';

type Asked = Pick<Waiting<unknown>, 'withinMs' | 'signal' | 'record'> & { readonly id: string; readonly host: string };

/**
 * Waits until Nova, which was asked to move a server, has looked whether it can, and begins. Throws Unfit where its own checks say no: nothing of
 * the server was touched then. Where Nova does not tell this user what is done to servers, or knows of no such thing, nothing is waited for.
 * source: openstack/nova nova/conductor/manager.py, live_migrate_instance, and nova/compute/manager.py, whose steps are events of the action
 */
export async function untilMoving(actions: Pick<NovaServerActions, 'actionsCalled'>, asked: Asked): Promise<void> {
  const { id, host, ...waiting } = asked;
  await eventually({
    ...waiting,
    what: `Nova to say whether server ${id} can move to ${host}`,
    read: async () => {
      const [newest] = await actions.actionsCalled(id, 'live-migration').catch(() => []);
      const events = newest?.events ?? [{ event: MOVING, result: undefined }];
      const hasBegun = events.some(({ event, result }) => event.endsWith(MOVING) || (event === ASKED && result === 'Success'));
      if (!hasBegun && events.some(({ result }) => result === 'Error')) {
        throw new Unfit(id, host);
      }
      return hasBegun;
    },
    describe: (hasBegun) => (hasBegun ? 'it begins' : 'it looks'),
    until: (hasBegun) => hasBegun,
    advice: typed`Look into nova-conductor's log: grep ${id}`,
  });
}
