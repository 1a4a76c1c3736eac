import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { answering } from '../testing/answering.ts';
import { AUTHORITY, SERVER } from '../testing/certificates.ts';
import { freePort } from '../testing/sshd.ts';
import { Http } from './http.ts';
import { type Proxies, proxiesIn, proxyFor, secretsIn, secretsOf } from './proxies.ts';

const before = getCACertificates('default');
afterEach(() => setDefaultCACertificates(before));

const PROXY = 'http://proxy:3128';

test.for<[environment: Record<string, string>, proxies: Proxies | undefined]>([
  [{}, undefined],
  [{ no_proxy: 'a' }, undefined],
  [
    { HTTP_PROXY: PROXY, NO_PROXY: 'a' },
    { http_proxy: PROXY, no_proxy: 'a' },
  ],
  [{ HTTP_PROXY: 'http://other', http_proxy: PROXY }, { http_proxy: PROXY }],
  [
    { HTTP_PROXY: PROXY, http_proxy: '', https_proxy: PROXY, no_proxy: '', NO_PROXY: 'a' },
    { https_proxy: PROXY, no_proxy: 'a' },
  ],
])('of %j: %j', ([environment, proxies]) => {
  expect(proxiesIn(environment)).toEqual(proxies);
});

test.for<[url: string, proxies: Proxies, proxy: string | undefined]>([
  ['http://cloud:5000/v3', { http_proxy: 'proxy:3128' }, PROXY],
  ['https://cloud:5000/v3', { http_proxy: PROXY }, undefined],
  ['https://cloud:5000/v3', { all_proxy: PROXY }, PROXY],
  ['http://10.1.2.3:8776/', { http_proxy: PROXY, no_proxy: 'localhost, 10.0.0.0/8' }, undefined],
  ['http://11.1.2.3:8776/', { http_proxy: PROXY, no_proxy: '10.0.0.0/8,11.1.2.30' }, PROXY],
  ['http://api.cloud.example/', { http_proxy: PROXY, no_proxy: '.Cloud.example' }, undefined],
  ['http://api.cloud.example/', { http_proxy: PROXY, no_proxy: 'other.example,*' }, PROXY],
  ['http://api.cloud.example:5000/', { http_proxy: PROXY, no_proxy: '*' }, undefined],
  ['http://api.cloud.example:5000/', { http_proxy: PROXY, no_proxy: 'cloud.example:5000' }, undefined],
  ['http://127.0.0.1:5000/', { http_proxy: PROXY }, undefined],
  ['http://localhost:5000/', { http_proxy: PROXY }, undefined],
])('%s with %j goes by %s', ([url, proxies, proxy]) => {
  expect(proxyFor(url, proxies)).toBe(proxy);
});

const ask = (baseUrl: string, proxies: Proxies) =>
  new Http({ service: 'Keystone', baseUrl, requestMs: 60_000, patienceMs: 0, proxies }).ask({ method: 'GET', path: '/v3' });

test('a request goes by the proxy, with the name and password that stand there', async () => {
  await using proxy = await answering(() => ({ body: { by: 'the proxy' } }));
  const { body } = await ask('http://cloud.invalid:5000', { http_proxy: proxy.url.replace('://', '://me:secret@') });
  expect(body).toEqual({ by: 'the proxy' });
  expect(proxy.seen.map(({ url }) => url)).toEqual(['http://cloud.invalid:5000/v3']);
  expect(proxy.seen[0]?.headers['proxy-authorization']).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
});

test('over TLS the proxy only leads there, and who answers must be trusted as without it', async () => {
  const server = createSecureServer(SERVER, (_, response) => response.end('{"by":"the service"}'));
  const led: (string | undefined)[] = [];
  const proxy = createServer();
  proxy.on('connect', ({ url }, socket: Socket) => {
    led.push(url);
    const there = connect((server.address() as AddressInfo).port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    for (const end of [there, socket]) {
      end.on('error', () => there.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    const proxies = { https_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
    const certified = 'https://10.255.255.1:5000';
    await expect(ask(certified, proxies)).rejects.toThrow(/Keystone cannot be trusted/);
    setDefaultCACertificates([...before, AUTHORITY]);
    await expect(ask(certified, proxies)).rejects.toThrow(/its certificate is for other names/);
    expect(led).toEqual(['10.255.255.1:5000', '10.255.255.1:5000']);
  } finally {
    server.close();
    proxy.close();
  }
});

test('a proxy that does not answer is named, without its secret', async () => {
  const free = await freePort();
  const asking = ask('http://cloud.invalid:5000', { http_proxy: `http://me:secret@127.0.0.1:${free}` });
  const told = String(await asking.catch((error: unknown) => error));
  expect(told).toContain(`proxy: http://127.0.0.1:${free}`);
  expect(told).toMatch(/→ .*no_proxy/);
  expect(told).not.toContain('secret');
});

test('passwords in proxies are known, as they are written and as they are', () => {
  const proxies = {
    http_proxy: 'http://me:p%40ss@proxy',
    https_proxy: 'you:secret@proxy:1',
    all_proxy: 'http://me:100%25%@proxy',
    no_proxy: 'a:b@c',
  };
  expect(secretsIn(proxies)).toEqual(['p%40ss', 'p@ss', 'secret', 'secret', '100%25%', '100%25%']);
});

test.for([
  ['http://user:pa:ss@proxy:3128', 'pa:ss'],
  ['user:p@ss@proxy', 'p@ss'],
  ['https://user:pass@host:5000/v3', 'pass'],
  ['https://host:5000/v3/@x', undefined],
  ['http://proxy:3128', undefined],
] as const)('a password in an address is known whole: %s', ([address, secret]) => {
  expect([...new Set(secretsOf(address))]).toEqual(secret === undefined ? [] : [secret]);
});
