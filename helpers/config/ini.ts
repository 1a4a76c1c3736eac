/** A file in the style of oslo.config and storpool.conf. The section before any heading is called ''. */
export interface Ini {
  /** The last value of a key, as oslo.config and Python's ConfigParser take it. */
  value(section: string, key: string): string | undefined;
  /** All values of a repeated key, in order. */
  values(section: string, key: string): readonly string[];
  /** The last value of each key of a section; empty when there is none. */
  section(name: string): ReadonlyMap<string, string>;
  sections(): readonly string[];
  /** Lines that are none of: heading, `key = value`, continuation, comment. */
  readonly problems: readonly string[];
}

export interface IniOptions {
  /** oslo.config takes quotes around a whole value away; StorPool's readers keep them (StorPool reference §1.4). */
  readonly quotes?: 'keep' | 'strip';
}

type Sections = Map<string, Map<string, string[]>>;

/**
 * Reads headings with any text in brackets, `key = value` and `key: value`, repeated keys and indented continuation lines.
 * `#` and `;` begin a comment only at the start of a line: inside a value they are part of it.
 */
export function parseIni(text: string, { quotes = 'keep' }: IniOptions = {}): Ini {
  const sections: Sections = new Map([['', new Map()]]);
  const problems: string[] = [];
  let section = '';
  let open: string[] | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const content = line.trim();
    if (content === '') {
      open = undefined;
    } else if (/^[#;]/.test(content)) {
      // A comment does not end the value before it (openstack/oslo.config oslo_config/iniparser.py, parse).
    } else if (/^\s/.test(line) && open !== undefined) {
      open.push(`${open.pop() ?? ''}\n${content}`);
    } else if (content.startsWith('[') && content.endsWith(']')) {
      section = content.slice(1, -1).trim();
      sections.set(section, sections.get(section) ?? new Map());
      open = undefined;
    } else {
      open = add(sections.get(section) ?? new Map(), content);
      if (open === undefined) {
        problems.push(`line ${index + 1}: neither a heading nor key = value: ${content}`);
      }
    }
  }
  return view(sections, problems, quotes === 'strip' ? unquoted : (value) => value);
}

/** Adds one `key = value`; gives the key's values, or undefined when the line is none. */
function add(keys: Map<string, string[]>, content: string): string[] | undefined {
  const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(content) ?? [];
  if (key === undefined || value === undefined) {
    return;
  }
  const values = keys.get(key) ?? [];
  values.push(value);
  keys.set(key, values);
  return values;
}

function view(sections: Sections, problems: readonly string[], tidy: (value: string) => string): Ini {
  const values = (section: string, key: string) => (sections.get(section)?.get(key) ?? []).map(tidy);
  const lasts = (name: string) =>
    [...(sections.get(name) ?? [])].map(([key, all]): [string, string] => [key, tidy(all.at(-1) ?? '')]);
  return {
    value: (section, key) => values(section, key).at(-1),
    values,
    section: (name) => new Map(lasts(name)),
    sections: () => [...sections.keys()],
    problems,
  };
}

function unquoted(value: string): string {
  const isQuoted = value.length > 1 && /^["']/.test(value) && value.at(-1) === value[0];
  return isQuoted ? value.slice(1, -1) : value;
}
