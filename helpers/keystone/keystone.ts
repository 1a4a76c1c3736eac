import { z } from 'zod';
import type { CloudAccess } from '../config/access.ts';
import { CannotRun } from '../failure.ts';
import { type Answer, Http } from '../http/http.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { type ApiOptions, openstackMessage, type Tokens, type Watch } from '../http/openstack-api.ts';
import { secretsIn, secretsOf } from '../http/proxies.ts';
import { type CatalogueEntry, endpointOf, entrySchema, oneInterface } from './catalogue.ts';

const tokenSchema = z.object({
  token: z.object({
    issued_at: z.string(),
    expires_at: z.string(),
    user: z.object({ id: z.string(), name: z.string().optional() }),
    project: z.object({ id: z.string(), name: z.string() }),
    roles: z.array(z.object({ name: z.string() })).default([]),
    catalog: z.array(entrySchema),
  }),
});

type Token = z.infer<typeof tokenSchema>['token'];

/** What other web servers answer to a sign-in. */
const NOT_KEYSTONE = new Set([404, 405, 501]);
/** A token is renewed when less than this is left of it, or a tenth of its life if that is shorter. */
const SPARE_MS = 5 * 60_000;

/**
 * A user signed in to a project. The token is renewed shortly before it expires, and when a service refuses it.
 */
export class Session implements Tokens {
  readonly access: CloudAccess;
  readonly watch: Watch;
  /** How far this machine's clock was ahead of Keystone's when the user signed in. */
  readonly clockAheadMs: number;
  readonly #http: Http;
  #value: string;
  #token: Token;
  #renewAt: number;
  #renewal: Promise<string> | undefined;

  constructor(access: CloudAccess, watch: Watch, http: Http, signed: SignedIn) {
    this.access = access;
    this.watch = watch;
    this.#http = http;
    this.#value = signed.value;
    this.#token = signed.token;
    this.#renewAt = renewalTime(signed.token);
    this.clockAheadMs = Date.now() - Date.parse(signed.token.issued_at) || 0;
  }

  get projectName(): string {
    return this.#token.project.name;
  }

  get projectId(): string {
    return this.#token.project.id;
  }

  get userId(): string {
    return this.#token.user.id;
  }

  get userName(): string | undefined {
    return this.#token.user.name;
  }

  get roles(): readonly string[] {
    return this.#token.roles.map(({ name }) => name);
  }

  get catalogue(): readonly CatalogueEntry[] {
    return this.#token.catalog;
  }

  /** How many requests Keystone got. */
  get requests(): number {
    return this.#http.requests;
  }

  async token(): Promise<string> {
    return Date.now() < this.#renewAt ? this.#value : this.renew(this.#value);
  }

  /** Several callers whose token was refused at once share one renewal. */
  async renew(refused: string): Promise<string> {
    if (refused !== this.#value) {
      return this.#value;
    }
    this.#renewal ??= this.#signInAgain().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** The URL of the first of `types` that the catalogue has, without a trailing slash. Throws CannotRun when it has none. */
  endpoint(...types: string[]): string {
    return endpointOf(this.catalogue, this.access, types);
  }

  /** The access for clients that can be told one interface alone. */
  get plainAccess(): CloudAccess {
    return { ...this.access, interface: oneInterface(this.catalogue, this.access) ?? 'public' };
  }

  /** What an OpenstackApi of the service needs. */
  api(service: string, ...types: string[]): Omit<ApiOptions, 'microversion'> {
    return { http: { ...this.watch, service, baseUrl: this.endpoint(...types) }, tokens: this };
  }

  async #signInAgain(): Promise<string> {
    const { value, token } = await authenticate(this.access, this.watch, this.#http);
    this.#value = value;
    this.#token = token;
    this.#renewAt = renewalTime(token);
    return value;
  }
}

interface SignedIn {
  readonly value: string;
  readonly token: Token;
}

/** Signs in by password or application credential. Wrong credentials, a wrong URL and an unknown project are one clear CannotRun each. */
export async function signIn(access: CloudAccess, watching: Watch): Promise<Session> {
  const watch = { ...watching, proxies: access.proxies };
  const http = new Http({ ...watch, service: 'Keystone', baseUrl: identityUrl(access.authUrl), explain: openstackMessage });
  for (const secret of [access.password, ...secretsOf(access.authUrl), ...secretsIn(access.proxies)]) {
    watch.redactor?.learn(secret);
  }
  return new Session(access, watch, http, await authenticate(access, watch, http));
}

/** `/v3` is added to an address that has no version, as keystoneauth's discovery ends up doing. */
function identityUrl(authUrl: string): string {
  const trimmed = authUrl.replace(/\/+$/, '');
  return trimmed.endsWith('/v3') ? trimmed : `${trimmed}/v3`;
}

async function authenticate(access: CloudAccess, watch: Watch, http: Http): Promise<SignedIn> {
  const answer = await askForToken(access, http);
  const value = answer.headers.get('x-subject-token');
  const parsed = tokenSchema.safeParse(answer.body);
  if (value === null || !parsed.success) {
    const [issue] = parsed.error?.issues ?? [];
    throw new CannotRun(
      `${access.authUrl} does not answer as a Keystone v3 does`,
      {
        field: value === null ? 'X-Subject-Token header' : issue?.path.join('.'),
        problem: issue?.message,
        status: answer.status,
      },
      'Check the auth URL (auth_url in clouds.yaml, or OS_AUTH_URL).',
    );
  }
  watch.redactor?.learn(value);
  return { value, token: parsed.data.token };
}

async function askForToken(access: CloudAccess, http: Http): Promise<Answer> {
  try {
    return await http.ask({ method: 'POST', path: '/auth/tokens', body: { auth: identification(access) }, isSafe: true });
  } catch (error) {
    throw error instanceof HttpFailure ? refused(access, error) : error;
  }
}

/** What Keystone is told of who signs in, and to which project. */
export function identification(access: CloudAccess): unknown {
  return access.applicationCredential === undefined ? byPassword(access) : byCredential(access);
}

/** An id needs no domain, and clients send none beside it. */
function userOf({ userId, username: name, userDomainId, userDomainName }: CloudAccess) {
  return userId === undefined ? { name, domain: domain(userDomainId, userDomainName) } : { id: userId };
}

function byPassword(access: CloudAccess) {
  const user = { ...userOf(access), password: access.password };
  const named = { name: access.projectName, domain: domain(access.projectDomainId, access.projectDomainName) };
  const project = access.projectId === undefined ? named : { id: access.projectId };
  return { identity: { methods: ['password'], password: { user } }, scope: { project } };
}

/** Keystone refuses a scope beside it: the credential has its own. */
function byCredential(access: CloudAccess) {
  const { applicationCredential, password: secret } = access;
  const isNamed = applicationCredential !== undefined && 'name' in applicationCredential;
  const user = isNamed ? { user: userOf(access) } : {};
  return {
    identity: { methods: ['application_credential'], application_credential: { ...applicationCredential, ...user, secret } },
  };
}

function domain(id: string | undefined, name: string): { id: string } | { name: string } {
  return id === undefined ? { name } : { id };
}

/** What Keystone answers where a password is not enough (openstack/keystone keystone/receipt/handlers.py, build_receipt). */
const receiptSchema = z.object({ required_auth_methods: z.array(z.array(z.string())) });

function refused(access: CloudAccess, failure: HttpFailure): CannotRun {
  const { applicationCredential } = access;
  const who =
    applicationCredential === undefined
      ? {
          user: `${access.username} (domain ${access.userDomainId ?? access.userDomainName})`,
          project: `${access.projectName} (domain ${access.projectDomainId ?? access.projectDomainName})`,
        }
      : { 'application credential': Object.values(applicationCredential).join() };
  const details = {
    url: access.authUrl,
    ...who,
    status: failure.status,
    said: failure.said,
    requestId: failure.requestId,
  };
  const factors = receiptSchema.safeParse(failure.body).data?.required_auth_methods;
  if (failure.status === 401 && factors !== undefined) {
    const wanted = { ...details, 'ways in': factors.map((methods) => methods.join(' and ')).join('; ') };
    const advice = 'Run with an application credential of this user: openstack application credential create NAME';
    return new CannotRun('Keystone wants more than a password of this user', wanted, advice, { cause: failure });
  }
  if (failure.status === 401 && applicationCredential !== undefined) {
    const advice = 'Check its id or name, its secret and when it expires: openstack application credential list';
    return new CannotRun('Keystone does not let this application credential in', details, advice, { cause: failure });
  }
  if (failure.status === 401) {
    const advice =
      'Check the user name, password, project and domains (clouds.yaml, or OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME).';
    return new CannotRun('Keystone does not let this user in to this project', details, advice, { cause: failure });
  }
  if (NOT_KEYSTONE.has(failure.status)) {
    const advice = 'Check the auth URL (auth_url in clouds.yaml, or OS_AUTH_URL).';
    return new CannotRun('there is no Keystone v3 at the auth URL', details, advice, { cause: failure });
  }
  return new CannotRun('Keystone could not sign the user in', details, failure.advice, { cause: failure });
}

/** Counted from now by the token's whole life, so that a clock that differs from Keystone's does not matter. */
function renewalTime(token: Token): number {
  const life = Date.parse(token.expires_at) - Date.parse(token.issued_at);
  return Date.now() + life - Math.min(SPARE_MS, life / 10);
}
