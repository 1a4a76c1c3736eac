import { expect, test } from 'vitest';
import { OpenstackApi } from '../http/openstack-api.ts';
import { answering, type Said, type Seen } from '../testing/answering.ts';
import { NovaCloud } from './cloud.ts';
import { NovaServerActions } from './server-actions.ts';
import { NovaServers } from './servers.ts';

const row = (status: string, more: object = {}) => ({
  id: 's1',
  name: 'acc-1',
  status,
  metadata: { acceptance_run: 'r1' },
  image: '',
  'OS-EXT-STS:task_state': null,
  'OS-EXT-SRV-ATTR:host': 'hypervisor-1',
  'os-extended-volumes:volumes_attached': [{ id: 'v1', delete_on_termination: false }],
  ...more,
});
const missing: Said = { status: 404, body: { itemNotFound: { code: 404, message: 'Instance s1 could not be found.' } } };
const wanted = { name: 'acc-1', flavorId: '2', snapshotId: 'snap', nic: 'none', metadata: { acceptance_run: 'r1' } };

async function nova(answer: (seen: Seen, nth: number) => Said | 'cut', microversion = 'compute 2.79') {
  const server = await answering(answer);
  const tokens = { token: async () => 't', renew: async () => 't' };
  const api = new OpenstackApi({ http: { service: 'Nova', baseUrl: server.url, requestMs: 60_000 }, tokens, microversion });
  const actions = new NovaServerActions(api);
  const parts = { api, watch: { requestMs: 60_000 }, limits: { serverMs: 60_000 }, actions };
  const servers = new NovaServers({ ...parts, cloud: new NovaCloud(api) });
  const bodies = () => server.seen.filter(({ body }) => body !== '').map(({ body }) => JSON.parse(body) as unknown);
  return { servers, actions, bodies, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test('booting from a snapshot asks for what the guide’s command asks for', async () => {
  await using it = await nova(() => ({ status: 202, body: { server: { id: 's1', adminPass: 'x' } } }));
  expect(await it.servers.create(wanted)).toBe('s1');
  expect(it.server.seen[0]?.headers['openstack-api-version']).toBe('compute 2.79');
  expect(it.bodies()).toEqual([
    {
      server: {
        name: 'acc-1',
        flavorRef: '2',
        imageRef: '',
        networks: 'none',
        metadata: { acceptance_run: 'r1' },
        block_device_mapping_v2: [
          { uuid: 'snap', source_type: 'snapshot', destination_type: 'volume', boot_index: 0, delete_on_termination: false },
        ],
      },
    },
  ]);
});

test.for([
  ['compute 2.79', { host: 'hypervisor-2' }],
  ['compute 2.37', { availability_zone: ':hypervisor-2' }],
] as const)('a server is pinned to a host as %s can', async ([microversion, expected]) => {
  await using it = await nova(() => ({ status: 202, body: { server: { id: 's1' } } }), microversion);
  await it.servers.create({ ...wanted, nic: 'b0be4a34', host: 'hypervisor-2' });
  expect(it.bodies()).toMatchObject([{ server: { ...expected, networks: [{ uuid: 'b0be4a34' }] } }]);
});

test('a server is active when it is ACTIVE and nothing is being done to it', async () => {
  const spawning = row('ACTIVE', { 'OS-EXT-STS:task_state': 'spawning' });
  await using it = await nova((_, nth) => ({ body: { server: nth < 3 ? spawning : row('ACTIVE') } }));
  const server = await it.servers.untilActive('s1');
  expect(server).toMatchObject({
    host: 'hypervisor-1',
    volumes: [{ id: 'v1', deleteOnTermination: false }],
    taskState: undefined,
  });
  expect(it.server.seen).toHaveLength(3);
});

test('a server in ERROR ends the wait with Nova’s fault and the host to look at', async () => {
  const fault = { code: 500, message: 'No valid host was found.', created: '2026-11-22T10:00:00Z' };
  await using it = await nova(() => ({ body: { server: row('ERROR', { fault }) } }));
  await expect(it.servers.untilActive('s1')).rejects.toThrow(
    /No valid host was found\.[\s\S]*nova-compute's log on hypervisor-1: grep s1/,
  );
});

test('a server that never comes is told with the compute services that are down', async () => {
  const services = ['hypervisor-1', 'hypervisor-2'].map((host, i) => ({
    ...{ binary: 'nova-compute', host, status: 'enabled' },
    state: i === 0 ? 'down' : 'up',
  }));
  await using it = await nova(({ url }) => ({ body: url.startsWith('/os-services') ? { services } : { server: row('BUILD') } }));
  await expect(it.servers.untilActive('s1', { withinMs: 300 })).rejects.toThrow(
    /→ nova-compute on hypervisor-1 is down\. Look into/,
  );
});

test('a deleted server is gone at the first 404; one that ends in ERROR is not waited for', async () => {
  const deleting = row('ACTIVE', { 'OS-EXT-STS:task_state': 'deleting' });
  await using going = await nova((_, nth) => (nth < 3 ? { body: { server: deleting } } : missing));
  await expect(going.servers.untilGone('s1')).resolves.toBeUndefined();
  await using stuck = await nova((_, nth) => ({ body: { server: nth < 2 ? deleting : row('ERROR') } }));
  await expect(stuck.servers.untilGone('s1')).rejects.toThrow('Nova gave up');
});

test('a console that is not there yet is empty', async () => {
  await using early = await nova(() => ({ status: 409, body: { conflictingRequest: { code: 409, message: 'not ready' } } }));
  expect(await early.actions.consoleOutput('s1')).toBe('');
  await using none = await nova(() => ({
    status: 404,
    body: { itemNotFound: { code: 404, message: 'Unable to get console log' } },
  }));
  expect(await none.actions.consoleOutput('s1')).toBeUndefined();
  await using gone = await nova(() => missing);
  await expect(gone.actions.consoleOutput('s1')).rejects.toMatchObject({ status: 404 });
});

test.for([
  [403, 'Policy doesn’t allow os_compute_api:os-console-output to be performed.', /os-console-output/],
  [501, 'Unable to get console log, functionality not implemented', /keeps no console log/],
] as const)(
  'a cloud that answers %d for consoles is told at once as one that nobody can look at',
  async ([status, message, advice]) => {
    await using it = await nova(() => ({ status, body: { forbidden: { code: status, message } } }));
    const waiting = it.servers.untilConsole('s1', 'nonce', { withinMs: 60_000 });
    await expect(waiting).rejects.toMatchObject({ name: 'CouldNotCheck', advice: expect.stringMatching(advice) });
  },
);

const noConsole = { status: 404, body: { itemNotFound: { code: 404, message: 'Guest does not have a console available.' } } };

test('a console that is not there for a moment is waited for, one that never comes is given up as not seen', async () => {
  await using late = await nova((_, nth) => (nth < 3 ? noConsole : { body: { output: 'nonce' } }));
  expect(await late.servers.untilConsole('s1', 'nonce', { withinMs: 60_000 })).toBe('nonce');
  await using never = await nova(() => noConsole);
  await expect(never.servers.untilConsole('s1', 'nonce', { withinMs: 60 })).rejects.toMatchObject({ name: 'CouldNotCheck' });
});

test('what became of an action is not looked at where only administrators see it', async () => {
  const done = { action: 'extend_volume', request_id: 'req-1' };
  await using it = await nova(({ url }) => ({
    body: url.endsWith('req-1') ? { instanceAction: done } : { instanceActions: [done] },
  }));
  await expect(it.actions.actionsCalled('s1', 'extend_volume')).rejects.toMatchObject({ name: 'CouldNotCheck' });
});

test('a text that never comes on the console is told with the console’s end', async () => {
  await using it = await nova(({ url }) =>
    url.endsWith('/action') ? { body: { output: 'SeaBIOS\nNo bootable device.\n' } } : { body: { server: row('ACTIVE') } },
  );
  const waiting = it.servers.untilConsole('s1', 'nonce-7', { withinMs: 40 });
  await expect(waiting).rejects.toThrow(
    /"nonce-7" on the console[\s\S]*is ACTIVE; its console ends with: SeaBIOS \| No bootable device\./,
  );
});

test('a name is looked for as it is, not as a pattern', async () => {
  await using it = await nova(() => ({ body: { servers: [row('ACTIVE'), row('ACTIVE', { name: 'acc-1x' })] } }));
  expect(await it.servers.list({ name: 'acc-1' })).toHaveLength(1);
  await it.servers.list({ name: 'a.b' });
  expect(new URL(it.server.seen[1]?.url ?? '', 'http://x').searchParams.get('name')).toBe('^a\\.b$');
});

test('a server whose creating reply was lost is found by name and mark', async () => {
  await using it = await nova(({ method }) => (method === 'POST' ? 'cut' : { body: { servers: [row('BUILD')] } }));
  expect(await it.servers.create(wanted)).toBe('s1');
});
