import { z } from 'zod';
import { addHosts, emptyGroups, type Groups, groupNamed } from './ansible-groups.ts';

/** Reads Ansible's INI form: groups, `:children`, `:vars`, hosts with `key=value`. */
export function fromIni(text: string): Groups {
  const inventory = emptyGroups();
  let section = 'ungrouped';
  let kind = 'hosts';
  for (const line of text.split('\n').map((one) => one.trim())) {
    const heading = /^\[([^\]:]+)(?::(\w+))?\]/.exec(line);
    if (line === '' || /^[#;]/.test(line)) {
      continue;
    }
    if (heading !== null) {
      section = heading[1] ?? section;
      kind = heading[2] ?? 'hosts';
      groupNamed(inventory, section);
    } else if (kind === 'children') {
      groupNamed(inventory, section).children.add(line.split(/\s/)[0] ?? line);
    } else if (kind === 'vars') {
      const [name = '', value = ''] = assignment(line);
      groupNamed(inventory, section).variables.set(name, value);
    } else {
      const [host = '', ...variables] = shellWords(line);
      addHosts(inventory, section, host, Object.fromEntries(variables.map(assignment)));
    }
  }
  return inventory;
}

function assignment(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text.trim(), ''] : [text.slice(0, at).trim(), unquoted(text.slice(at + 1).trim())];
}

const unquoted = (text: string) => /^(['"])(.*)\1$/s.exec(text)?.[2] ?? text;

/** Splits at blanks outside of quotes, as a shell does; a comment ends the line. */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  for (const [, word = '', comment] of line.matchAll(/((?:[^\s"'#]|"[^"]*"|'[^']*'|(?<=\S)#)+)|(#.*$)/g)) {
    if (comment === undefined) {
      words.push(word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''));
    }
  }
  return words;
}

const yamlGroup: z.ZodType<YamlGroup> = z.lazy(() =>
  z.object({
    hosts: z.record(z.string(), z.record(z.string(), z.unknown()).nullish()).nullish(),
    children: z.record(z.string(), yamlGroup.nullish()).nullish(),
    vars: z.record(z.string(), z.unknown()).nullish(),
  }),
);

interface YamlGroup {
  readonly hosts?: Record<string, Record<string, unknown> | null | undefined> | null | undefined;
  readonly children?: Record<string, YamlGroup | null | undefined> | null | undefined;
  readonly vars?: Record<string, unknown> | null | undefined;
}

/** Reads Ansible's YAML form. Throws ZodError when it is something else. */
export function fromYaml(document: unknown): Groups {
  const inventory = emptyGroups();
  for (const [name, group] of Object.entries(z.record(z.string(), yamlGroup.nullish()).parse(document))) {
    addGroup(inventory, name, group ?? {});
  }
  return inventory;
}

function addGroup(inventory: Groups, name: string, group: YamlGroup): void {
  const own = groupNamed(inventory, name);
  for (const [variable, value] of Object.entries(group.vars ?? {})) {
    own.variables.set(variable, String(value));
  }
  for (const [host, variables] of Object.entries(group.hosts ?? {})) {
    addHosts(inventory, name, host, variables ?? {});
  }
  for (const [child, below] of Object.entries(group.children ?? {})) {
    own.children.add(child);
    addGroup(inventory, child, below ?? {});
  }
}

const listed = z.looseObject({
  _meta: z.object({ hostvars: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) }).default({ hostvars: {} }),
});
const listedGroup = z.object({ hosts: z.array(z.string()).default([]), children: z.array(z.string()).default([]) });

/** Reads what `ansible-inventory --list` prints: every variable is with its host already. */
export function fromListing(document: unknown): Groups {
  const inventory = emptyGroups();
  const { _meta: meta, ...groups } = listed.parse(document);
  for (const [name, value] of Object.entries(groups)) {
    const group = listedGroup.parse(value);
    for (const host of group.hosts) {
      addHosts(inventory, name, host, meta.hostvars[host] ?? {});
    }
    for (const child of group.children) {
      groupNamed(inventory, name).children.add(child);
    }
  }
  return inventory;
}
