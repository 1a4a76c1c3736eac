import { expect, test } from 'vitest';
import { OpenstackApi } from '../http/openstack-api.ts';
import { answering, type Said } from '../testing/answering.ts';
import { untilMoving } from './moving.ts';
import { NovaServerActions } from './server-actions.ts';

const ASKED = 'conductor_live_migrate_instance';
const LOOKED = 'compute_check_can_live_migrate_destination';
const failed = (event: string, details?: string) => ({ event, result: 'Error', details });

/** Nova that tells of a live migration by these events, or refuses to. */
async function asked(events: readonly object[] | Said, ...servers: readonly object[]): Promise<void> {
  const action = { action: 'live-migration', request_id: 'req-1' };
  const [list, one] = Array.isArray(events)
    ? [{ body: { instanceActions: [action] } }, { body: { instanceAction: { ...action, events } } }]
    : [events as Said, events as Said];
  await using nova = await answering(({ url }) => (url.endsWith('req-1') ? one : list));
  const tokens = { token: async () => 't', renew: async () => 't' };
  const http = { service: 'Nova', baseUrl: nova.url, requestMs: 60_000 };
  const actions = new NovaServerActions(new OpenstackApi({ http, tokens, microversion: 'compute 2.84' }));
  const is = [...servers];
  const find = async () => ({ status: 'ACTIVE', fault: undefined, taskState: undefined, host: 'a', ...is.shift() });
  await untilMoving({ actions, find }, { id: 's1', host: 'b', withinMs: 60_000 });
}

test.for([
  ['has begun', [{ event: ASKED }, { event: 'compute_pre_live_migration' }]],
  ['is asked of a Nova that calls nothing by events', []],
] as const)('a move that %s is gone on with', async ([, events]) => {
  await expect(asked(events.length === 0 ? { body: { instanceActions: [] } } : events)).resolves.toBeUndefined();
});

test('what its checks find of the server is told with their reason, where Nova tells it', async () => {
  const cpu = "Migration pre-check error: CPU doesn't have compatibility.";
  await expect(asked([failed(ASKED, cpu), failed(LOOKED, cpu)])).rejects.toMatchObject({
    name: 'Unfit',
    details: { reason: cpu },
  });
  await expect(asked([failed(ASKED)])).rejects.toMatchObject({ name: 'Unfit', details: { reason: undefined } });
});

test.for([
  'Connection to the hypervisor is broken on host',
  'Migration pre-check error: Timeout while checking if we can live migrate to host: b',
  'Compute service of b is unavailable at this time.',
])('a host that does not answer is broken and not unfit: %s', async (why) => {
  await expect(asked([failed(ASKED, why), failed(LOOKED)])).rejects.toMatchObject({ name: 'Failure', details: { why } });
});

test('what Nova itself does not expect, and gives the server up for, is no word about its fitness', async () => {
  const fault = 'Migration error: No space left on device';
  await expect(asked([failed(ASKED)], { status: 'ERROR', fault })).rejects.toMatchObject({
    name: 'Failure',
    details: { why: fault },
  });
});

test.for([
  {
    status: 403,
    body: { forbidden: { message: "Policy doesn't allow os_compute_api:os-instance-actions:list to be performed." } },
  },
  { status: 404, body: { itemNotFound: { message: 'Instance s1 could not be found.' } } },
  { status: 500, body: { computeFault: { message: 'Unexpected API Error.' } } },
])('where a look is answered with $status the server itself says whether it has moved, but not why not', async (said) => {
  const moving = { taskState: 'migrating' };
  await expect(asked(said, moving, moving, { host: 'b' })).resolves.toBeUndefined();
  await expect(asked(said, moving)).rejects.toMatchObject({ name: 'MoveUnseen' });
});
