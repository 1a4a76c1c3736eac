import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Fault } from '../../fixtures/mock/core/faults.ts';
import type { Call, Reply } from '../../fixtures/mock/core/operation.ts';
import { type ServedMock, serveMock } from '../../fixtures/mock/standalone.ts';
import { Command } from './supervised-run.ts';

export const PASSWORD = 'canary-pä"ss\\word/&=+ 1';
const STORPOOL_TOKEN = '4242canary4242storpool4242';
const LOOK_EVERY_MS = 100;
/** Of another program, in the environment that the suite is started in. */
const OTHERS_SECRET = 'canary-of-another-program';
const UNHEARD_OF = 'canary-unheard-of';
const ENVIRONMENT = {
  ...{ ACCEPTANCE_TARGET: 'live', ACCEPTANCE_YES: 'true', ACCEPTANCE_CLIENTS: 'rest' },
  ...{ ACCEPTANCE_TEMPLATE: 'hybrid', ACCEPTANCE_REPLICATION: '3', ACCEPTANCE_FLAVOR: 'm1.small' },
  DATABASE_PASSWORD: OTHERS_SECRET,
};

/** Tokens that the mock Keystone hands out, as they come to be known. */
interface Secrets {
  readonly tokens: Set<string>;
}

const written = (secret: string) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  // As Python's services write it.
  JSON.stringify(secret)
    .slice(1, -1)
    .replaceAll(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  secret.replaceAll('\\', '\\\\'),
  secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('base64url'),
];
/** As HTTP's basic authentication sends it, and the part of that which is the secret's alone. */
const basic = (secret: string) => Buffer.from(`admin:${secret}`).toString('base64');
const ofBasic = (secret: string) => basic(secret).slice(12, -4);

/** The part that is the secret's alone, wherever it lies in what was encoded, such as a report that holds its data so. */
const within = (secret: string) =>
  [1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
      .toString('base64')
      .slice(4, -4),
  );

const allOf = ({ tokens }: Secrets) =>
  [PASSWORD, STORPOOL_TOKEN, OTHERS_SECRET, ...tokens].flatMap((secret) => [
    ...written(secret),
    ofBasic(secret),
    ...within(secret),
  ]);

/** Everything that a careless service might say back: in words, in JSON, in JSON within JSON, in headers and in URLs. */
function tell(call: Call | undefined): string {
  const token = String(call?.headers['x-auth-token'] ?? '');
  const own = [PASSWORD, STORPOOL_TOKEN, token].flatMap((secret) => [...written(secret), basic(secret)]).join(' | ');
  const nested = JSON.stringify(JSON.stringify({ auth: { password: PASSWORD, token }, adminPass: UNHEARD_OF }));
  const url = `http://admin:${encodeURIComponent(PASSWORD)}@127.0.0.1/?token=${token}`;
  return `${own} | ${nested} | ${url} | Storpool v1:${STORPOOL_TOKEN} | X-Auth-Token: ${token}`;
}

const listening = ({ tokens }: Secrets): Fault => ({
  id: 'listening',
  kind: 'lie',
  cause: 'tells the test which tokens there are',
  seam: 'keystone.createToken',
  act: async (next) => {
    const reply = (await next()) as Reply;
    tokens.add(String(reply.headers?.['x-subject-token'] ?? reply.headers?.['X-Subject-Token']));
    return reply;
  },
});

export const careless = (seam: string, status: number): Fault => ({
  id: `careless-${seam}`,
  kind: 'refuse',
  cause: 'an error that repeats what it was sent',
  seam,
  act: (_next, { details }) => {
    const message = tell(details['call'] as Call | undefined);
    const error = { name: 'internalError', descr: message, transient: false };
    return Promise.resolve({
      status,
      headers: { 'x-openstack-request-id': 'req-1' },
      body: seam.startsWith('storpool') ? { error } : { badRequest: { message } },
    });
  },
});

async function serve(faults: readonly Fault[]): Promise<ServedMock & { readonly dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'acc-secrets-'));
  const served = await serveMock({
    ...{ dir, portBase: 0, persist: false },
    settings: (healthy) => ({
      ...healthy,
      storpool: { ...healthy.storpool, token: STORPOOL_TOKEN },
      openstack: { ...healthy.openstack, password: PASSWORD },
    }),
  });
  for (const fault of faults) {
    served.cluster.core.faults.add(fault);
  }
  return {
    ...served,
    dir,
    [Symbol.asyncDispose]: async () => {
      await served[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Every file under a folder, as bytes read it. */
function filesUnder(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

/** Of a bundle, what is in it. */
const textOf = (path: string) =>
  (path.endsWith('.tar.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path)).toString('utf8');

/** The command lines of all processes there are, but for those of this test itself. */
function commandLines(): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) && Number(pid) !== process.pid ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')] : [];
    } catch {
      return [];
    }
  });
}

/** Where a secret stands that should stand nowhere, in words. */
function found(where: string, text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => text.includes(secret)).map((secret) => `${where}: …${around(text, secret)}…`);
}

const around = (text: string, secret: string) =>
  text.slice(Math.max(0, text.indexOf(secret) - 80), text.indexOf(secret) + secret.length + 20);

/** What was left lying about, and how it came to that. */
export interface Telltale {
  readonly code: number | string;
  /** Each secret that stands somewhere, with where. */
  readonly leaks: readonly string[];
  readonly files: readonly string[];
  readonly output: string;
  /** How many Keystone tokens there were. */
  readonly tokens: number;
}

export interface Doing {
  /** The words after `acceptance`, one command after the other; `RUNS` in them is the folder of the runs. */
  readonly commands: readonly (readonly string[])[];
  readonly faults?: readonly Fault[];
  readonly environment?: (served: ServedMock) => Readonly<Record<string, string>>;
}

/** Does it against a cluster whose secrets are canaries, and looks for them in files, output and the command lines of all processes. */
export async function telltale({ commands, faults = [], environment = () => ({}) }: Doing): Promise<Telltale> {
  const secrets: Secrets = { tokens: new Set() };
  await using served = await serve([listening(secrets), ...faults]);
  const runsDir = join(served.dir, 'runs');
  mkdirSync(runsDir);
  const settings = { ...served.exports, ...ENVIRONMENT, ACCEPTANCE_RUNS_DIR: runsDir, ...environment(served) };
  const argv = new Set<string>();
  const looking = setInterval(() => {
    for (const line of commandLines()) {
      argv.add(line);
    }
  }, LOOK_EVERY_MS);
  let code: number | string = 0;
  let output = '';
  for (const words of commands) {
    const command = new Command(
      words.map((word) => word.replace('RUNS', runsDir)),
      settings,
    );
    code = await command.ended;
    output += command.output;
  }
  clearInterval(looking);
  const files = filesUnder(runsDir);
  const all = allOf(secrets);
  const leaks = [
    ...files.flatMap((path) => found(path.slice(runsDir.length), textOf(path), [...all, UNHEARD_OF])),
    ...found('what was printed', output, [...all, UNHEARD_OF]),
    ...[...argv].flatMap((line) => found('a command line', line, all)),
  ];
  return { code, leaks, files, output, tokens: secrets.tokens.size };
}

/** What only one scenario meets, so that each of several fails at something else. */
export const onlyIn = (scenario: string, fault: Fault): Fault => ({
  ...fault,
  when: ({ details }) => JSON.stringify((details['call'] as Call).body ?? '').includes(`-${scenario}-`),
});
