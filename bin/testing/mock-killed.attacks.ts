import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Sent, send } from '../../fixtures/mock/http/send.ts';
import { Command } from './supervised-run.ts';

/** Of each kind; every writer has had answers by then, and has a request under way. */
const ENOUGH = 40;
const GIB = 1024 ** 3;

/** Something that many writers make at once: how it is made, and the names of all there are. */
interface Kind {
  readonly create: (name: string) => Promise<Sent>;
  readonly names: () => Promise<string[]>;
}

interface SignedIn {
  readonly auth: {
    readonly auth_url: string;
    readonly username: string;
    readonly password: string;
    readonly project_name: string;
  };
}
interface Named {
  readonly name: string;
}

/** A mock in another process that keeps its state in `dir`. */
async function serve(dir: string) {
  const command = new Command(['mock', '--state', dir, '--seed', join(dir, 'seed.yaml')], {});
  while (!command.output.includes('openrc')) {
    await Promise.race([once(command.child.stderr ?? command.child, 'data'), command.ended]);
  }
  return { command, kinds: await kindsOf(dir) };
}

async function kindsOf(dir: string): Promise<readonly Kind[]> {
  const conf = readFileSync(join(dir, 'storpool.conf'), 'utf8');
  const setting = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(conf)?.[1] ?? '';
  const storpool = `http://${setting('SP_API_HTTP_HOST')}:${setting('SP_API_HTTP_PORT')}/ctrl/1.0`;
  const token = { authorization: `Storpool v1:${setting('SP_AUTH_TOKEN')}` };
  const clouds = parse(readFileSync(join(dir, 'clouds.yaml'), 'utf8')) as { clouds: { mock: SignedIn } };
  const { url, headers } = await signIn(clouds.clouds.mock);
  return [
    kind(`${storpool}/VolumeCreate`, `${storpool}/VolumesList`, token, (name) => ({ name, size: GIB, template: 'hybrid' })),
    kind(`${url('volumev3')}/volumes`, `${url('volumev3')}/volumes`, headers, (name) => ({ volume: { name, size: 1 } })),
    kind(`${url('image')}/v2/images`, `${url('image')}/v2/images?limit=1000`, headers, (name) => ({ name })),
    kind(`${url('compute')}/os-keypairs`, `${url('compute')}/os-keypairs`, headers, (name) => ({ keypair: { name } })),
  ];
}

function kind(to: string, list: string, headers: Record<string, string>, body: (name: string) => unknown): Kind {
  const json = { ...headers, 'content-type': 'application/json' };
  return {
    create: (name) => send(to, { method: 'POST', headers: json, body: JSON.stringify(body(name)) }),
    names: async () => {
      const found = Object.values((await send(list, { headers })).json() as object).find(Array.isArray) ?? [];
      return (found as (Named & { keypair?: Named })[]).map((one) => one.keypair?.name ?? one.name);
    },
  };
}

async function signIn({ auth }: SignedIn) {
  const domain = { id: 'default' };
  const user = { name: auth.username, password: auth.password, domain };
  const scope = { project: { name: auth.project_name, domain } };
  const body = JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } });
  const json = { 'content-type': 'application/json' };
  const response = await send(`${auth.auth_url}/auth/tokens`, { method: 'POST', headers: json, body });
  const { token } = response.json() as {
    token: { catalog: { type: string; endpoints: { interface: string; url: string }[] }[] };
  };
  const url = (type: string) =>
    token.catalog.find((one) => one.type === type)?.endpoints.find((one) => one.interface === 'public')?.url ?? type;
  return { url, headers: { 'x-auth-token': response.headers.get('x-subject-token') ?? '' } };
}

/** Makes one after the other until nobody answers any more. */
async function write({ create }: Kind, writer: number, acknowledged: (name: string) => void): Promise<never> {
  for (let i = 0; ; i += 1) {
    const name = `writer-${writer}-${i}`;
    const response = await create(name);
    if (!response.ok) {
      throw new Error(response.text());
    }
    acknowledged(name);
  }
}

test('what a mock has acknowledged to eight writers is there after kill -9 and a restart', { timeout: 180_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'acc-killed-'));
  writeFileSync(join(dir, 'seed.yaml'), 'quota: { volumes: 100000, gigabytes: 100000 }\n');
  const first = await serve(dir);
  const acknowledged = first.kinds.map((): string[] => []);
  const enough = Promise.withResolvers<void>();
  const writers = [...first.kinds, ...first.kinds].map((each, writer) =>
    write(each, writer, (name) => {
      acknowledged[writer % first.kinds.length]?.push(name);
      if (acknowledged.every(({ length }) => length >= ENOUGH)) {
        enough.resolve();
      }
    }),
  );
  await Promise.race([enough.promise, ...writers]);
  first.command.child.kill('SIGKILL');
  await Promise.allSettled(writers);
  await first.command.ended;

  const second = await serve(dir);
  const there = await Promise.all(second.kinds.map(({ names }) => names()));
  second.command.child.kill('SIGTERM');

  expect(await second.command.ended).toBe(0);
  expect(acknowledged.map((names, i) => names.filter((name) => there[i]?.includes(name) !== true))).toEqual([[], [], [], []]);
  rmSync(dir, { recursive: true });
});
