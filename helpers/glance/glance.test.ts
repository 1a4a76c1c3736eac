import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OpenstackApi } from '../http/openstack-api.ts';
import { answering, type Said, type Seen } from '../testing/answering.ts';
import { gib } from '../units.ts';
import { Glance } from './glance.ts';

const row = (id: string, name: string, more: object = {}) => ({
  id,
  name,
  status: 'active',
  min_disk: 0,
  created_at: '2026-11-22T10:00:00Z',
  ...more,
});

async function glance(answer: (seen: Seen, nth: number) => Said | 'cut') {
  const server = await answering(answer);
  const tokens = { token: async () => 't', renew: async () => 't' };
  const api = new OpenstackApi({ http: { service: 'Glance', baseUrl: `${server.url}/v2`, requestMs: 60_000 }, tokens });
  const client = new Glance(api, { requestMs: 60_000 }, { imageMs: 60_000 });
  return { client, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Answers a list with those of the name, as Glance filters. */
const holding =
  (...rows: ReturnType<typeof row>[]) =>
  ({ url }: Seen): Said => {
    const name = new URL(url, 'http://x').searchParams.get('name');
    return { body: { images: rows.filter((one) => name === null || one.name === name) } };
  };

test('the one active image of exactly the name is picked', async () => {
  const images = [row('1', 'centos 7'), row('2', 'centos 7 old'), row('3', 'centos 7', { status: 'deactivated' })];
  await using it = await glance(holding(...images));
  expect((await it.client.pick('centos 7')).id).toBe('1');
});

test('two active images of the name are refused, both named', async () => {
  await using it = await glance(holding(row('1', 'centos 7'), row('2', 'centos 7')));
  await expect(it.client.pick('centos 7')).rejects.toThrow(
    /2 active images are called centos 7[\s\S]*1 "centos 7"[\s\S]*2 "centos 7"/,
  );
});

test('without the name, similar ones and inactive ones are told', async () => {
  await using it = await glance(
    holding(row('1', 'CentOS-7-x86_64'), row('2', 'debian'), row('3', 'centos 7', { status: 'queued' })),
  );
  await expect(it.client.pick('centos 7')).rejects.toThrow(/notActive: 3 "centos 7" queued[\s\S]*similar: 1 "CentOS-7-x86_64"/);
  await expect(it.client.pick('centos 7')).rejects.not.toThrow(/debian/);
});

test('a list follows the next link', async () => {
  await using it = await glance(({ url }) =>
    url.includes('marker')
      ? { body: { images: [row('2', 'b')] } }
      : { body: { images: [row('1', 'a')], next: '/v2/images?limit=1&marker=1' } },
  );
  expect((await it.client.list()).map(({ id }) => id)).toEqual(['1', '2']);
  expect(it.server.seen[1]?.url).toBe('/v2/images?limit=1&marker=1');
});

test('an image is declared with its mark, and its bytes go up and down as they are', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'acc-glance-'));
  const bytes = 'x'.repeat(200_000);
  await using it = await glance(({ method, url }) => {
    if (url.endsWith('/file')) {
      return method === 'PUT' ? { status: 204, body: '' } : { body: bytes };
    }
    return { status: 201, body: row('1', 'acc-1', { status: 'queued' }) };
  });
  await writeFile(join(dir, 'up'), bytes);
  await it.client.create({ name: 'acc-1', diskFormat: 'qcow2', minDisk: gib(3), properties: { acceptance_run: 'r1' } });
  await it.client.upload('1', join(dir, 'up'));
  await it.client.download('1', join(dir, 'down'));
  expect(JSON.parse(it.server.seen[0]?.body ?? '')).toEqual({
    name: 'acc-1',
    disk_format: 'qcow2',
    container_format: 'bare',
    min_disk: 3,
    acceptance_run: 'r1',
  });
  expect(it.server.seen[1]?.body).toBe(bytes);
  expect(it.server.seen[1]?.headers['content-type']).toBe('application/octet-stream');
  expect(await readFile(join(dir, 'down'), 'utf8')).toBe(bytes);
  await rm(dir, { recursive: true });
});

test('a download that is refused is an error, not a file', async () => {
  await using it = await glance(() => ({ status: 403, body: '<html><body>You are not authorized</body></html>' }));
  await expect(it.client.download('1', '/nonexistent/x')).rejects.toThrow(/with 403: You are not authorized/);
});

test('an upload that was killed is not waited for', async () => {
  await using it = await glance(() => ({ body: row('1', 'a', { status: 'killed' }) }));
  await expect(it.client.untilActive('1')).rejects.toThrow(/it is killed/);
});
