import { strip, stripLeft, stripRight } from '../python-text.ts';
import { type ConfFault, type ConfFile, type ConfSetting, noAssignment, notUtf8, type Reading } from './reading.ts';

const UNNAMED = 'UNNAMED_SECTION';
const DEFAULT = 'DEFAULT';
const MOST_DEPTH = 10;

/** `lines` are those of its value; null where there is none. */
type Draft = Omit<ConfSetting, 'value'> & { readonly lines: string[] | null };
type Section = Map<string, Draft>;

/**
 * As os-brick reads it: Python's ConfigParser with interpolation, over all files; then the unnamed section, then the node's own.
 * Source: openstack/os-brick@46ca08f os_brick/initiator/storpool_utils.py get_conf; Python's configparser.RawConfigParser._read.
 */
export function readByOsBrick(files: readonly ConfFile[], node: string): Reading {
  const sections = new Map<string, Section>();
  const faults = files.flatMap((file) => [...notUtf8(file), ...readInto(sections, file)]);
  const settings = new Map<string, ConfSetting>();
  for (const name of [UNNAMED, node]) {
    const own = name === DEFAULT ? undefined : sections.get(name);
    if (own !== undefined) {
      const all: Section = new Map([...(sections.get(DEFAULT) ?? []), ...own]);
      for (const [option, setting] of all) {
        const { lines, ...draft } = setting;
        const value = interpolated(textOf(setting), all, 1);
        if (value === undefined) {
          const { path, line } = draft;
          faults.push({ path, line, why: 'has a % in its value that ConfigParser does not understand: one is written %%' });
        } else {
          settings.set(option, { ...draft, value });
        }
      }
    }
  }
  return { settings, faults };
}

function readInto(sections: Map<string, Section>, { path, lines }: ConfFile): ConfFault[] {
  const faults: ConfFault[] = [];
  const opened = (name: string): Section => {
    const section = sections.get(name) ?? new Map();
    sections.set(name, section);
    return section;
  };
  let name = UNNAMED;
  let section = opened(name);
  let option: string | undefined;
  let indent = 0;
  for (const [line, raw] of lines) {
    const text = strip(raw);
    const grown = option === undefined ? undefined : section.get(option)?.lines;
    if (text === '') {
      // Empty lines are part of a value that goes on behind them.
      grown?.push('');
      continue;
    }
    if (/^[#;]/.test(text)) {
      continue;
    }
    const depth = raw.length - stripLeft(raw).length;
    if (option !== undefined && depth > indent) {
      if (!grown) {
        faults.push({ path, line, why: 'goes on with a value that the line before it does not have' });
      }
      grown?.push(text);
      continue;
    }
    indent = depth;
    const heading = /^\[(.+)\]/s.exec(text)?.[1];
    if (heading !== undefined) {
      name = heading;
      section = opened(name);
      option = undefined;
      continue;
    }
    const at = text.search(/[=:]/);
    const key = stripRight(at < 0 ? text : text.slice(0, at));
    if (key === '') {
      faults.push({ path, line, why: noAssignment(text) });
    }
    const own = at < 0 ? null : [strip(text.slice(at + 1))];
    section.set(key, { section: name === UNNAMED ? '' : name, option: key, lines: own, path, line });
    // An option without a name keeps nothing open.
    option = key === '' ? undefined : key;
  }
  return faults;
}

const textOf = ({ lines }: Draft): string | null => (lines === null ? null : stripRight(lines.join('\n')));

/** undefined for what ConfigParser refuses. */
function interpolated(value: string | null, section: Section, depth: number): string | null | undefined {
  if (value === null || !value.includes('%')) {
    return value;
  }
  let failed = depth > MOST_DEPTH;
  const text = failed
    ? value
    : value.replace(/%(%|\(([^)]+)\)s|)/g, (_, what: string, name: string | undefined) => {
        const found = name === undefined ? undefined : section.get(name);
        const inner = what === '%' ? '%' : found && interpolated(textOf(found), section, depth + 1);
        failed ||= typeof inner !== 'string';
        return inner ?? '';
      });
  return failed ? undefined : text;
}
