import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Exchange } from '../evidence.ts';
import { Redactor } from '../redact.ts';
import { answering } from '../testing/answering.ts';
import { Http } from './http.ts';
import { HttpFailure, Unreachable } from './http-failure.ts';
import { OpenstackApi, openstackMessage } from './openstack-api.ts';

const open = (baseUrl: string, more: Partial<ConstructorParameters<typeof Http>[0]> = {}) =>
  new Http({ service: 'Cinder', baseUrl, requestMs: 60_000, explain: openstackMessage, ...more });

test('a reply is read as its schema says', async () => {
  await using server = await answering(() => ({ body: { size: 3 } }));
  const reply = await open(server.url).json(z.object({ size: z.number() }), {
    method: 'GET',
    path: '/x',
    query: { a: 'b c', d: undefined },
  });
  expect(reply).toEqual({ size: 3 });
  expect(server.seen[0]?.url).toBe('/x?a=b+c');
});

test('a reply that does not fit names the field, the request and the service', async () => {
  await using server = await answering(() => ({ body: { volume: { size: 'big' } } }));
  const schema = z.object({ volume: z.object({ size: z.number() }) });
  const reading = open(server.url).json(schema, { method: 'GET', path: '/volumes/1' });
  await expect(reading).rejects.toThrow(/Cinder answered[\s\S]*GET \/volumes\/1[\s\S]*field: volume\.size/);
});

test('a reply that is no JSON is shown by its beginning and its kind', async () => {
  const headers = { 'content-type': 'text/html' };
  await using server = await answering(() => ({ headers, body: '<html>\u001b[2Jlog in' }));
  const reading = open(server.url).json(z.object({}), { method: 'GET', path: '/volumes' });
  await expect(reading).rejects.toThrow(/content-type: text\/html\n {2}begins: "<html>\\u001b\[2Jlog in"/);
});

test.for([301, 302, 303, 307, 308])('a redirect by %i is told as that, and not followed', async (status) => {
  await using server = await answering(() => ({ status, headers: { location: 'https://login.example/' }, body: 'moved' }));
  const error = await open(server.url)
    .ask({ method: 'GET', path: '/volumes' })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'HttpFailure', status });
  expect(String(error)).toContain(`Cinder answered GET /volumes with ${status}: redirects to https://login.example/`);
  expect(String(error)).toContain('No redirect is followed');
  expect(server.seen).toHaveLength(1);
});

test('the list of versions that services answer with 300 is no redirect', async () => {
  await using server = await answering(() => ({ status: 300, body: { versions: [] } }));
  expect((await open(server.url).ask({ method: 'GET', path: '/' })).body).toEqual({ versions: [] });
});

test('no encoding is asked for, and a reply in one is told', async () => {
  await using server = await answering(() => ({ headers: { 'content-encoding': 'gzip' }, body: 'x' }));
  const asking = open(server.url).ask({ method: 'GET', path: '/x' });
  await expect(asking).rejects.toThrow(/the reply of Cinder cannot be read: it is encoded as gzip[\s\S]*→ .*proxy/);
  expect(server.seen[0]?.headers['accept-encoding']).toBe('identity');
});

test('an error status in an encoding is told by its status', async () => {
  await using server = await answering(() => ({ status: 502, headers: { 'content-encoding': 'gzip' }, body: 'x' }));
  await expect(open(server.url).ask({ method: 'GET', path: '/x' })).rejects.toMatchObject({ name: 'HttpFailure', status: 502 });
});

test.for(['with', 'without'])('a reply that is too long is cut off, %s its length told', async (told) => {
  const body = 'x'.repeat(3 * 1024 ** 2);
  const headers: Record<string, string> = told === 'with' ? { 'content-length': String(body.length) } : {};
  await using server = await answering(() => ({ headers, body }));
  const asking = open(server.url, { mostBytes: 1024 ** 2 }).ask({ method: 'GET', path: '/x' });
  await expect(asking).rejects.toThrow(/the reply of Cinder cannot be read: it is longer than 1 MiB/);
});

test('an error status tells the service’s own words, the status and the request id', async () => {
  await using server = await answering(() => ({
    status: 413,
    headers: { 'x-openstack-request-id': 'req-1' },
    body: { overLimit: { code: 413, message: 'VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded' } },
  }));
  const error = await open(server.url)
    .ask({ method: 'POST', path: '/volumes', body: {} })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HttpFailure);
  expect(error).toMatchObject({ status: 413, requestId: 'req-1', method: 'POST', path: '/volumes' });
  expect(String(error)).toContain('Maximum number of volumes allowed (10)');
});

test.for([
  [
    413,
    '<html><head><title>413 Request Entity Too Large</title></head><body><hr><center>nginx</center></body></html>',
    {},
    /proxy/,
  ],
  [403, 'Request forbidden by administrative rules.', {}, /proxy/],
  [413, '<html><body>Image storage media is full</body></html>', { 'x-openstack-request-id': 'req-1' }, /quota/],
  [413, { overLimit: { code: 413, message: 'VolumeLimitExceeded' } }, {}, /quota/],
] as const)('a refusal with %d is that of whoever has answered', async ([status, body, headers, whose]) => {
  await using server = await answering(() => ({ status, headers, body }));

  await expect(open(server.url).ask({ method: 'PUT', path: '/x' })).rejects.toMatchObject({
    advice: expect.stringMatching(whose),
  });
});

test.for([
  [
    'Keystone',
    { error: { code: 401, message: 'The request you have made requires authentication.' } },
    /requires authentication/,
  ],
  [
    'Glance',
    '<html><head><title>404 Not Found</title></head><body><h1>404</h1>No image found<br/></body></html>',
    /^404 No image found$/,
  ],
  [
    'a browser',
    '<html><body><h1>415</h1>Image &#x27;a&#39; of &lt;b&gt; &amp;amp; &quot;c&quot; &unknown; &#x110000;</body></html>',
    /^415 Image 'a' of <b> &amp; "c" &unknown; &#x110000;$/,
  ],
  ['faults', { computeFault: { code: 500, message: 'Unexpected API Error.' } }, /Unexpected/],
] as const)('the message of %s is found in its envelope', ([, body, message]) => {
  expect(openstackMessage(body)).toMatch(message);
});

test('a refused connection is told as such, and that nothing can have been done', async () => {
  const { port } = await (async () => {
    await using server = await answering(() => ({}));
    return server;
  })();
  const error = await open(`http://127.0.0.1:${port}`)
    .ask({ method: 'GET', path: '/' })
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Unreachable);
  expect(error).toMatchObject({ maybeDone: false });
  expect(String(error)).toContain('connection refused');
});

test('TLS where nobody speaks it is told as such, with what to write instead', async () => {
  await using server = await answering(() => ({ body: {} }));
  const error = await open(server.url.replace('http:', 'https:'))
    .json(z.object({}), { method: 'POST', path: '/x' })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ maybeDone: false, message: expect.stringContaining('Write http:// in place of https://') });
  expect((error as Unreachable).message).toMatch(/^Cinder does not answer: what listens there speaks no TLS\n/);
});

test('a connection that is cut is told as such, and that something may have been done', async () => {
  await using server = await answering(() => 'cut');
  const error = await open(server.url)
    .ask({ method: 'POST', path: '/', body: {} })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'Unreachable', maybeDone: true });
  expect(String(error)).toContain('connection was cut');
});

test('a service that stays silent is given up after the request’s time', async () => {
  await using server = await answering(() => 'silence');
  const asking = open(server.url, { requestMs: 50 }).ask({ method: 'GET', path: '/' });
  await expect(asking).rejects.toThrow(/no answer from Cinder for [\d.]+ s\n/);
});

test('a large reply on a connection that closes at once is read whole', async () => {
  const long = 'x'.repeat(3 * 1024 ** 2);
  await using server = await answering(() => ({ headers: { connection: 'close' }, body: { long } }));
  const http = open(server.url, { requestMs: 60_000 });
  const replies = await Promise.all(Array.from({ length: 8 }, () => http.ask({ method: 'GET', path: '/' })));
  expect(replies.every(({ body }) => (body as { long: string }).long === long)).toBe(true);
});

test('an upload whose token is refused is sent again from its beginning', async () => {
  await using server = await answering(({ headers }) => (headers['x-auth-token'] === 'old' ? { status: 401 } : { body: {} }));
  const tokens = { token: async () => 'old', renew: async () => 'new' };
  const api = new OpenstackApi({ http: { service: 'Glance', baseUrl: server.url, requestMs: 60_000 }, tokens });

  await api.ask({ method: 'PUT', path: '/file', stream: () => new Blob(['bytes']).stream() });

  expect(server.seen.map(({ body }) => body)).toEqual(['bytes', 'bytes']);
});

test('an abort ends a request with the abort’s own reason', async () => {
  await using server = await answering(() => 'silence');
  const controller = new AbortController();
  const asking = open(server.url, { signal: controller.signal }).ask({ method: 'GET', path: '/' });
  controller.abort(new Error('Ctrl-C'));
  await expect(asking).rejects.toThrow('Ctrl-C');
});

test('exchanges are recorded masked and cut', async () => {
  const exchanges: Exchange[] = [];
  await using server = await answering(() => ({ body: { long: 'x'.repeat(10_000), echo: 'hunter22' } }));
  const http = open(server.url, { record: (exchange) => exchanges.push(exchange), redactor: new Redactor(['hunter22']) });
  await http.ask({ method: 'POST', path: '/login', body: { user: 'me', secret: 'hunter22' } });
  expect(exchanges).toHaveLength(1);
  expect(JSON.stringify(exchanges)).not.toContain('hunter22');
  expect(exchanges[0]?.reply?.length).toBeLessThan(4200);
  expect(http.requests).toBe(1);
});

test('of a long reply only what is recorded is looked through for secrets, and one that was cut there leaves nothing', async () => {
  const exchanges: Exchange[] = [];
  const secret = 'hunter22'.repeat(100);
  const looked: number[] = [];
  class Watched extends Redactor {
    override mask(text: string): string {
      looked.push(text.length);
      return super.mask(text);
    }
  }
  // Masks make the beginning shorter, and so bring into sight what comes later.
  await using server = await answering(() => ({ body: `${'honest '.repeat(500)}${`${secret} `.repeat(5000)}` }));
  const http = open(server.url, { record: (exchange) => exchanges.push(exchange), redactor: new Watched([secret]) });

  await http.ask({ method: 'GET', path: '/' });

  expect(exchanges[0]?.reply).toMatch(/^(honest )*… \(4008500 characters\)$/);
  expect(Math.max(...looked)).toBeLessThan(25_000);
});
