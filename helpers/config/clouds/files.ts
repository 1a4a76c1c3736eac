import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../failure.ts';
import type { Environment } from '../config.ts';
import { decodeUtf8, readPythonJson, readPythonYaml } from '../python/document.ts';
import { isTable, type Key, type Table, type Value } from '../python/values.ts';

/** A file of openstacksdk's, as far as its text can be read. */
export interface CloudsFile {
  readonly path: string;
  readonly content: Table;
  /** Keys that stand twice in one mapping, with their places. */
  readonly twice: readonly string[];
}

/** What a file is that cannot be used at all. */
export class BadFile extends Error {
  override name = 'BadFile';
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** Where openstacksdk looks, in its order (openstack/openstacksdk@0.101.0 openstack/config/loader.py, CONFIG_SEARCH_PATH). */
export function searchPath(environment: Environment, cwd: string): string[] {
  const { HOME: home, SNAP_REAL_HOME: real, XDG_CONFIG_HOME: xdg, XDG_CONFIG_DIRS: sites = '/etc/xdg' } = environment;
  const underHome = (folder: string | undefined) => (folder === undefined ? [] : [join(folder, '.config')]);
  const configs = [...(xdg ? [xdg] : underHome(home)), ...underHome(real || home)];
  return [...new Set([cwd, ...configs.map((folder) => join(folder, 'openstack')), `${sites}/openstack`, '/etc/openstack'])];
}

/**
 * The first file of that name (clouds, secure, clouds-public) that can be opened, before all the one that is `given`. Throws BadFile when its
 * text is not what its name says.
 */
export function firstFile(
  name: string,
  given: string | undefined,
  environment: Environment,
  cwd: string,
): CloudsFile | undefined {
  const candidates = searchPath(environment, cwd).flatMap((folder) =>
    ['yaml', 'yml', 'json'].map((end) => join(folder, `${name}.${end}`)),
  );
  for (const path of given ? [given, ...candidates] : candidates) {
    const bytes = bytesOf(path);
    if (bytes !== undefined) {
      return { path, ...parsed(path, bytes) };
    }
  }
  return;
}

/** openstacksdk, too, goes on to the next when one is missing, a folder, or not for it to read. */
function bytesOf(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return;
  }
}

function parsed(path: string, bytes: Uint8Array): { content: Table; twice: readonly string[] } {
  try {
    const text = decodeUtf8(bytes);
    const isJson = path.endsWith('json');
    const { value, twice } = isJson ? { value: readPythonJson(text), twice: [] } : readPythonYaml(text);
    // What is empty, or nothing but `false`, counts as no file.
    const content = value === null || value === false || value === '' ? new Map<Key, Value>() : value;
    if (!isTable(content)) {
      throw new Error('it is no mapping');
    }
    return { content, twice };
  } catch (error) {
    throw new BadFile(path, messageOf(error));
  }
}

/** Why a cloud's entry cannot be what its owner meant, in one line. */
export class Unfit extends Error {
  override name = 'Unfit';
}

/** Lays a table over another, and tables in it over each other. Throws Unfit where the lower one has something else than a table. */
export function merged(lower: Value, upper: Table): Table {
  if (!isTable(lower)) {
    throw new Unfit('something that is no mapping is to be merged with a mapping');
  }
  const all = new Map(lower);
  for (const [key, value] of upper) {
    const below = all.get(key);
    all.set(key, isTable(value) && below !== undefined ? merged(below, value) : value);
  }
  return all;
}
