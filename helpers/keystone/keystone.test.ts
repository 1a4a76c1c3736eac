import { expect, test } from 'vitest';
import { z } from 'zod';
import { CannotRun } from '../failure.ts';
import { OpenstackApi } from '../http/openstack-api.ts';
import { answering } from '../testing/answering.ts';
import { cloudAccess, isSignIn, tokenReply } from '../testing/keystone.ts';
import { signIn } from './keystone.ts';

const watch = { requestMs: 60_000 };

test('of several regions one must be named: they are told, and none is taken', async () => {
  await using server = await answering((_, nth) => tokenReply(server.url, nth));
  const { regionName: _, ...anywhere } = cloudAccess(server.url);
  const session = await signIn(anywhere, watch);
  expect(() => session.endpoint('volumev3')).toThrow(
    /in 2 regions, and none was named\n {2}regions: RegionOne, RegionTwo\n[^→]*→ .*OS_REGION_NAME/,
  );
  const inside = await signIn({ ...anywhere, interface: 'internal' }, watch);
  expect(inside.endpoint('volumev3')).toBe('http://inner');
});

test('of several interfaces a service is found by the first that it has, and clients are told the one by which all are', async () => {
  await using server = await answering((_, nth) => tokenReply(server.url, nth));
  const session = await signIn(cloudAccess(server.url, { interface: ['admin', 'internal', 'public'] }), watch);
  expect(session.endpoint('image')).toBe('http://inner');
  expect(session.plainAccess.interface).toBe('internal');
  const elsewhere = cloudAccess(server.url, { interface: ['internal', 'public'], regionName: 'RegionTwo' });
  expect((await signIn(elsewhere, watch)).endpoint('image')).toBe(`${server.url}/two/image`);
});

test('signing in gives the project, the user and endpoints of the right region and interface', async () => {
  await using server = await answering((_, nth) => tokenReply(server.url, nth));
  const session = await signIn(cloudAccess(server.url), watch);
  expect(session).toMatchObject({ projectId: 'p1', userId: 'u1', roles: ['admin'] });
  expect(session.endpoint('volumev4', 'volumev3')).toBe(`${server.url}/volumev3/v3/p1`);
  const second = await signIn(cloudAccess(server.url, { regionName: 'RegionTwo' }), watch);
  expect(second.endpoint('image')).toBe(`${server.url}/two/image`);
  const sent: unknown = JSON.parse(server.seen[0]?.body ?? '');
  expect(sent).toEqual({
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'operator', password: 'hunter22', domain: { name: 'Default' } } },
      },
      scope: { project: { name: 'acceptance', domain: { name: 'Default' } } },
    },
  });
});

test('an application credential signs in without a scope, and a wrong one is told as such', async () => {
  await using server = await answering((_, nth) => (nth < 3 ? tokenReply(server.url, nth) : { status: 401, body: {} }));
  const access = cloudAccess(server.url, { applicationCredential: { id: 'c1' }, password: 's3cret' });
  await signIn(access, watch);
  await signIn({ ...access, applicationCredential: { name: 'acc' } }, watch);
  const sent = server.seen.map(({ body }) => JSON.parse(body ?? '') as unknown);
  const methods = ['application_credential'];
  const user = { name: 'operator', domain: { name: 'Default' } };
  expect(sent).toEqual([
    { auth: { identity: { methods, application_credential: { id: 'c1', secret: 's3cret' } } } },
    { auth: { identity: { methods, application_credential: { name: 'acc', user, secret: 's3cret' } } } },
  ]);
  const error = await signIn(access, watch).catch(String);
  expect(error).toMatch(/does not let this application credential in[\s\S]*application credential: c1/);
  expect(error).not.toContain('s3cret');
});

test('who must bring more than a password is told so, and what to run with instead', async () => {
  const body = { receipt: { methods: ['password'] }, required_auth_methods: [['password', 'totp']] };
  await using server = await answering(() => ({ status: 401, headers: { 'openstack-auth-receipt': 'r' }, body }));
  await expect(signIn(cloudAccess(server.url), watch)).rejects.toThrow(
    /wants more than a password of this user[\s\S]*ways in: password and totp[\s\S]*→ .*application credential/,
  );
});

test('an address without a version gets /v3, and ids win over names', async () => {
  await using server = await answering((_, nth) => tokenReply(server.url, nth));
  const access = cloudAccess(server.url, { authUrl: `${server.url}/`, userDomainId: 'default', projectId: 'p1' });
  await signIn(access, watch);
  expect(server.seen[0]?.url).toBe('/v3/auth/tokens');
  expect(server.seen[0]?.body).toContain('"domain":{"id":"default"}');
  expect(server.seen[0]?.body).toContain('"scope":{"project":{"id":"p1"}}');
});

test('what is said of one service holds for it alone, and a user by its id needs no domain', async () => {
  await using server = await answering((_, nth) => tokenReply(server.url, nth));
  const services = { 'block-storage': { endpoint: 'http://elsewhere/v3/' }, image: { regionName: 'RegionTwo' } } as const;
  const session = await signIn(cloudAccess(server.url, { services, userId: 'u7' }), watch);
  expect(session.endpoint('volumev3', 'block-storage')).toBe('http://elsewhere/v3');
  expect(session.endpoint('image')).toBe(`${server.url}/two/image`);
  expect(session.endpoint('compute')).toBe(`${server.url}/compute/v3/p1`);
  expect(server.seen[0]?.body).toContain('"user":{"id":"u7","password":"hunter22"}');
});

test('a service that its own settings name otherwise is told by that name', async () => {
  await using server = await answering((_, nth) => tokenReply(server.url, nth));
  const session = await signIn(cloudAccess(server.url, { services: { compute: { type: 'nova', name: 'n' } } }), watch);
  expect(() => session.endpoint('compute')).toThrow(/no nova endpoint[\s\S]*name: n/);
});

test('an endpoint that the catalogue lacks is told with what it has', async () => {
  await using server = await answering((_, nth) => tokenReply(server.url, nth));
  const session = await signIn(cloudAccess(server.url, { regionName: 'Elsewhere' }), watch);
  expect(() => session.endpoint('image')).toThrow(/no image endpoint[\s\S]*region: Elsewhere[\s\S]*public@RegionTwo/);
});

test('a wrong password or project is one clear cause that does not tell the password', async () => {
  const body = { error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' } };
  await using server = await answering(() => ({ status: 401, body }));
  const error = await signIn(cloudAccess(server.url), watch).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CannotRun);
  expect(String(error)).toMatch(/does not let this user in[\s\S]*user: operator[\s\S]*project: acceptance[\s\S]*OS_PASSWORD/);
  expect(String(error)).not.toContain('hunter22');
});

test('a URL without a Keystone is told as such, whether it answers 404 or something else', async () => {
  await using missing = await answering(() => ({ status: 404, body: '<html>Not Found</html>' }));
  await expect(signIn(cloudAccess(missing.url), watch)).rejects.toThrow(/no Keystone v3 at the auth URL[\s\S]*OS_AUTH_URL/);
  await using other = await answering(() => ({ body: { hello: 'world' } }));
  await expect(signIn(cloudAccess(other.url), watch)).rejects.toThrow(/does not answer as a Keystone v3 does/);
});

test('a token is used until shortly before it expires, then renewed', async () => {
  await using lasting = await answering((_, nth) => tokenReply(lasting.url, nth));
  const long = await signIn(cloudAccess(lasting.url), watch);
  expect([await long.token(), await long.token()]).toEqual(['token-1', 'token-1']);
  await using short = await answering((_, nth) => tokenReply(short.url, nth, nth === 1 ? 0 : 3_600_000));
  const brief = await signIn(cloudAccess(short.url), watch);
  expect([await brief.token(), await brief.token()]).toEqual(['token-2', 'token-2']);
});

test('a token that a service refuses is renewed once, for all requests that met it', async () => {
  await using server = await answering((seen, nth) => {
    if (isSignIn(seen)) {
      return tokenReply(server.url, nth);
    }
    return seen.headers['x-auth-token'] === 'token-1' ? { status: 401, body: {} } : { body: { ok: true } };
  });
  const session = await signIn(cloudAccess(server.url), watch);
  const api = new OpenstackApi(session.api('Cinder', 'volumev3'));
  const ask = () => api.json(z.object({ ok: z.boolean() }), { method: 'GET', path: '/volumes' });
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
  expect(server.seen.filter(isSignIn)).toHaveLength(2);
});

test('a service that refuses every token is not asked for ever', async () => {
  await using server = await answering((seen, nth) => (isSignIn(seen) ? tokenReply(server.url, nth) : { status: 401, body: {} }));
  const session = await signIn(cloudAccess(server.url), watch);
  const api = new OpenstackApi(session.api('Cinder', 'volumev3'));
  await expect(api.ask({ method: 'GET', path: '/volumes' })).rejects.toMatchObject({ status: 401 });
  expect(server.seen).toHaveLength(4);
});
