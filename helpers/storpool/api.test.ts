import { expect, test } from 'vitest';
import { z } from 'zod';
import { atPace } from '../eventually.ts';
import type { Exchange, Wait } from '../evidence.ts';
import { Redactor } from '../redact.ts';
import { type AnsweringServer, answering } from '../testing/answering.ts';
import { bytes } from '../units.ts';
import { StorpoolApi, StorpoolFailure } from './api.ts';
import { Storpool } from './storpool.ts';

const access = ({ port }: AnsweringServer) => ({ host: '127.0.0.1', port, token: '1556560560218011653', prefix: 'os' });
const busy = (transient: boolean) => ({
  status: 409,
  body: { error: { name: 'busy', descr: "'v' is open at client 7", transient } },
});
const ok = { body: { generation: 2, data: { ok: true, generation: 2 } } };

test('calls carry the token, close their connection and use the query’s path', async () => {
  await using server = await answering(() => ({ body: { generation: 1, data: [] } }));
  await new Storpool(access(server), { requestMs: 60_000 }).volumes.find('~d.n.b7f');
  expect(server.seen[0]).toMatchObject({
    method: 'GET',
    url: '/ctrl/1.0/Volume/~d.n.b7f',
    headers: { authorization: 'Storpool v1:1556560560218011653', connection: 'close' },
  });
});

test.for(['::1', '[::1]'])('an API at %s is found', async (host) => {
  await using server = await answering(() => ok, '::1');
  await new Storpool({ ...access(server), host }, { requestMs: 60_000 }).attachments.detach({ volume: 'v', client: 7 });
  expect(server.seen.length).toBe(1);
});

test('an error in another form than StorPool’s may be of something else that answers there', async () => {
  const body = { error: { code: 404, message: 'Not Found', title: 'Not Found' } };
  await using server = await answering(() => ({ status: 404, body }));
  const asking = new Storpool(access(server), { requestMs: 60_000 }).cluster.templates();
  await expect(asking).rejects.toThrow(/Perhaps something else than StorPool answers there: check SP_API_HTTP_HOST/);
});

test('a transient refusal is tried again with the same body, and told as such', async () => {
  const waits: Wait[] = [];
  const exchanges: Exchange[] = [];
  const watch = { record: (exchange: Exchange) => exchanges.push(exchange), recordWait: (wait: Wait) => waits.push(wait) };
  await using server = await answering((_, nth) => (nth < 3 ? busy(true) : ok));
  const storpool = new Storpool(access(server), { requestMs: 60_000, ...watch });
  await storpool.attachments.attach({ volume: 'v', client: 7, timeoutSeconds: 5 });
  expect(server.seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual(
    Array.from({ length: 3 }, () => ({ reassign: [{ volume: 'v', rw: [7] }], attachTimeout: 5 })),
  );
  expect(exchanges.map(({ again }) => again)).toEqual([undefined, true, true]);
  expect(waits).toMatchObject([{ what: 'StorPool to carry out VolumesReassignWait' }]);
});

test('what comes to the same when it is done twice is asked for again after a lost reply, and a new volume is not', async () => {
  await using server = await answering((_, nth) => (nth % 2 === 1 ? 'cut' : ok));
  const storpool = new Storpool(access(server), { requestMs: 60_000 });
  await storpool.attachments.detach({ volume: 'v', client: 7 });
  expect(server.seen).toHaveLength(2);

  const making = storpool.volumes.create({ name: 'w', size: bytes(512), template: 'hybrid' });

  await expect(making).rejects.toThrow(/the connection was cut/);
  expect(server.seen).toHaveLength(3);
});

test('a lasting transient refusal ends as StorPool’s own error', async () => {
  await using server = await answering(() => busy(true));
  const api = new StorpoolApi(access(server), { requestMs: 60_000 }, 300);
  const error = await api.post(z.unknown(), 'VolumeDelete', { name: 'v' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StorpoolFailure);
  expect(error).toMatchObject({ errorName: 'busy', transient: true, descr: "'v' is open at client 7" });
});

test('any other refusal is final', async () => {
  await using server = await answering(() => busy(false));
  const attaching = new Storpool(access(server), { requestMs: 60_000 }).attachments.attach({ volume: 'v', client: 7 });
  await expect(attaching).rejects.toMatchObject({ errorName: 'busy', status: 409 });
  expect(server.seen).toHaveLength(1);
});

test('a device that is open for a moment is detached when it is not any more, and one that stays open is not', async () => {
  const waits: Wait[] = [];
  await using server = await answering((_, nth) => (nth < 3 ? busy(false) : ok));
  const watch = { requestMs: 60_000, recordWait: (wait: Wait) => waits.push(wait) };
  await new Storpool(access(server), watch).attachments.detach({ volume: 'v', client: 7 });
  expect(server.seen).toHaveLength(3);
  expect(waits).toMatchObject([{ states: [{ state: 'busy' }, { state: 'done' }] }]);

  await using open = await answering(() => busy(false));
  const detaching = atPace(
    () => 20,
    () => new Storpool(access(open), { requestMs: 60_000 }).attachments.detach({ volume: 'v', client: 7 }),
  );
  await expect(detaching).rejects.toMatchObject({ errorName: 'busy', status: 409 });
  expect(open.seen.map(({ body }) => body).filter((body) => !body.includes('"force":false'))).toEqual([]);
});

test('an error in a reply with status 200 is an error as well', async () => {
  await using server = await answering(() => ({ body: { error: { name: 'invalidParam', descr: 'no', transient: false } } }));
  const listing = new Storpool(access(server), { requestMs: 60_000 }).volumes.list();
  await expect(listing).rejects.toMatchObject({ name: 'StorpoolFailure', errorName: 'invalidParam' });
});

test('an unknown volume is undefined, and deleting it says that it was gone', async () => {
  await using server = await answering(() => ({
    status: 404,
    body: { error: { name: 'objectDoesNotExist', descr: 'x', transient: false } },
  }));
  const { volumes } = new Storpool(access(server), { requestMs: 60_000 });
  expect(await volumes.find('x')).toBeUndefined();
  expect(await volumes.delete('x')).toBe(false);
});

test('a reply without its documented fields names the field', async () => {
  await using server = await answering(() => ({ body: { generation: 1, data: [{ name: 'a', globalId: 'd.n.a' }] } }));
  await expect(new Storpool(access(server), { requestMs: 60_000 }).volumes.list()).rejects.toThrow(/field: data\.0\.size/);
});

test('a reply whose list is none, or that is cut, is told', async () => {
  for (const [body, field] of [
    [{ generation: 1, data: {} }, 'data'],
    ['{"generation":1,"data":[', '(whole body)'],
    [{ generation: 1 }, 'data'],
  ] as const) {
    await using server = await answering(() => ({ body }));
    const listing = new Storpool(access(server), { requestMs: 1000 }).volumes.list();
    await expect(listing).rejects.toMatchObject({ details: { field } });
  }
});

test('of a long list only what is wanted is kept, and nothing of a reply that was put off', async () => {
  const volume = (name: string) => ({ name, globalId: `d.n.${name}`, size: 512 });
  await using server = await answering((_, nth) =>
    nth < 2 ? busy(true) : { body: { generation: 1, data: [volume('a'), volume('b')] } },
  );
  const names = await new Storpool(access(server), { requestMs: 1000 }).volumes.list(({ name }) => name);
  expect(names).toEqual(['a', 'b']);
});

test('of the states of all volumes only those that were asked for are read', async () => {
  const status = { name: 'ours', globalId: 'd.n.a', size: 512, status: 'up', snapshot: false, storedSize: 7, onDiskSize: 21 };
  const data = { 'not-ours': 'in a form that nobody knows', 'ou"rs': { ...status, name: 'ou"rs' }, ours: status };
  await using server = await answering(() => ({ body: { generation: 1, data } }));
  const { volumes } = new Storpool(access(server), { requestMs: 1000 });

  const some = await volumes.status(['ours', 'ou"rs', 'nowhere']);

  expect([...some].map(([name, { storedSize }]) => [name, storedSize])).toEqual([
    ['ou"rs', 7],
    ['ours', 7],
  ]);
  await expect(volumes.status()).rejects.toThrow(/field: data\.not-ours/);
});

test('the cluster is known by one volume where one is known, and else by most, or as it was configured', async () => {
  const volume = (name: string, id: string) => ({ name, globalId: `${id}.a`, size: 512 });
  await using server = await answering(({ url }) => {
    const all = [volume('moved-here', 'd.k'), volume('second', 'd.m'), volume('first', 'd.n'), volume('third', 'd.n')];
    const data = url.endsWith('VolumesList') ? all : url.includes('/Volume/') ? all.filter(({ name }) => url.endsWith(name)) : [];
    return url.endsWith('gone') ? { status: 404, body: { error: { name: 'objectDoesNotExist' } } } : { body: { data } };
  });
  const watch = { requestMs: 1000 };
  const { cluster } = new Storpool(access(server), watch);
  const configured = async (clusterId: string) =>
    (await new Storpool({ ...access(server), clusterId }, watch).cluster.identity())?.id;

  const ids = [await cluster.identity(), await cluster.identity('second'), await cluster.identity('gone')];

  expect(ids.map((one) => one?.id)).toEqual(['d.n', 'd.m', 'd.n']);
  expect(await configured('d.k')).toBe('d.k');
  expect(await configured('d.elsewhere')).toBe('d.n');
  expect(server.seen.map(({ url }) => url.replace('/ctrl/1.0/', ''))).toEqual([
    ...['VolumesList', 'Volume/second', 'Volume/gone', 'VolumesList', 'VolumesList', 'VolumesList'],
  ]);
});

test('the token is in no record', async () => {
  const exchanges: Exchange[] = [];
  await using server = await answering(() => ({ body: { generation: 1, data: [], echo: 'v1:1556560560218011653' } }));
  await new Storpool(access(server), {
    requestMs: 60_000,
    redactor: new Redactor(),
    record: (e) => exchanges.push(e),
  }).volumes.list();
  expect(exchanges).toHaveLength(1);
  expect(JSON.stringify(exchanges)).not.toContain('1556560560218011653');
});

test('Cinder’s names are built as its driver builds them', async () => {
  await using server = await answering(() => ok);
  const storpool = new Storpool(access(server), { requestMs: 60_000 });
  expect(storpool.volumeName('5f0c')).toBe('os--volume-5f0c');
  expect(storpool.snapshotName('8c4e')).toBe('os--snap--none--snapshot-8c4e');
});
