import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import type { CloudAccess, ServiceAccess, ServiceType } from '../access.ts';
import type { Environment } from '../config.ts';
import type { Problems } from '../problems.ts';
import { isSomething, otherThanText, Plain, type Value } from '../python/values.ts';
import { meant } from './known-keys.ts';
import { knownInAuth, type Settings } from './settings.ts';

const BY_CREDENTIAL = 'v3applicationcredential';
const INTERFACES = ['public', 'internal', 'admin'] as const;

/** Services that the suite speaks to, by the names that settings may have them by, the official one first (os-service-types). */
const SERVICES: Readonly<Record<ServiceType, readonly string[]>> = {
  'block-storage': ['block_storage', 'volumev3', 'volumev2', 'volume', 'block_store'],
  compute: ['compute'],
  image: ['image'],
};

/** Where a setting stands, for a person. */
export type NameOf = (key: string, inAuth: boolean) => string;

/** A cloud's settings as the suite signs in by them. What is missing or cannot be meant is added to `problems`, and then undefined comes back. */
export function signInBy(
  settings: Settings,
  nameOf: NameOf,
  environment: Environment,
  problems: Problems,
): CloudAccess | undefined {
  const before = problems.count;
  const reader = new Reader(settings, nameOf, environment, problems);
  const access = reader.access();
  return problems.count === before ? access : undefined;
}

class Reader {
  readonly #settings: Settings;
  readonly #nameOf: NameOf;
  readonly #environment: Environment;
  readonly #problems: Problems;

  constructor(settings: Settings, nameOf: NameOf, environment: Environment, problems: Problems) {
    this.#settings = settings;
    this.#nameOf = nameOf;
    this.#environment = environment;
    this.#problems = problems;
  }

  access(): CloudAccess {
    this.#refuseUnverified();
    const type = this.#text('auth_type') ?? 'password';
    if (knownInAuth(type) === undefined) {
      this.#problem('auth_type', `${type} is not supported: the suite signs in by password or by application credential`);
    }
    this.#refuseStrangers(type);
    this.#refuseHomeless(type);
    this.#refuseUnfilled();
    const services = this.#services();
    return {
      authUrl: this.#authUrl(),
      ...(type === BY_CREDENTIAL ? this.#credential() : this.#password()),
      ...this.#domains(),
      interface: this.#interface('interface') ?? 'public',
      ...given('regionName', this.#text('region_name')),
      ...this.#certificates(),
      ...(Object.keys(services).length === 0 ? {} : { services }),
    };
  }

  /** What the kind of sign-in does not know in `auth` makes keystoneauth stop; other scopes are not the suite's. */
  #refuseStrangers(type: string): void {
    const known = knownInAuth(type);
    for (const key of this.#settings.auth.keys()) {
      if (known?.has(key) === false) {
        const other = knownInAuth(BY_CREDENTIAL)?.has(key) === true ? `, but to ${BY_CREDENTIAL}` : meant(key, [...known]);
        this.#problem(key, `is not known to auth_type ${type}${other}: openstacksdk stops at it`, true);
      } else if ((key === 'system_scope' || key === 'trust_id') && this.#auth(key) !== undefined) {
        this.#problem(key, 'is not supported: the suite works in a project', true);
      }
    }
  }

  /** Without a domain the kinds of sign-in that are v3's own stop at a name (openstack/keystoneauth@5.0.0 keystoneauth1/loading). */
  #refuseHomeless(type: string): void {
    if (!type.startsWith('v3') || (type !== BY_CREDENTIAL && this.#text('identity_api_version') === '3')) {
      return;
    }
    for (const [key, kind] of [
      ['username', 'user'],
      ['project_name', 'project'],
    ] as const) {
      const isHome = ['id', 'name'].some((what) => isSomething(this.#settings.auth.get(`${kind}_domain_${what}`)));
      if (isSomething(this.#settings.auth.get(key)) && !isHome) {
        this.#problem(
          key,
          `needs ${kind}_domain_name or ${kind}_domain_id with auth_type ${type}: openstacksdk stops there`,
          true,
        );
      }
    }
  }

  /** openstacksdk fills in braces in every text beside `auth` but a password, also in those that nobody looks at. */
  #refuseUnfilled(): void {
    for (const [key, value] of this.#settings.cloud) {
      if (typeof value === 'string' && key !== 'password') {
        this.#filledIn(key, value);
      }
    }
  }

  #problem(key: string, what: string, inAuth = false): void {
    this.#problems.add(this.#nameOf(key, inAuth), what);
  }

  #authUrl(): string {
    const url = this.#filledIn('auth_url', this.#needed('auth_url'));
    if (url !== '' && !/^https?:\/\//.test(url)) {
      this.#problem('auth_url', `${url} is no http or https URL`, true);
    } else if (/\/v2\.0\/?$/i.test(url)) {
      this.#problem('auth_url', `${url} is Identity API v2.0, which OpenStack has not had since Queens: end it with /v3`, true);
    }
    return url;
  }

  #password() {
    const [userId, projectId] = [this.#auth('user_id'), this.#auth('project_id')];
    return {
      username: userId === undefined ? this.#needed('username') : (this.#auth('username') ?? ''),
      password: this.#needed('password'),
      projectName: !this.#settings.auth.has('project_id')
        ? this.#needed('project_name')
        : (this.#auth('project_name') ?? projectId ?? ''),
      ...given('userId', userId),
      ...given('projectId', projectId),
    };
  }

  /** The project is that of the credential. */
  #credential() {
    const [id, userId] = [this.#auth('application_credential_id'), this.#auth('user_id')];
    const needsUser = id === undefined && userId === undefined;
    return {
      username: needsUser ? this.#needed('username') : (this.#auth('username') ?? ''),
      password: this.#needed('application_credential_secret'),
      projectName: '',
      applicationCredential: id === undefined ? { name: this.#needed('application_credential_name') } : { id },
      ...given('userId', userId),
    };
  }

  #domains() {
    const fallback = this.#text('default_domain') ?? 'default';
    const [anyId, anyName] = [this.#auth('default_domain_id'), this.#auth('default_domain_name')];
    // Once it is told so, the client takes its own default for both, before those of keystoneauth.
    const first = this.#text('identity_api_version') === '3' ? fallback : anyId;
    const of = (kind: 'user' | 'project') => {
      const [id, name] = [this.#auth(`${kind}_domain_id`), this.#auth(`${kind}_domain_name`)];
      const isGiven = id !== undefined || name !== undefined;
      const byName = name ?? anyName;
      const byId = id ?? (isGiven ? anyId : first);
      return { id: byId ?? (byName === undefined ? fallback : undefined), name: byName };
    };
    const [user, project] = [of('user'), of('project')];
    return {
      userDomainName: user.name ?? 'Default',
      projectDomainName: project.name ?? 'Default',
      ...given('userDomainId', user.id),
      ...given('projectDomainId', project.id),
    };
  }

  /** Certificates are always verified here. What openstacksdk would take for a file's name, it takes for one. */
  #refuseUnverified(): void {
    const [verify, insecure] = [this.#settings.cloud.get('verify'), this.#settings.cloud.get('insecure')];
    const isOff = verify === false || insecure === true || (typeof insecure === 'string' && insecure.toLowerCase() === 'true');
    if (isOff || verify === null) {
      this.#problem(
        verify === true ? 'insecure' : 'verify',
        'certificates are always verified: name the authority as cacert instead',
      );
    } else if (verify !== true && verify !== undefined) {
      this.#problem('verify', 'is text or a number, and must be true or false without quotes');
    } else if (insecure instanceof Plain) {
      this.#problem('insecure', 'is a number, and must be true or false');
    }
  }

  #certificates() {
    const [cacert, cert, key] = [this.#file('cacert'), this.#file('cert'), this.#file('key')];
    return { ...given('cacert', cacert), ...given('cert', cert), ...(cert === undefined ? {} : given('key', key)) };
  }

  #file(key: string): string | undefined {
    const written = this.#text(key);
    const home = this.#environment['HOME'] ?? homedir();
    const path = written?.replace(/^~(?=\/|$)/, home);
    if (path !== undefined && !existsSync(path)) {
      this.#problem(key, `there is no file ${path}`);
    }
    return path;
  }

  /** A list tells them in order of preference (openstack/keystoneauth@5.0.0 keystoneauth1/access/service_catalog.py, get_endpoints_data). */
  #interface(key: string): CloudAccess['interface'] | undefined {
    const written = this.#settings.cloud.get(key);
    const names = Array.isArray(written) ? written.map(String) : [this.#text(key) ?? []].flat();
    const faces = names.flatMap((name) => INTERFACES.find((face) => face === name.replace(/URL$/, '')) ?? []);
    if (faces.length < names.length) {
      this.#problem(key, `${names.join(', ')} is none of ${INTERFACES.join(', ')}`);
    }
    return faces.length > 1 ? faces : faces[0];
  }

  #services(): Record<string, ServiceAccess> {
    const found: Record<string, ServiceAccess> = {};
    for (const [type, names] of Object.entries(SERVICES)) {
      const key = (what: string) => names.map((name) => `${name}_${what}`).find((one) => this.#text(one) !== undefined);
      const text = (what: string) => this.#text(key(what) ?? '');
      const face = names.map((name) => `${name}_interface`).find((one) => isSomething(this.#settings.cloud.get(one)));
      const own = {
        ...given('endpoint', text('endpoint_override') ?? text('endpoint')),
        ...given('interface', face === undefined ? undefined : this.#interface(face)),
        ...given('regionName', text('region_name')),
        ...given('type', text('service_type')),
        ...given('name', text('service_name')),
      };
      if (Object.keys(own).length > 0) {
        found[type] = own;
      }
    }
    return found;
  }

  /** A setting beside `auth`, in which {name} stands for another (Python's str.format). */
  #text(key: string): string | undefined {
    const value = this.#faithful(key, this.#settings.cloud.get(key), false);
    return value === undefined || value === '' ? undefined : this.#filledIn(key, value);
  }

  #auth(key: string): string | undefined {
    return this.#faithful(key, this.#settings.auth.get(key), true) || undefined;
  }

  #needed(key: string): string {
    const value = this.#settings.auth.get(key);
    const text = this.#auth(key);
    if (text === undefined && (value === undefined || value === '')) {
      this.#problem(key, 'missing', true);
    }
    return text ?? '';
  }

  /** The text that was written, where it is the text that is sent. */
  #faithful(key: string, value: Value | undefined, inAuth: boolean): string | undefined {
    if (value === undefined || typeof value === 'string') {
      return value;
    }
    if (value === null) {
      if (inAuth && this.#settings.texts.has(key)) {
        this.#problem(key, 'is there and empty, which openstacksdk takes for the word None: remove it or fill it in', inAuth);
      }
      return;
    }
    const isDate = value instanceof Plain && value.kind === 'date';
    const faithful = value instanceof Plain && (!isDate || this.#settings.texts.has(key)) ? value.faithful : undefined;
    if (faithful === undefined) {
      this.#problem(key, otherThanText(value), inAuth);
    }
    return faithful;
  }

  #filledIn(key: string, text: string): string {
    return text.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (found, name?: string) => {
      if (found === '{{' || found === '}}') {
        return found.slice(1);
      }
      const value = name === undefined ? undefined : this.#settings.cloud.get(name);
      if (typeof value !== 'string' || name === key) {
        this.#problem(
          key,
          `${name === undefined ? 'a lone brace' : found} stands for nothing: openstacksdk fills in what is in braces`,
          key === 'auth_url',
        );
        return found;
      }
      return value;
    });
  }
}

function given<K extends string, T extends string | readonly string[]>(
  key: K,
  value: T | undefined,
): { readonly [Name in K]?: T } {
  return (value === undefined || value === '' ? {} : { [key]: value }) as { [Name in K]?: T };
}
