import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../failure.ts';
import type { StorpoolAccess } from './access.ts';
import type { Environment } from './config.ts';
import type { Problems } from './problems.ts';
import { readByConfget } from './storpool-conf/confget.ts';
import { readByOsBrick } from './storpool-conf/os-brick.ts';
import { type ConfFile, confFile } from './storpool-conf/reading.ts';

/** What StorPool's configuration says for one host. */
export interface StorpoolConfiguration {
  /** Absent when the token is. */
  readonly access?: StorpoolAccess;
  /** SP_OURID */
  readonly client?: number;
}

// StorPool reference §1.4
const DEFAULTS = { SP_API_HTTP_HOST: '127.0.0.1', SP_API_HTTP_PORT: '81', SP_OPENSTACK_VOLUME_PREFIX: 'os' };
/** The first three are what StorPool's own clients take from the environment; the others are for this suite. */
const VARIABLES = [
  'SP_AUTH_TOKEN',
  'SP_API_HTTP_HOST',
  'SP_API_HTTP_PORT',
  'SP_OURID',
  'SP_OPENSTACK_VOLUME_PREFIX',
  'SP_CLUSTER_ID',
  'SP_CLUSTER_NAME',
];

const MAIN_FILE = '/etc/storpool.conf';
const MOST_CLIENTS = 4095;
const MOST_PORTS = 65_535;

/**
 * `/etc/storpool.conf` (or STORPOOL_CONF), then the files of `<that>.d` in order: the unnamed sections of all of them, overlaid by
 * the sections of the host's name, overlaid by the environment.
 */
export function readStorpool(environment: Environment, nodeName: string, problems: Problems): StorpoolConfiguration {
  const main = environment['STORPOOL_CONF'] ?? MAIN_FILE;
  const values = effective(filesOf(main), nodeName, problems);
  for (const name of VARIABLES) {
    const value = environment[name];
    if (value !== undefined && value !== '') {
      values.set(name, value);
    }
  }
  const value = (name: string) => values.get(name) ?? (DEFAULTS as Readonly<Record<string, string>>)[name];
  const token = value('SP_AUTH_TOKEN');
  if (token === undefined || token === '') {
    const where = existsSync(main)
      ? `not in ${main}, its .d folder or the environment`
      : `there is no ${main}, and it is not in the environment`;
    problems.add('SP_AUTH_TOKEN', where);
  }
  const host = value('SP_API_HTTP_HOST') ?? '';
  const port = whole('SP_API_HTTP_PORT', value('SP_API_HTTP_PORT'), MOST_PORTS, problems) ?? 0;
  const client = whole('SP_OURID', value('SP_OURID'), MOST_CLIENTS, problems);
  const named = { clusterId: value('SP_CLUSTER_ID'), clusterName: value('SP_CLUSTER_NAME') };
  const told = Object.fromEntries(Object.entries(named).filter(([, text]) => text !== undefined && text !== ''));
  return {
    ...(token === undefined ? {} : { access: { host, port, token, prefix: value('SP_OPENSTACK_VOLUME_PREFIX') ?? '', ...told } }),
    ...(client === undefined ? {} : { client }),
  };
}

function filesOf(main: string): string[] {
  const folder = `${main}.d`;
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.conf') && !name.startsWith('.')) : [];
  return [...(existsSync(main) ? [main] : []), ...names.toSorted().map((name) => join(folder, name))];
}

/** As os-brick reads them; where that would stop, as StorPool's Python packages do. A problem where both would. */
function effective(paths: readonly string[], nodeName: string, problems: Problems): Map<string, string> {
  const files = paths.flatMap((path) => contentOf(path, problems) ?? []);
  const readings = [readByOsBrick, readByConfget].map((read) => read(files, nodeName));
  const sound = readings.find(({ faults }) => faults.length === 0);
  for (const { path, line, why } of sound === undefined ? (readings.at(-1)?.faults ?? []) : []) {
    problems.add(path, `line ${line} ${why}`);
  }
  return new Map([...(sound?.settings ?? [])].map(([name, { value }]) => [name, value ?? '']));
}

function contentOf(path: string, problems: Problems): ConfFile | undefined {
  try {
    return confFile(path, readFileSync(path));
  } catch (error) {
    problems.add(path, messageOf(error));
    return;
  }
}

function whole(name: string, value: string | undefined, most: number, problems: Problems): number | undefined {
  if (value === undefined) {
    return;
  }
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > most) {
    problems.add(name, `${value} is no whole number from 1 to ${most}`);
    return;
  }
  return number;
}
