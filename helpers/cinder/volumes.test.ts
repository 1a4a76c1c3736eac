import { expect, test } from 'vitest';
import type { Wait } from '../evidence.ts';
import { OpenstackApi } from '../http/openstack-api.ts';
import { answering, type Said, type Seen } from '../testing/answering.ts';
import { gib } from '../units.ts';
import { CinderBackEnds } from './back-ends.ts';
import { CinderMessages } from './messages.ts';
import { CinderVolumes, pythonDict } from './volumes.ts';

const ID = '5f0c8c1e-0d3b-4b57-9a0e-2f6a0d9b1c11';
const row = (status: string) => ({
  id: ID,
  name: 'acc-1',
  status,
  size: 1,
  bootable: 'true',
  metadata: { acceptance_run: 'r1' },
  attachments: [],
  created_at: '2026-11-22T10:00:00.000000',
});
const missing: Said = { status: 404, body: { itemNotFound: { code: 404, message: `Volume ${ID} could not be found.` } } };

async function cinder(answer: (seen: Seen, nth: number) => Said | 'cut') {
  const server = await answering(answer);
  const waits: Wait[] = [];
  const tokens = { token: async () => 't', renew: async () => 't' };
  const api = new OpenstackApi({ http: { service: 'Cinder', baseUrl: server.url, requestMs: 60_000 }, tokens });
  const watch = { requestMs: 60_000, recordWait: (wait: Wait) => void waits.push(wait) };
  const volumes = new CinderVolumes(api, watch, { volumeMs: 60_000 }, new CinderMessages(api, new CinderBackEnds(api, 'p')));
  return { volumes, waits, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test('waiting tells the states it saw, once', async () => {
  await using it = await cinder((_, nth) => ({
    body: { volume: row(['creating', 'creating', 'downloading'][nth - 1] ?? 'available') },
  }));
  const volume = await it.volumes.untilAvailable(ID);
  expect(volume).toMatchObject({ status: 'available', bootable: true, size: gib(1) });
  expect(it.waits[0]?.states.map(({ state }) => state)).toEqual(['creating', 'downloading', 'available']);
});

test('an error state ends the wait with Cinder’s own message about this volume', async () => {
  const message = (uuid: string, text: string) => ({
    id: uuid,
    user_message: text,
    resource_uuid: uuid,
    request_id: 'req-9',
    created_at: '2026-11-22T10:00:00.000000',
  });
  await using it = await cinder(({ url }) =>
    url.startsWith('/messages')
      ? {
          body: { messages: [message('other', 'not this'), message(ID, 'schedule allocate volume: Could not find any backend')] },
        }
      : { body: { volume: row('error') } },
  );
  await expect(it.volumes.untilAvailable(ID)).rejects.toThrow(
    /state error[\s\S]*Cinder says: schedule allocate[\s\S]*grep req-9/,
  );
});

test('a volume of an image that the operator lets Cinder not convert could not be looked at', async () => {
  const said =
    'copy image to volume: The image disk format must be the same as the volume format for the volume type you are requesting.';
  const common = { id: 'm', resource_uuid: ID, created_at: '2026-11-22T10:00:00.000000', event_id: 'VOLUME_VOLUME_005_029' };
  await using it = await cinder(({ url }) =>
    url.startsWith('/messages')
      ? { body: { messages: [{ ...common, user_message: said }] } }
      : { body: { volume: row('error') } },
  );
  await expect(it.volumes.untilAvailable(ID)).rejects.toMatchObject({ name: 'CouldNotCheck', details: { said } });
});

test('without a message the advice is where to look', async () => {
  await using it = await cinder(({ url }) =>
    url.startsWith('/messages') ? missing : { body: { volume: row('error_extending') } },
  );
  await expect(it.volumes.untilAvailable(ID)).rejects.toThrow(new RegExp(`error_extending[\\s\\S]*grep ${ID}`));
});

test('a volume that never comes is given up at the deadline', async () => {
  await using it = await cinder(({ url }) => (url.startsWith('/messages') ? missing : { body: { volume: row('creating') } }));
  await expect(it.volumes.untilAvailable(ID, { withinMs: 60 })).rejects.toThrow(/gave up waiting for volume[\s\S]*saw: creating/);
});

test('a deleted volume is gone at the first 404', async () => {
  await using it = await cinder((_, nth) => (nth < 3 ? { body: { volume: row('deleting') } } : missing));
  await it.volumes.untilGone(ID);
  expect(it.waits[0]?.states.map(({ state }) => state)).toEqual(['deleting', 'gone']);
});

test.for(['available', 'error_deleting'])('a deletion that ends in %s is not waited for any longer', async (status) => {
  await using it = await cinder(({ url }, nth) =>
    url.startsWith('/messages') ? missing : { body: { volume: row(nth < 2 ? 'deleting' : status) } },
  );
  await expect(it.volumes.untilGone(ID)).rejects.toThrow(`Cinder gave up: it is ${status}`);
});

test('a create whose reply is lost finds the volume by name and mark, and makes no second one', async () => {
  await using it = await cinder(({ method }) => (method === 'POST' ? 'cut' : { body: { volumes: [row('creating')] } }));
  const volume = await it.volumes.create({ name: 'acc-1', size: gib(1), metadata: { acceptance_run: 'r1' } });
  expect(volume.id).toBe(ID);
  expect(it.server.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

test('a create that never arrived is an error', async () => {
  await using it = await cinder(({ method }) => (method === 'POST' ? 'cut' : { body: { volumes: [] } }));
  const creating = it.volumes.create({ name: 'acc-1', size: gib(1), metadata: { acceptance_run: 'r1' } });
  await expect(creating).rejects.toThrow(/Cinder does not answer: the connection was cut/);
});

test('a list holds only what was asked for, though Cinder may ignore filters', async () => {
  await using it = await cinder(() => ({
    body: { volumes: [row('available'), { ...row('available'), id: 'x', metadata: {} }] },
  }));
  expect(await it.volumes.list({ metadata: { acceptance_run: 'r1' } })).toHaveLength(1);
  expect(new URL(it.server.seen[0]?.url ?? '', 'http://x').searchParams.get('metadata')).toBe("{'acceptance_run': 'r1'}");
});

test('a metadata filter is a Python literal, quotes escaped', () => {
  expect(pythonDict({ a: "it's", b: 'c\\d' })).toBe("{'a': 'it\\'s', 'b': 'c\\\\d'}");
});

test('a wait that comes to nothing names the services that are down, and only those', async () => {
  const service = (binary: string, state: string) => ({ binary, host: 'controller', status: 'enabled', state });
  const services = [service('cinder-scheduler', 'up'), service('cinder-volume', 'down')];
  await using it = await cinder(({ url }) => {
    const others: Record<string, unknown> = { '/messages': { messages: [] }, '/os-services': { services } };
    return { body: others[url.split('?')[0] ?? ''] ?? { volume: row('creating') } };
  });
  await expect(it.volumes.untilAvailable(ID, { withinMs: 60 })).rejects.toThrow(
    /gave up waiting[\s\S]*→ cinder-volume on controller is down\. Cinder left no message/,
  );
});
