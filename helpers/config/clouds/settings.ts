import { isSomething, isTable, Plain, type Table, type Value } from '../python/values.ts';
import { Unfit } from './files.ts';
import type { Region } from './regions.ts';

/*
 * What openstacksdk makes of an entry of clouds.yaml, step by step and in its order (openstack/openstacksdk@0.101.0
 * openstack/config/loader.py, get_one and magic_fixes), with the client's own on top (openstack/osc-lib@2.6.2
 * osc_lib/cli/client_config.py). Numbers, truth values and empty values stay as they are here, where openstacksdk makes texts of
 * them, so that whoever uses them can tell what would be sent from what was written.
 */

/** A cloud's settings as they come out, without what is in `auth`, and that. */
export interface Settings {
  readonly cloud: ReadonlyMap<string, Value>;
  readonly auth: ReadonlyMap<string, Value>;
  /** Settings of `auth` that openstacksdk makes texts of whatever they are: an empty one becomes the word None. */
  readonly texts: ReadonlySet<string>;
}

export interface Layers {
  readonly profile: Table | undefined;
  readonly entry: Table;
  readonly region: Region;
  /** Of single OS_* variables. */
  readonly onTop: Table;
}

type Mutable = Map<string, Value>;

/** openstack/openstacksdk@0.101.0 openstack/config/defaults.json and defaults.py: those that decide something here. */
const DEFAULTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['auth_type', 'password'],
  ['interface', 'public'],
  ['verify', true],
  ['cacert', null],
  ['cert', null],
  ['key', null],
]);

type Option = readonly [name: string, older?: string];

/** What each kind of sign-in knows, with older names (openstack/keystoneauth@5.0.0 keystoneauth1/loading). */
const OF_V3: readonly Option[] = [
  ['auth_url'],
  ['system_scope'],
  ['domain_id'],
  ['domain_name'],
  ['project_id'],
  ['project_name'],
  ['project_domain_id'],
  ['project_domain_name'],
  ['trust_id'],
  ['user_id'],
  ['username', 'user_name'],
  ['user_domain_id'],
  ['user_domain_name'],
];
const OPTIONS: Readonly<Record<string, readonly Option[]>> = {
  password: [...OF_V3, ['password'], ['default_domain_id'], ['default_domain_name']],
  v3password: [...OF_V3, ['password']],
  v3applicationcredential: [
    ...OF_V3,
    ['application_credential_id'],
    ['application_credential_name'],
    ['application_credential_secret'],
  ],
};

/** What may stand in `auth` for this kind of sign-in; undefined for one that the suite does not have. */
export function knownInAuth(type: string): ReadonlySet<string> | undefined {
  const options = OPTIONS[type];
  return options && new Set(options.flatMap((names) => names as readonly string[]));
}

/** Throws Unfit when the layers cannot be laid over each other. */
export function settle({ profile, entry, region, onTop }: Layers): Settings {
  const cloud: Mutable = new Map(DEFAULTS);
  const auth: Mutable = new Map();
  const lay = (layer: Table, what: string) => {
    for (const [key, value] of textKeys(layer, what)) {
      if (key === 'auth') {
        for (const [name, one] of textKeys(mapping(value, `${what}: auth`), `${what}: auth`)) {
          auth.set(name, one);
        }
      } else {
        cloud.set(key, value);
      }
    }
  };
  lay(profile ?? new Map(), 'the profile');
  lay(entry, 'the cloud');
  for (const key of ['cloud', 'regions', 'auth']) {
    cloud.delete(key);
  }
  // An empty value of a region, unlike one of the entry itself, changes nothing.
  const given = new Map([...region.values].filter(([, value]) => value !== null));
  lay(given, 'the region');
  cloud.set('region_name', region.name);
  lay(new Map([...onTop].filter(([key]) => key !== 'region_name')), 'OS_*');
  const texts = rename(cloud, auth);
  const plain = withUnderscores(cloud);
  const within = withUnderscores(auth);
  const [type, version] = [plain.get('auth_type'), plain.get('identity_api_version')];
  gather(OPTIONS[typeof type === 'string' ? type : ''] ?? [], plain, within, texts);
  // Who asks for version 2 gets no domains, though version 3 answers (openstack/osc-lib@2.6.2 osc_lib/cli/client_config.py, _auth_v2_ignore_v3).
  if (/^2/.test(version instanceof Plain ? version.written : String(version)) && /password$/.test(String(type))) {
    for (const key of ['user', 'project'].flatMap((kind) => [`${kind}_domain_id`, `${kind}_domain_name`])) {
      within.delete(key);
    }
  }
  return { cloud: plain, auth: within, texts };
}

function mapping(value: Value, what: string): Table {
  if (isTable(value)) {
    return value;
  }
  throw new Unfit(`${what} is no mapping`);
}

function* textKeys(table: Table, what: string): Generator<[string, Value]> {
  for (const [key, value] of table) {
    if (typeof key !== 'string') {
      throw new Unfit(`${what} has a key that is no text: put ${key instanceof Plain ? key.written : String(key)} in quotes`);
    }
    yield [key, value];
  }
}

/** Old names, and names beside `auth` that belong into it. Of several the last in this order wins, and in `auth` before beside it. */
const OF_AUTH: readonly (readonly [target: string, names: readonly string[]])[] = [
  ['domain_id', ['domain_id', 'domain-id']],
  ['domain_name', ['domain_name', 'domain-name']],
  ['user_domain_id', ['user_domain_id', 'user-domain-id']],
  ['user_domain_name', ['user_domain_name', 'user-domain-name']],
  ['project_domain_id', ['project_domain_id', 'project-domain-id']],
  ['project_domain_name', ['project_domain_name', 'project-domain-name']],
  ['token', ['auth-token', 'auth_token', 'token']],
  ['project_id', ['tenant_id', 'tenant-id', 'project_id', 'project-id']],
  ['project_name', ['tenant_name', 'tenant-name', 'project_name', 'project-name']],
];

function rename(cloud: Mutable, auth: Mutable): Set<string> {
  if (cloud.has('endpoint_type')) {
    moveToEnd(cloud, 'interface', cloud.get('endpoint_type') ?? null);
    cloud.delete('endpoint_type');
  }
  if (cloud.has('passcode')) {
    auth.set('passcode', cloud.get('passcode') ?? null);
    cloud.delete('passcode');
  }
  const type = cloud.get('auth_type');
  cloud.delete('auth_plugin');
  moveToEnd(cloud, 'auth_type', isSomething(type) ? type : 'password');
  const texts = new Set<string>();
  for (const [target, names] of OF_AUTH) {
    let found: Value | undefined;
    for (const table of names.flatMap((name) => [[cloud, name] as const, [auth, name] as const])) {
      const [holder, name] = table;
      found = holder.has(name) ? holder.get(name) : found;
      holder.delete(name);
    }
    if (found !== undefined && found !== '') {
      auth.set(target, found);
      texts.add(target);
    }
  }
  for (const [key, value] of [...cloud]) {
    if (key.endsWith('endpoint_type')) {
      cloud.delete(key);
      cloud.set(key.replaceAll('endpoint_type', 'interface'), value);
    }
  }
  shareDomain(cloud, auth, texts);
  return texts;
}

/** A domain given once is that of user and project, where there is a project. */
function shareDomain(cloud: Mutable, auth: Mutable, texts: Set<string>): void {
  if (!['project_id', 'project_name'].some((key) => auth.has(key) || cloud.has(key))) {
    return;
  }
  for (const kind of ['id', 'name']) {
    const shared = auth.get(`domain_${kind}`);
    for (const key of [`user_domain_${kind}`, `project_domain_${kind}`]) {
      if (shared !== undefined && !auth.has(key)) {
        auth.set(key, shared);
        texts.add(key);
      }
    }
    auth.delete(`domain_${kind}`);
  }
}

function moveToEnd(table: Mutable, key: string, value: Value): void {
  table.delete(key);
  table.set(key, value);
}

/** Of a key with dashes and one with underscores the later wins. */
function withUnderscores(table: ReadonlyMap<string, Value>): Mutable {
  return new Map([...table].map(([key, value]) => [key.replaceAll('-', '_'), value]));
}

/** An option beside `auth` wins over that within, as the client has it; both over one of its older name. */
function gather(options: readonly Option[], cloud: Mutable, auth: Mutable, texts: ReadonlySet<string>): void {
  for (const [name, older] of options) {
    const names = older === undefined ? [name] : [name, older];
    const first = (table: Mutable) => {
      const key = names.find((one) => table.has(one));
      return key === undefined ? undefined : table.get(key);
    };
    const beside = first(cloud);
    const inside = first(auth);
    const winning = isSomething(beside) ? beside : inside;
    for (const one of names) {
      cloud.delete(one);
      auth.delete(one);
    }
    // What is false is not sent, but was meant: whoever uses it tells.
    if (winning !== undefined && (isSomething(winning) || winning === false || texts.has(name))) {
      auth.set(name, winning);
    }
  }
}
