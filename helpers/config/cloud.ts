import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../failure.ts';
import type { CloudAccess } from './access.ts';
import type { Environment } from './config.ts';
import type { Problems } from './problems.ts';
import { readYaml } from './yaml.ts';

const text = z.union([z.string(), z.number()]).transform(String);
const authSchema = z.looseObject({
  auth_url: text.optional(),
  username: text.optional(),
  password: text.optional(),
  project_name: text.optional(),
  tenant_name: text.optional(),
  project_id: text.optional(),
  user_domain_name: text.optional(),
  user_domain_id: text.optional(),
  project_domain_name: text.optional(),
  project_domain_id: text.optional(),
  application_credential_id: text.optional(),
  application_credential_name: text.optional(),
  application_credential_secret: text.optional(),
});
const cloudSchema = z.looseObject({
  auth: authSchema.default({}),
  auth_type: z.string().optional(),
  region_name: text.optional(),
  regions: z.array(z.union([z.string(), z.looseObject({ name: z.string() })])).optional(),
  interface: z.string().optional(),
  endpoint_type: z.string().optional(),
  cacert: z.string().optional(),
  verify: z.boolean().optional(),
});
type Cloud = z.output<typeof cloudSchema>;
const fileSchema = z.looseObject({ clouds: z.record(z.string(), cloudSchema) });
type Auth = z.output<typeof authSchema>;

const BY_CREDENTIAL = 'v3applicationcredential';
const INTERFACES = ['public', 'internal', 'admin'] as const;

/** Where openstacksdk looks, in its order (openstack/openstacksdk openstack/config/loader.py). */
function folders(environment: Environment, cwd: string): string[] {
  const home = environment['HOME'];
  const config = environment['XDG_CONFIG_HOME'] ?? (home === undefined ? undefined : join(home, '.config'));
  return [cwd, ...(config === undefined ? [] : [join(config, 'openstack')]), '/etc/openstack'];
}

/**
 * How to sign in: the cloud that OS_CLOUD names in clouds.yaml (merged with secure.yaml), else the OS_* variables, else the only
 * cloud of clouds.yaml. Problems are added to `problems`, and then undefined comes back.
 */
export function readCloud(environment: Environment, cwd: string, problems: Problems): CloudAccess | undefined {
  // Shells cannot always unset a variable: an empty one names nothing.
  if (!environment['OS_CLOUD'] && environment['OS_AUTH_URL']) {
    return accessOf('OS_*', fromVariables(environment), (key) => `OS_${key.toUpperCase()}`, environment, problems);
  }
  const found = fromFiles(environment, cwd, problems);
  if (found === undefined) {
    return;
  }
  return accessOf(found.where, found.cloud, (key) => `${found.where}: auth.${key}`, environment, problems);
}

function fromVariables(environment: Environment): Cloud {
  const auth: Auth = {};
  for (const key of Object.keys(authSchema.shape)) {
    const value = environment[`OS_${key.toUpperCase()}`];
    if (value !== undefined && value !== '') {
      auth[key] = value;
    }
  }
  const variable = (name: string) => environment[name] || undefined;
  return {
    auth,
    auth_type: variable('OS_AUTH_TYPE'),
    region_name: variable('OS_REGION_NAME'),
    interface: variable('OS_INTERFACE'),
    endpoint_type: variable('OS_ENDPOINT_TYPE'),
    cacert: variable('OS_CACERT'),
  };
}

function fromFiles(environment: Environment, cwd: string, problems: Problems): { where: string; cloud: Cloud } | undefined {
  const path = fileOf('clouds', environment['OS_CLIENT_CONFIG_FILE'], environment, cwd);
  if (path === undefined) {
    problems.add(
      'OS_CLOUD or OS_AUTH_URL',
      `no cloud is named, and there is no clouds.yaml in ${folders(environment, cwd).join(', ')}`,
    );
    return;
  }
  const clouds = readClouds(path, problems);
  const securePath = fileOf('secure', environment['OS_CLIENT_SECURE_FILE'], environment, cwd);
  const secure = securePath === undefined ? {} : readClouds(securePath, problems);
  const name = environment['OS_CLOUD'] || onlyOne(Object.keys(clouds ?? {}));
  const cloud = name === undefined ? undefined : clouds?.[name];
  if (clouds === undefined) {
    return;
  }
  if (name === undefined || cloud === undefined) {
    problems.add('OS_CLOUD', `${name ?? '(not set)'}: ${path} has the clouds ${Object.keys(clouds).join(', ') || '(none)'}`);
    return;
  }
  const secret = secure?.[name];
  return { where: `${path}, cloud ${name}`, cloud: { ...cloud, ...secret, auth: { ...cloud.auth, ...secret?.auth } } };
}

function onlyOne(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

function fileOf(name: string, given: string | undefined, environment: Environment, cwd: string): string | undefined {
  const candidates = folders(environment, cwd).flatMap((folder) =>
    ['yaml', 'yml', 'json'].map((end) => join(folder, `${name}.${end}`)),
  );
  return (given ? [given, ...candidates] : candidates).find((path) => existsSync(path));
}

function readClouds(path: string, problems: Problems): Readonly<Record<string, Cloud>> | undefined {
  try {
    const parsed = fileSchema.safeParse(readYaml(readFileSync(path, 'utf8')));
    if (parsed.success) {
      return parsed.data.clouds;
    }
    const [issue] = parsed.error.issues;
    problems.add(path, `${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
  } catch (error) {
    problems.add(path, messageOf(error).split('\n')[0] ?? '');
  }
  return;
}

function accessOf(
  where: string,
  cloud: Cloud,
  nameOf: (key: string) => string,
  environment: Environment,
  problems: Problems,
): CloudAccess | undefined {
  const before = problems.count;
  const { auth } = cloud;
  const needed: Needed = (key) => {
    const value = auth[key];
    if (value === undefined || value === '') {
      problems.add(nameOf(key), 'missing');
    }
    return value ?? '';
  };
  refuseUnsupported(where, cloud, problems);
  const access = {
    authUrl: needed('auth_url'),
    ...(cloud.auth_type === BY_CREDENTIAL ? credential(auth, needed) : password(auth, needed)),
    // Without a domain openstacksdk, too, ends up in the default one.
    userDomainName: auth.user_domain_name ?? 'Default',
    projectDomainName: auth.project_domain_name ?? 'Default',
    interface: interfaceOf(where, cloud, problems),
    ...given('userDomainId', auth.user_domain_id),
    ...given('projectDomainId', auth.project_domain_id),
    ...given('regionName', regionOf(cloud, environment)),
    ...given('cacert', cloud.cacert),
  };
  if (access.authUrl !== '' && !/^https?:\/\//.test(access.authUrl)) {
    problems.add(nameOf('auth_url'), `${access.authUrl} is no http or https URL`);
  }
  return problems.count === before ? access : undefined;
}

type Needed = (key: keyof typeof authSchema.shape) => string;

function password(auth: Auth, needed: Needed) {
  const name = auth.project_name ?? auth.tenant_name;
  return {
    username: needed('username'),
    password: needed('password'),
    projectName: name ?? auth.project_id ?? needed('project_name'),
    ...given('projectId', name === undefined ? auth.project_id : undefined),
  };
}

/** The project is that of the credential. */
function credential(auth: Auth, needed: Needed) {
  const { application_credential_id: id } = auth;
  const applicationCredential = id === undefined ? { name: needed('application_credential_name') } : { id };
  return {
    username: id === undefined ? needed('username') : (auth.username ?? ''),
    password: needed('application_credential_secret'),
    projectName: '',
    applicationCredential,
  };
}

function given<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  return (value === undefined || value === '' ? {} : { [key]: value }) as { [K in Key]?: string };
}

function refuseUnsupported(where: string, cloud: Cloud, problems: Problems): void {
  const { auth_type: type, verify, cacert } = cloud;
  if (type !== undefined && !['password', 'v3password', BY_CREDENTIAL].includes(type)) {
    problems.add(`${where}: auth_type`, `${type} is not supported: the suite signs in by password or by application credential`);
  }
  if (verify === false) {
    problems.add(`${where}: verify`, 'certificates are always verified: name the authority as cacert instead');
  }
  if (cacert !== undefined && !existsSync(cacert)) {
    problems.add(`${where}: cacert`, `there is no file ${cacert}`);
  }
}

function interfaceOf(where: string, cloud: Cloud, problems: Problems): CloudAccess['interface'] {
  const wanted = (cloud.interface ?? cloud.endpoint_type ?? 'public').replace(/URL$/, '');
  const known = INTERFACES.find((name) => name === wanted);
  if (known === undefined) {
    problems.add(`${where}: interface`, `${wanted} is none of ${INTERFACES.join(', ')}`);
  }
  return known ?? 'public';
}

function regionOf(cloud: Cloud, environment: Environment): string | undefined {
  const [first] = cloud.regions ?? [];
  return environment['OS_REGION_NAME'] || cloud.region_name || (typeof first === 'string' ? first : first?.name);
}
