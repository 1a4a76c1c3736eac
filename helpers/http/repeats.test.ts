import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventually, onceSettled } from '../eventually.ts';
import type { Exchange } from '../evidence.ts';
import { NovaServerActions } from '../nova/server-actions.ts';
import { answering, type Said, type Seen } from '../testing/answering.ts';
import { Http } from './http.ts';
import { Newborn } from './newborn.ts';
import { OpenstackApi, openstackMessage } from './openstack-api.ts';

type Answer = Said | 'cut' | 'silence';
const HINDRANCES = {
  '503': { status: 503, body: 'no server' },
  '503 with a time to wait': { status: 503, headers: { 'retry-after': '0' }, body: 'busy' },
  '502 of a proxy': { status: 502, body: 'bad gateway' },
  '504 of a proxy': { status: 504, body: 'no answer in time' },
  '429 with a time to wait': { status: 429, headers: { 'retry-after': '0' }, body: 'slow down' },
  '429 of a proxy, which names no time': { status: 429, body: 'too many requests' },
  "413 of Cinder's rate limits": {
    status: 413,
    headers: { 'retry-after': '1' },
    body: { overLimitFault: { message: 'Only 5 GETs' } },
  },
  'a cut connection': 'cut',
} as const satisfies Record<string, Answer>;
const tokens = { token: async () => 't', renew: async () => 't' };
const made = z.object({ id: z.string() });
const notFound = (id: string): Said => ({ status: 404, body: { itemNotFound: { message: `Thing ${id} could not be found.` } } });

const client = (baseUrl: string, requestMs = 5000, record?: (exchange: Exchange) => void) =>
  new Http({ service: 'Cinder', baseUrl, requestMs, record, explain: openstackMessage });
const api = (baseUrl: string, newborn = new Newborn()) =>
  new OpenstackApi({ http: { service: 'Cinder', baseUrl, requestMs: 5000, newborn }, tokens });
/** What of a kind was asked before, this one included. */
const nthOf = (seen: readonly Seen[], method: string) => seen.filter((one) => one.method === method).length;

test.for(Object.entries(HINDRANCES))('what is safe to repeat is repeated after %s, and told', async ([, hindrance]) => {
  const repeated = (['GET', 'HEAD', 'PUT', 'DELETE'] as const).map(async (method) => {
    const exchanges: Exchange[] = [];
    await using server = await answering((_, nth) => (nth < 3 ? hindrance : { status: 204 }));

    expect((await client(server.url, 5000, (one) => exchanges.push(one)).ask({ method, path: '/x' })).status).toBe(204);

    expect(exchanges.map(({ again, service }) => [service, again])).toEqual([
      ['Cinder', undefined],
      ['Cinder', true],
      ['Cinder', true],
    ]);
  });
  await Promise.all(repeated);
});

test.for(Object.entries(HINDRANCES))('a POST is not repeated by itself after %s', async ([, hindrance]) => {
  await using server = await answering(() => hindrance);

  await expect(client(server.url).ask({ method: 'POST', path: '/x' })).rejects.toThrow();

  expect(server.seen).toHaveLength(1);
});

test.for([
  ['500', { status: 500 }],
  ['413 about a quota', { status: 413, headers: { 'retry-after': '0' } }],
  ['413 about what is too large', { status: 413 }],
  ['a time that is too long', { status: 503, headers: { 'retry-after': '600' } }],
] as const)('nothing is repeated after %s', async ([, said]) => {
  await using server = await answering(() => said);

  await expect(client(server.url).ask({ method: 'GET', path: '/x' })).rejects.toMatchObject({ status: said.status });

  expect(server.seen).toHaveLength(1);
});

test('repeats end with the deadline of the wait around them, and the last answer is told', async () => {
  await using server = await answering(() => HINDRANCES['503']);
  const patienceMs = 60_000;
  const http = client(server.url, patienceMs);
  const started = performance.now();

  const waiting = eventually({
    what: 'the thing',
    read: () => http.ask({ method: 'GET', path: '/x' }),
    describe: () => 'there',
    until: () => true,
    withinMs: 400,
    advice: '',
  });

  await expect(waiting).rejects.toThrow(/Cinder refused GET \/x with 503: no server[\s\S]*repeated: \d+ times, in vain/);
  expect(performance.now() - started).toBeLessThan(patienceMs);
});

test('nobody waits a second time for a service that was waited for in vain, until it answers again', async () => {
  let isAway = true;
  await using server = await answering(() => (isAway ? HINDRANCES['503'] : { body: {} }));
  const http = client(server.url, 300);
  await expect(http.ask({ method: 'GET', path: '/x' })).rejects.toThrow();
  const before = server.seen.length;

  await expect(http.ask({ method: 'GET', path: '/x' })).rejects.toThrow();
  const second = server.seen.length - before;
  isAway = false;
  await http.ask({ method: 'GET', path: '/x' });

  expect(second).toBe(1);
  expect(http.patienceMs).toBe(300);
});

test.for(['GET', 'POST'] as const)(
  'a %s to a service that is being restarted is sent once that listens again',
  async (method) => {
    await using server = await answering(() => ({ body: {} }));
    await server[Symbol.asyncDispose]();
    const known = new Http({ service: 'Cinder', baseUrl: server.url, requestMs: 5000, isKnown: true });

    const asked = known.ask({ method, path: '/x' });
    await expect(client(server.url).ask({ method, path: '/x' })).rejects.toThrow(/nothing listens there/);
    await using again = await answering(() => ({ body: {} }), '127.0.0.1', server.port);

    expect((await asked).status).toBe(200);
    expect(again.seen.map((one) => one.method)).toEqual([method]);
  },
);

test('whom a short wait had no time for was not waited for in vain', async () => {
  await using server = await answering((_, nth) =>
    nth === 2 || nth === 3 ? HINDRANCES["413 of Cinder's rate limits"] : { body: {} },
  );
  const http = client(server.url);
  const ask = () => http.ask({ method: 'GET', path: '/x' });
  await ask();
  const waiting = { what: 'the thing', describe: () => 'there', until: () => true, withinMs: 200, advice: '' };

  await expect(eventually({ ...waiting, read: ask })).rejects.toThrow(/413/);

  expect((await ask()).status).toBe(200);
});

test('how long something may take to settle says nothing of how long the first look may be put off', async () => {
  await using server = await answering((_, nth) => (nth === 2 ? HINDRANCES["413 of Cinder's rate limits"] : { body: {} }));
  const http = client(server.url);
  const ask = () => http.ask({ method: 'GET', path: '/x' });
  await ask();

  const settled = onceSettled({
    ...{ what: 'the thing', describe: () => 'there', until: () => true, withinMs: 200, advice: '' },
    read: ask,
  });

  expect((await settled).status).toBe(200);
});

test('requests may take longer than hindered ones are repeated', async () => {
  let isAway = false;
  await using server = await answering(() => (isAway ? HINDRANCES['503'] : { body: {} }));
  const http = new Http({ service: 'Cinder', baseUrl: server.url, requestMs: 60_000, patienceMs: 200 });
  await http.ask({ method: 'GET', path: '/x' });
  expect(http.patienceMs).toBe(200);
  isAway = true;

  await expect(http.ask({ method: 'GET', path: '/x' })).rejects.toMatchObject({ status: 503 });

  expect(server.seen.length).toBeGreaterThan(2);
});

test.for(Object.entries(HINDRANCES).filter(([what]) => !what.startsWith('504')))(
  'what is nowhere to be seen after %s is made again, once',
  async ([, hindrance]) => {
    await using server = await answering(({ method }) =>
      method === 'GET' ? { body: {} } : nthOf(server.seen, 'POST') === 1 ? hindrance : { body: { id: 'a' } },
    );

    const thing = await api(server.url).create(made, { path: '/things', body: {} }, async () => undefined);

    expect(thing).toEqual({ id: 'a' });
    expect(nthOf(server.seen, 'POST')).toBe(2);
  },
);

test.for(Object.entries(HINDRANCES))(
  'what was made all the same is found after %s, and not made again',
  async ([, hindrance]) => {
    await using server = await answering(() => hindrance);
    let looks = 0;
    const find = async () => {
      looks += 1;
      return looks < 3 ? undefined : { id: 'a' };
    };
    const lasting = hindrance === 'cut' || hindrance.status > 503 || hindrance.status === 502;

    const thing = await api(server.url).create(made, { path: '/things', body: {} }, lasting ? find : async () => ({ id: 'a' }));

    expect(thing).toEqual({ id: 'a' });
    expect(nthOf(server.seen, 'POST')).toBe(1);
  },
);

test('what may still be under way is looked for, and never asked for twice', async () => {
  await using server = await answering(() => HINDRANCES['504 of a proxy']);

  const making = api(server.url).create(made, { path: '/things', body: {} }, async () => undefined);

  await expect(making).rejects.toMatchObject({ status: 504 });
  expect(nthOf(server.seen, 'POST')).toBe(1);
});

test('a refusal of what was perhaps done is believed only when nothing of it is seen', async () => {
  for (const [isSeen, posts] of [
    [true, 2],
    [false, 2],
  ] as const) {
    await using server = await answering(() => (nthOf(server.seen, 'POST') === 1 ? 'cut' : { status: 409 }));
    const isDone = async () => isSeen && nthOf(server.seen, 'POST') === 2;

    const acting = api(server.url).act({ path: '/things/a/action', body: {} }, isDone);

    await (isSeen ? acting : expect(acting).rejects.toMatchObject({ status: 409 }));
    expect(nthOf(server.seen, 'POST')).toBe(posts);
  }
});

test('a DELETE whose reply was lost has done its work when the thing is not there, or is on its way', async () => {
  const going = { body: { thing: { status: 'deleting' } } };
  for (const [again, shown] of [
    [notFound('a'), notFound('a')],
    [{ status: 400 }, going],
    [{ status: 409 }, notFound('a')],
  ] as const) {
    await using server = await answering(({ method }, nth) => (method === 'GET' ? shown : nth === 1 ? 'cut' : again));

    expect(await api(server.url).delete('/things/a')).toBe(true);
  }
});

test('a DELETE that is refused for another reason is refused, also after a lost reply', async () => {
  await using server = await answering(({ method }, nth) =>
    method === 'GET' ? { body: { thing: { status: 'in-use' } } } : nth === 1 ? 'cut' : { status: 400, body: 'in use' },
  );
  const cinder = new OpenstackApi({ http: { service: 'Cinder', baseUrl: server.url, requestMs: 500 }, tokens });

  await expect(cinder.delete('/things/a')).rejects.toMatchObject({ status: 400 });
});

test('what was made a moment ago is asked for until it is seen', async () => {
  let reads = 0;
  await using server = await answering(({ method }) => {
    reads += method === 'GET' ? 1 : 0;
    return method === 'GET' && reads < 4 ? notFound('a') : { body: { id: 'a' } };
  });
  const cinder = api(server.url);
  await cinder.create(made, { path: '/things', body: {} }, async () => undefined);

  expect(await cinder.find(made, '/things/a')).toEqual({ id: 'a' });

  expect(reads).toBe(4);
});

test("what another service tells of is asked for until it is seen: Nova's servers have volumes that nobody here asked for", async () => {
  await using nova = await answering(() => ({ body: { volumeAttachments: [{ volumeId: 'a', serverId: 's' }] } }));
  await using cinder = await answering((_, nth) => (nth < 4 ? notFound('a') : { body: { id: 'a' } }));
  const newborn = new Newborn();
  await new NovaServerActions(api(nova.url, newborn)).volumeAttachments('s');

  expect(await api(cinder.url, newborn).find(made, '/things/a')).toEqual({ id: 'a' });

  newborn.forget('a');
  newborn.hear('a');
  expect(newborn.unseenMs('Thing a')).toBe(0);
});

test.for(['once it was asked to go', 'when nobody made it'])('a 404 is the truth at once %s', async (when) => {
  await using server = await answering(({ method }) => (method === 'GET' ? notFound('a') : { body: { id: 'a' } }));
  const cinder = api(server.url);
  if (when.startsWith('once')) {
    await cinder.create(made, { path: '/things', body: {} }, async () => undefined);
    await cinder.delete('/things/a');
  }

  expect(await cinder.find(made, '/things/a')).toBeUndefined();

  expect(nthOf(server.seen, 'GET')).toBe(1);
});

test('what is not seen for a few seconds is not there', async () => {
  await using server = await answering(() => notFound('a'));
  const newborn = new Newborn();
  newborn.add('a');

  expect(await api(server.url, newborn).find(made, '/things/a')).toBeUndefined();
  expect(newborn.unseenMs('Thing a')).toBe(0);
});
