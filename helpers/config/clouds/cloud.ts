import type { CloudAccess } from '../access.ts';
import type { Environment } from '../config.ts';
import type { Problems } from '../problems.ts';
import { isTable, type Table } from '../python/values.ts';
import { BadFile, type CloudsFile, firstFile, merged, searchPath, Unfit } from './files.ts';
import { unknownKeys } from './known-keys.ts';
import { profileOf } from './profile.ts';
import { regionOf } from './regions.ts';
import { settle } from './settings.ts';
import { signInBy } from './sign-in.ts';
import { cloudOfVariables, onTop } from './variables.ts';

/** A cloud's entry as it stands in the files, or as the OS_* variables make it up. */
interface Chosen {
  /** For a person: which cloud of which file. */
  readonly where: string;
  readonly name: string;
  readonly entry: Table;
  readonly because?: string;
}

/**
 * How to sign in, by openstacksdk's rules: the cloud that OS_CLOUD names in clouds.yaml (with secure.yaml laid over it), else the OS_* variables, else the
 * only cloud of clouds.yaml; single OS_* variables go on top as the `openstack` client has it. Faults in other clouds' entries do not
 * matter. Problems are added to `problems`, and then undefined comes back; what a person should only know goes to `tell`, a line each.
 */
export function readCloud(
  environment: Environment,
  cwd: string,
  problems: Problems,
  tell: (line: string) => void = () => undefined,
): CloudAccess | undefined {
  try {
    const chosen = choose(environment, cwd, problems, tell);
    return chosen === undefined ? undefined : read(chosen, environment, cwd, problems, tell);
  } catch (error) {
    if (!(error instanceof BadFile)) {
      throw error;
    }
    problems.add(error.path, error.message);
    return;
  }
}

function choose(environment: Environment, cwd: string, problems: Problems, tell: (line: string) => void): Chosen | undefined {
  // Shells cannot always unset a variable: an empty OS_CLOUD names nothing.
  const wanted = environment['OS_CLOUD'] || undefined;
  const variables = cloudOfVariables(environment);
  const ownName = environment['OS_CLOUD_NAME'] || 'envvars';
  if (variables !== undefined && (wanted === undefined || wanted === ownName)) {
    return { where: 'OS_*', name: ownName, entry: variables.cloud, because: variables.because };
  }
  const file = firstFile('clouds', environment['OS_CLIENT_CONFIG_FILE'], environment, cwd);
  const secure = firstFile('secure', environment['OS_CLIENT_SECURE_FILE'], environment, cwd);
  if (file === undefined && secure === undefined) {
    const places = searchPath(environment, cwd).join(', ');
    problems.add('OS_CLOUD or OS_AUTH_URL', `no cloud is named, and there is no clouds.yaml in ${places}`);
    return;
  }
  for (const { path, twice } of [file, secure].filter((one) => one !== undefined)) {
    for (const key of twice) {
      tell(`${path}: the key ${key} stands twice in one mapping, and only the last counts`);
    }
  }
  return cloudNamed(wanted, file, secure, problems);
}

function cloudNamed(
  wanted: string | undefined,
  file: CloudsFile | undefined,
  secure: CloudsFile | undefined,
  problems: Problems,
): Chosen | undefined {
  const path = (file ?? secure)?.path ?? '';
  const [clouds, secrets] = [file, secure].map((one) => one?.content.get('clouds') ?? new Map());
  if (!isTable(clouds) || !isTable(secrets)) {
    problems.add((isTable(clouds) ? secure : file)?.path ?? path, 'clouds: must be a mapping of clouds by their names');
    return;
  }
  const names = [...new Set([...clouds.keys(), ...secrets.keys()])];
  if (names.length === 0) {
    problems.add(path, 'clouds: it has none');
    return;
  }
  const [only] = names.length === 1 ? names : [];
  const name = wanted ?? only;
  const [entry, secret] = name === undefined ? [] : [clouds.get(name), secrets.get(name)];
  if (typeof name !== 'string' || (entry === undefined && secret === undefined)) {
    const has = names.filter((one) => typeof one === 'string').join(', ') || '(none)';
    problems.add('OS_CLOUD', `${typeof name === 'string' ? name : '(not set)'}: ${path} has the clouds ${has}`);
    return;
  }
  const where = `${path}, cloud ${name}`;
  try {
    const both = isTable(secret) && entry !== undefined ? merged(entry, secret) : (secret ?? entry);
    if (!isTable(both)) {
      throw new Unfit('is empty, or no mapping');
    }
    return { where, name, entry: both };
  } catch (error) {
    if (!(error instanceof Unfit)) {
      throw error;
    }
    problems.add(where, error.message);
    return;
  }
}

function read(
  { where, name, entry, because }: Chosen,
  environment: Environment,
  cwd: string,
  problems: Problems,
  tell: (line: string) => void,
): CloudAccess | undefined {
  const isVariables = because !== undefined;
  const nameOf = (key: string, inAuth: boolean) =>
    isVariables ? `OS_${key.toUpperCase()}` : `${where}: ${inAuth ? 'auth.' : ''}${key}`;
  const profile = profileOf(entry, isVariables ? name : 'envvars', environment, cwd);
  if (profile.unknown !== undefined) {
    problems.add(nameOf('profile', false), profile.unknown);
    return;
  }
  if (profile.note !== undefined) {
    tell(`${where}: ${profile.note}`);
  }
  const top = onTop(environment);
  try {
    const region = regionOf(entry, profile.settings, String(top.get('region_name') ?? ''));
    const settings = settle({ profile: profile.settings, entry, region, onTop: top });
    for (const note of isVariables ? [] : unknownKeys(settings)) {
      tell(`${where}: ${note}`);
    }
    const access = signInBy(settings, nameOf, environment, problems);
    if (access === undefined && isVariables && !environment['OS_AUTH_URL']) {
      problems.add(
        'OS_CLOUD',
        `is not set, and ${because} is: then openstacksdk goes by the OS_* variables alone, not by clouds.yaml`,
      );
    }
    return access;
  } catch (error) {
    if (!(error instanceof Unfit)) {
      throw error;
    }
    problems.add(where, error.message);
    return;
  }
}
