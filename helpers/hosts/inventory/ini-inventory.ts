import { Plain, type Value } from '../../config/python/values.ts';
import { addHosts, emptyGroups, type Groups, groupNamed } from './ansible-groups.ts';
import { shellWords } from './shell-words.ts';
import { NotUnderstood } from './unknown-inventory.ts';

// ansible/ansible@2.14 lib/ansible/plugins/inventory/ini.py
const HEADING = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;
const GROUP_NAME = /^([^:\]\s]+)\s*(?:#.*)?$/;

/** Reads Ansible's INI form: groups, `:children`, `:vars`, hosts with `key=value`. Throws NotUnderstood with the line. */
export function fromIni(text: string): Groups {
  const reading = new Reading();
  for (const [index, line] of text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).entries()) {
    try {
      reading.take(line.trim());
    } catch (error) {
      throw error instanceof NotUnderstood ? new NotUnderstood(`${error.message} (line ${index + 1})`) : error;
    }
  }
  return reading.end();
}

class Reading {
  readonly #inventory = emptyGroups();
  /** Groups that are there by a heading of their own, not only as a child or by their variables. */
  readonly #declared = new Set(['all', 'ungrouped']);
  #section = 'ungrouped';
  #kind = 'hosts';

  take(line: string): void {
    const heading = HEADING.exec(line);
    if (line === '' || /^[#;]/.test(line)) {
      return;
    }
    if (heading !== null) {
      this.#open(heading[1] ?? '', heading[2] ?? 'hosts');
    } else if (line.startsWith('[') && line.endsWith(']')) {
      throw new NotUnderstood('a heading that is none: [group], [group:children] or [group:vars], without blanks');
    } else if (this.#kind === 'hosts') {
      this.#host(line);
    } else if (this.#kind === 'vars') {
      this.#variable(line);
    } else {
      this.#child(line);
    }
  }

  end(): Groups {
    const undeclared = [...this.#inventory.groups.keys()].find((name) => !this.#declared.has(name));
    if (undeclared !== undefined) {
      throw new NotUnderstood(`the group ${undeclared} has no heading of its own`);
    }
    return this.#inventory;
  }

  #open(section: string, kind: string): void {
    if (!['hosts', 'children', 'vars'].includes(kind)) {
      throw new NotUnderstood(`a heading [${section}:${kind}], whose kind there is not`);
    }
    groupNamed(this.#inventory, section);
    if (kind !== 'vars') {
      this.#declared.add(section);
    }
    [this.#section, this.#kind] = [section, kind];
  }

  #host(line: string): void {
    const [pattern = '', ...assignments] = shellWords(line, { comments: true });
    const variables = assignments.map((text): [string, Value] => {
      if (!text.includes('=')) {
        throw new NotUnderstood('a word after a host that is no key=value');
      }
      const at = text.indexOf('=');
      return [text.slice(0, at), literal(text.slice(at + 1))];
    });
    addHosts(this.#inventory, this.#section, pattern, variables);
  }

  #variable(line: string): void {
    const at = line.indexOf('=');
    if (at < 0) {
      throw new NotUnderstood('a line of variables that is no key=value');
    }
    groupNamed(this.#inventory, this.#section).variables.set(line.slice(0, at).trim(), literal(line.slice(at + 1).trim()));
  }

  #child(line: string): void {
    const [, name] = GROUP_NAME.exec(line) ?? [];
    if (name === undefined) {
      throw new NotUnderstood('what stands where a group should be is no name of one');
    }
    groupNamed(this.#inventory, name);
    groupNamed(this.#inventory, this.#section).children.add(name);
  }
}

const INTEGER = /^([-+]?)(0+|[1-9]\d*)\s*(?:#.*)?$/;
const QUOTED = /^(?:'([^'\\]*)'|"([^"\\]*)")\s*(?:#.*)?$/;
/** Numbers that are more than digits. Digits behind a 0, and addresses, are none of Python's. */
const NUMBER =
  /^[-+]?(?:[1-9][\d_]*|0[0_]*|\d[\d_]*\.[\d_]*(?:[eE][-+]?\d+)?|\.\d[\d_]*(?:[eE][-+]?\d+)?|\d[\d_]*[eE][-+]?\d+|0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+)[jJ]?\s*(?:#.*)?$/;
/** Beginnings of what else Python may take for something than text: other quotes, lists, its own words. */
const PERHAPS_MORE = /^(?:[rRbBuU]{0,2}['"]|[[{(]|(?:True|False)\s*(?:#.*)?$)/;

/** Python's ast.literal_eval, as Ansible has it read values, as far as it is plain; text that is none of Python's stays text. */
function literal(written: string): Value {
  const [, sign, digits] = INTEGER.exec(written) ?? [];
  if (digits !== undefined) {
    const text = String(BigInt(digits));
    return new Plain('int', written, sign === '-' && text !== '0' ? `-${text}` : text);
  }
  const [, single, double] = QUOTED.exec(written) ?? [];
  const text = single ?? double;
  if (text !== undefined) {
    return text;
  }
  if (/^None\s*(?:#.*)?$/.test(written)) {
    return null;
  }
  return NUMBER.test(written) || PERHAPS_MORE.test(written) ? new Plain('tagged', written, undefined) : written;
}
