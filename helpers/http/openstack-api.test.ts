import { expect, test } from 'vitest';
import { z } from 'zod';
import { type AnsweringServer, answering } from '../testing/answering.ts';
import { compare, negotiate, versioned } from './microversion.ts';
import { OpenstackApi } from './openstack-api.ts';

const tokens = { token: async () => 't', renew: async () => 't' };
const options = ({ url }: AnsweringServer, path = '') => ({
  http: { service: 'Cinder', baseUrl: `${url}${path}`, requestMs: 60_000 },
  tokens,
});

test('a list is read to its last page, whatever address its links carry', async () => {
  await using server = await answering(({ url }) => {
    const marker = new URL(url, 'http://x').searchParams.get('marker');
    const next = { volumes_links: [{ rel: 'next', href: 'http://inner:8776/v3/p1/volumes?limit=1&marker=a' }] };
    return { body: marker === null ? { volumes: [{ id: 'a' }], ...next } : { volumes: [{ id: 'b' }] } };
  });
  const api = new OpenstackApi(options(server, '/v3/p1'));
  const found = await api.list('volumes', z.object({ id: z.string() }), '/volumes', { name: 'x' });
  expect(found).toEqual([{ id: 'a' }, { id: 'b' }]);
  expect(server.seen.map(({ url }) => url)).toEqual(['/v3/p1/volumes?name=x', '/v3/p1/volumes?limit=1&marker=a']);
});

test('what is not there is undefined when looked for and false when deleted', async () => {
  const message = 'Volume 1 could not be found.';
  await using server = await answering(() => ({ status: 404, body: { itemNotFound: { code: 404, message } } }));
  const api = new OpenstackApi(options(server));
  expect(await api.find(z.object({}), '/volumes/1')).toBeUndefined();
  expect(await api.delete('/volumes/1')).toBe(false);
});

test.for([
  'default backend - 404',
  '',
  '<html><head><title>404 Not Found</title></head><body>The requested URL /v3/p/volumes/1 was not found on this server.</body></html>',
  { itemNotFound: { code: 404, message: 'The resource could not be found.' } },
])('a 404 that does not name what was looked for is no word of the service: %j', async (body) => {
  await using server = await answering(() => ({ status: 404, body }));
  const api = new OpenstackApi(options(server));
  await expect(api.find(z.object({}), '/volumes/1')).rejects.toMatchObject({ status: 404 });
  await expect(api.delete('/volumes/1')).rejects.toMatchObject({ status: 404 });
});

test.for([
  ['/v3/p1', { versions: [{ id: 'v3.0', version: '3.70', min_version: '3.0' }] }, 'volume 3.64'],
  ['/v3/p1', { versions: [{ id: 'v3.0', version: '3.50', min_version: '3.0' }] }, 'volume 3.50'],
  ['/v3', { version: { id: 'v3.0', version: '3.27', min_version: '3.0' } }, 'volume 3.27'],
] as const)('the newest common microversion is taken: %s offers %j', async ([path, body, expected]) => {
  await using server = await answering(() => ({ body }));
  const picked = await negotiate(options(server, path), { type: 'volume', least: '3.27', most: '3.64' });
  expect(picked).toBe(expected);
  expect(server.seen[0]?.url).toBe('/v3/');
});

test.for([{ version: '3.9' }, { version: '' }, {}])(
  'a cloud that is too old is refused, saying what it offers: %j',
  async (offer) => {
    await using server = await answering(() => ({ body: { versions: [offer] } }));
    const picking = negotiate(options(server, '/v3'), { type: 'volume', least: '3.27', most: '3.64' });
    await expect(picking).rejects.toThrow(/too old[\s\S]*needed: volume 3\.27/);
  },
);

test('3.9 is older than 3.27', () => {
  expect(compare('3.9', '3.27')).toBeLessThan(0);
  expect(compare('3.27', '3.27')).toBe(0);
  expect(compare('4.0', '3.99')).toBeGreaterThan(0);
});

test('an endpoint without a version gets that of the API, also behind a path', () => {
  expect(versioned('http://c:8776', '/v3/p1')).toBe('http://c:8776/v3/p1');
  expect(versioned('https://c/compute', '/v2.1')).toBe('https://c/compute/v2.1');
  expect(versioned('https://c/volume/v3/p1', '/v3/p1')).toBe('https://c/volume/v3/p1');
  expect(versioned('https://c/v2', '/v2')).toBe('https://c/v2');
});
