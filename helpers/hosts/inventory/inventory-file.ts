import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { z } from 'zod';
import { decodeUtf8, type PythonDocument, readPythonYaml } from '../../config/python/document.ts';
import { isTable } from '../../config/python/values.ts';
import { readYaml } from '../../config/yaml.ts';
import { CannotRun, messageOf } from '../../failure.ts';
import type { Groups } from './ansible-groups.ts';
import { fromTool, type RunTool } from './ansible-tool.ts';
import { fromIni } from './ini-inventory.ts';
import { fromOwnList } from './own-list.ts';
import { type NamedHost, reachAll } from './reach.ts';
import { NotUnderstood } from './unknown-inventory.ts';
import { layVariableFiles } from './variable-files.ts';
import { ansibleTags, fromListing, fromYaml, isListing } from './yaml-inventory.ts';

export type { RunTool } from './ansible-tool.ts';
export type { HostRole, NamedHost } from './reach.ts';

const SHAPES =
  'Give a YAML list of host names (or of {name, roles, ssh}), an Ansible inventory in INI or YAML, or what `ansible-inventory --list` prints of it.';

/**
 * Reads hosts from a file: a YAML list of the suite's own, what `ansible-inventory --list` printed, or an inventory of Ansible's. Where
 * `ansible-inventory` is installed it decides, with all that Ansible can; else this reader takes the common forms as Ansible does, and refuses the others.
 * What is passed over is told, a line each. Throws CannotRun with the reason.
 */
export async function readHostsFile(
  path: string,
  run?: RunTool,
  tell: (line: string) => void = () => undefined,
): Promise<NamedHost[]> {
  try {
    const hosts = await hostsOf(path, run, tell);
    if (hosts.length > 0) {
      return hosts;
    }
  } catch (cause) {
    if (cause instanceof NotUnderstood || cause instanceof z.ZodError) {
      const advice = (cause instanceof NotUnderstood && cause.advice) || SHAPES;
      throw new CannotRun(`the hosts file ${path} is not understood`, { reason: reasonOf(cause) }, advice, { cause });
    }
    throw cause;
  }
  throw new CannotRun(`the hosts file ${path} names no host`, {}, SHAPES);
}

function reasonOf(cause: NotUnderstood | z.ZodError): string {
  const [issue] = cause instanceof z.ZodError ? cause.issues : [];
  return issue === undefined ? cause.message : `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
}

async function hostsOf(path: string, run: RunTool | undefined, tell: (line: string) => void): Promise<NamedHost[]> {
  const text = isFolder(path) ? undefined : textOf(path);
  const listed = text === undefined ? undefined : ownOf(text);
  if (Array.isArray(listed)) {
    return fromOwnList(listed);
  }
  const saved = text === undefined ? undefined : savedListing(text);
  const groups = saved ?? (run && (await fromTool(path, run, tell)));
  if (groups !== undefined) {
    return reachAll(groups, tell);
  }
  if (text === undefined) {
    throw new NotUnderstood('it is a folder, which ansible-inventory alone can read');
  }
  const own = fromText(path, text, tell);
  layVariableFiles(own, path, tell);
  return reachAll(own, tell);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function textOf(path: string): string {
  const unread = (cause: unknown) =>
    new CannotRun(`the hosts file ${path} cannot be read`, { reason: messageOf(cause) }, 'Correct the path.', { cause });
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw unread(cause);
  }
  try {
    return decodeUtf8(bytes);
  } catch (cause) {
    throw new NotUnderstood(messageOf(cause));
  }
}

/** The document when it is a list; `[group]` alone is one, too, and an INI heading. */
function ownOf(text: string): unknown {
  try {
    return /^\s*\[[^\]]+\]\s*$/m.test(text) ? undefined : readYaml(text);
  } catch {
    return;
  }
}

function savedListing(text: string): Groups | undefined {
  const document = yamlOf(text);
  return !(document instanceof Error) && isTable(document.value) && isListing(document.value)
    ? fromListing(document.value)
    : undefined;
}

function yamlOf(text: string): PythonDocument | Error {
  try {
    return readPythonYaml(text, ansibleTags);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Files that Ansible's YAML plugin takes, by their ends; its INI plugin takes any. */
const OF_YAML = new Set(['', '.yaml', '.yml', '.json']);

/** As Ansible tries one form after the other. Neither makes hosts of the other's lines. */
function fromText(path: string, text: string, tell: (line: string) => void): Groups {
  const [end, content] = [extname(path), text.replace(/^\uFEFF/, '')];
  if (content.startsWith('#!') || content.startsWith('$ANSIBLE_VAULT;') || end === '.toml') {
    const what = content.startsWith('#!') ? 'a script' : end === '.toml' ? 'in TOML' : 'encrypted';
    throw new NotUnderstood(`it is ${what}, which ansible-inventory alone can read`);
  }
  const document = OF_YAML.has(end) ? yamlOf(content) : undefined;
  if (document !== undefined && !(document instanceof Error) && isTable(document.value)) {
    for (const key of document.twice) {
      tell(`${path}: the key ${key} stands twice in one mapping, and only the last counts`);
    }
    return fromYaml(document.value, tell);
  }
  try {
    return fromIni(content);
  } catch (error) {
    const isYaml = document instanceof Error && (end !== '' || /^\s*(?:---|[\w"'-]+:(?:\s|$))/m.test(content));
    throw isYaml && error instanceof NotUnderstood ? new NotUnderstood(`as YAML: ${document.message}`) : error;
  }
}
