import { isTable, type Key, Plain, type Table, type Value } from '../../config/python/values.ts';
import { addHost, addHosts, emptyGroups, type Groups, groupNamed } from './ansible-groups.ts';
import { NotUnderstood } from './unknown-inventory.ts';

type Tell = (line: string) => void;

/** Ansible's own tags: text that is no template, and what only its vault can read. */
export function ansibleTags(tag: string, written: string): Value | undefined {
  if (tag === '!unsafe') {
    return written;
  }
  return tag === '!vault' || tag === '!vault-encrypted' ? new Plain('tagged', written, undefined) : undefined;
}

/**
 * Reads Ansible's YAML form (ansible/ansible@2.14 lib/ansible/plugins/inventory/yaml.py). What Ansible passes over is told. Throws NotUnderstood.
 */
export function fromYaml(document: Table, tell: Tell): Groups {
  if (document.has('plugin')) {
    throw new NotUnderstood('it is the configuration of an inventory plugin, which ansible-inventory alone can run');
  }
  const inventory = emptyGroups();
  for (const [name, group] of document) {
    addGroup(inventory, name, group, tell);
  }
  return inventory;
}

const SECTIONS = ['vars', 'children', 'hosts'];

function addGroup(inventory: Groups, key: Key, group: Value, tell: Tell): string {
  const name = nameOf(key, 'group');
  if (group !== null && !isTable(group)) {
    tell(`${name} is no group, and Ansible passes it over`);
    return name;
  }
  groupNamed(inventory, name);
  for (const [section, given] of group ?? []) {
    const content = typeof given === 'string' ? new Map([[given, null]]) : given;
    if (typeof section !== 'string' || !SECTIONS.includes(section)) {
      tell(`${name} has a part that is none of ${SECTIONS.join(', ')}, and Ansible passes it over`);
    } else if (isTable(content)) {
      addSection(inventory, name, section, content, tell);
    } else if (content !== null) {
      throw new NotUnderstood(`${section} of the group ${name} is no mapping`);
    }
  }
  return name;
}

function addSection(inventory: Groups, name: string, section: string, content: Table, tell: Tell): void {
  for (const [key, value] of content) {
    if (section === 'vars') {
      groupNamed(inventory, name).variables.set(String(key), value);
    } else if (section === 'children') {
      const child = addGroup(inventory, key, value, tell);
      groupNamed(inventory, child);
      groupNamed(inventory, name).children.add(child);
    } else {
      addHosts(inventory, name, nameOf(key, 'host'), variablesIn(value, key));
    }
  }
}

function nameOf(key: Key, what: string): string {
  if (typeof key !== 'string' || key === '') {
    throw new NotUnderstood(`a ${what} whose name is no text: put ${key instanceof Plain ? key.written : 'it'} in quotes`);
  }
  return key;
}

function variablesIn(value: Value, host: Key): [string, Value][] {
  if (isTable(value)) {
    return [...value].map(([key, one]) => [String(key), one]);
  }
  if (value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0)) {
    return [];
  }
  throw new NotUnderstood(`what is said of the host ${String(host)} is no mapping`);
}

/** Whether it is what `ansible-inventory --list` prints. */
export function isListing(document: Table): boolean {
  const meta = document.get('_meta');
  return isTable(meta) && isTable(meta.get('hostvars') ?? new Map());
}

/** Reads what `ansible-inventory --list` prints: every variable is with its host already. Throws NotUnderstood. */
export function fromListing(document: Table): Groups {
  const inventory = emptyGroups();
  const meta = document.get('_meta');
  const hostvars = isTable(meta) ? meta.get('hostvars') : undefined;
  for (const [name, group] of document) {
    if (name === '_meta' || typeof name !== 'string') {
      continue;
    }
    if (!isTable(group)) {
      throw new NotUnderstood(`the group ${name} of the listing is no mapping`);
    }
    for (const host of texts(group.get('hosts'), name)) {
      const variables = isTable(hostvars) ? hostvars.get(host) : undefined;
      addHost(inventory, name, host).push(variablesIn(variables ?? null, host).map(([key, value]) => [key, unwrapped(value)]));
    }
    for (const child of texts(group.get('children'), name)) {
      groupNamed(inventory, child);
      groupNamed(inventory, name).children.add(child);
    }
  }
  return inventory;
}

/** Text that is no template is printed with a mark. */
function unwrapped(value: Value): Value {
  return isTable(value) && value.size === 1 ? (value.get('__ansible_unsafe') ?? value) : value;
}

function texts(value: Value | undefined, group: string): string[] {
  const list = value ?? [];
  if (!Array.isArray(list) || !list.every((one): one is string => typeof one === 'string')) {
    throw new NotUnderstood(`the group ${group} of the listing has no list of names`);
  }
  return list;
}
