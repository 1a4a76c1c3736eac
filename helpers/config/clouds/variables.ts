import type { Environment } from '../config.ts';
import type { Table } from '../python/values.ts';

/** Variables that only choose, and are no settings of a cloud (openstack/openstacksdk@0.101.0 openstack/config/loader.py, _get_os_environ). */
const SELECTORS = new Set(['OS_CLOUD', 'OS_REGION_NAME', 'OS_CLIENT_CONFIG_FILE', 'OS_CLIENT_SECURE_FILE', 'OS_CLOUD_NAME']);
const NOT_OF_A_CLOUD = /^OS_(?:TEST|STD|LOG)/;

/** The cloud that the OS_* variables make up, and the first of those that make it one; undefined when none does. */
export function cloudOfVariables(environment: Environment): { readonly cloud: Table; readonly because: string } | undefined {
  const names = Object.keys(environment).filter(
    (name) => name.startsWith('OS_') && !NOT_OF_A_CLOUD.test(name) && environment[name] !== undefined,
  );
  const because = names.find((name) => !SELECTORS.has(name));
  if (because === undefined) {
    return;
  }
  return { cloud: new Map(names.map((name) => [name.slice('OS_'.length).toLowerCase(), environment[name] ?? ''])), because };
}

/**
 * Settings that the `openstack` client takes from single variables, whatever cloud OS_CLOUD names (openstack/osc-lib@2.6.2
 * osc_lib/shell.py and osc_lib/api/auth.py). They stand beside `auth`; which of two wins, the settings' own rules tell.
 */
const ON_TOP = [
  'auth_type',
  'auth_url',
  'username',
  'user_id',
  'password',
  'user_domain_id',
  'user_domain_name',
  'project_domain_id',
  'project_domain_name',
  'domain_id',
  'domain_name',
  'system_scope',
  'trust_id',
  'default_domain_id',
  'default_domain_name',
  'application_credential_id',
  'application_credential_name',
  'application_credential_secret',
  'region_name',
  'interface',
  'cacert',
  'cert',
  'key',
  'identity_api_version',
] as const;

/** The domain that the client falls back to: by its id, which a new name does not change. */
const DEFAULT_DOMAIN_ID = 'default';

/** An empty variable names nothing: shells cannot always unset one. */
export function onTop(environment: Environment): Table {
  const given = new Map<string, string>();
  const take = (key: string, value: string | undefined) => {
    if (value !== undefined && value !== '') {
      given.set(key, value);
    }
  };
  for (const key of ON_TOP) {
    take(key, environment[`OS_${key.toUpperCase()}`]);
  }
  // Whatever the entry says of it, the client has its own.
  given.set('default_domain', environment['OS_DEFAULT_DOMAIN'] || DEFAULT_DOMAIN_ID);
  // The client takes each of these for the other where only one is set.
  for (const key of ['id', 'name']) {
    const upper = key.toUpperCase();
    take(`project_${key}`, environment[`OS_PROJECT_${upper}`] || environment[`OS_TENANT_${upper}`]);
  }
  return given;
}
