import { PYTHON_SPACE } from '../python-text.ts';
import { type ConfFault, type ConfFile, type ConfSetting, noAssignment, notUtf8, type Reading } from './reading.ts';

/** What parts StorPool's two forms of confget: the Python module of its bindings, and the program. */
interface Dialect {
  /** The inside of a character class. */
  readonly space: string;
  readonly utf8: boolean;
}

const PYTHON: Dialect = { space: PYTHON_SPACE, utf8: true };
/** isspace(3) of the C locale. */
const PROGRAM: Dialect = { space: '\\t-\\r ', utf8: false };

/** As StorPool's Python packages read it. Source: storpool/python-storpool@3ec9317 storpool/spconfig.py; confget 4.1.1's INI backend. */
export const readByConfget = (files: readonly ConfFile[], node: string): Reading => read(files, node, PYTHON);

/** As the program confget reads it, which stands behind `storpool_confget`. */
export const readByProgram = (files: readonly ConfFile[], node: string): Reading => read(files, node, PROGRAM);

/** File by file, so that a later file wins even by its unnamed section; hidden files are passed over. */
function read(files: readonly ConfFile[], node: string, dialect: Dialect): Reading {
  const own = files.filter(({ path }) => !/\/\.[^/]*$/.test(path));
  const each = own.map((file) => readFile(file, dialect));
  const settings = each.flatMap((one) =>
    ['', node].flatMap((section) => one.settings.filter((setting) => setting.section === section)),
  );
  const faults = own.flatMap((file, i) => [...(dialect.utf8 ? notUtf8(file) : []), ...(each[i]?.faults ?? [])]);
  return { settings: new Map(settings.map((setting) => [setting.option, setting])), faults };
}

function readFile({ path, lines }: ConfFile, { space, utf8 }: Dialect) {
  const comment = new RegExp(`^[${space}]*([#;].*)?$`, 's');
  const heading = new RegExp(`^[${space}]*\\[[${space}]*([^\\]]+?)[${space}]*\\][${space}]*$`, 's');
  // The program keeps blanks before a backslash that ends the line.
  const end = utf8 ? `[${space}]*(\\\\)?` : `(?:(\\\\)|[${space}]*)`;
  const assignment = new RegExp(`^[${space}]*([^${space}=]+)[${space}]*=[${space}]*(.*?)${end}$`, 's');
  const opening = new RegExp(`^[${space}]*\\[`);
  const trailing = new RegExp(`[${space}]+$`);
  const settings: ConfSetting[] = [];
  const faults: ConfFault[] = [];
  let section = '';
  /** Of a value that goes on: a backslash ends its line. */
  let open: (ConfSetting & { readonly value: string }) | undefined;
  for (const [line, text] of lines) {
    if (open !== undefined) {
      const goesOn = text.endsWith('\\');
      open = { ...open, value: open.value + text.slice(0, goesOn ? -1 : undefined) };
      if (!goesOn) {
        settings.push(utf8 ? open : { ...open, value: open.value.replace(trailing, '') });
        open = undefined;
      }
      continue;
    }
    if (comment.test(text)) {
      continue;
    }
    const title = heading.exec(text)?.[1];
    const [, option = '', value = '', goesOn] = assignment.exec(text) ?? [];
    const setting = { section, option, value, path, line };
    // To the program whatever begins with a bracket is a heading.
    const isBadHeading = !utf8 && opening.test(text);
    if (title !== undefined) {
      section = title;
    } else if (option === '' || isBadHeading) {
      faults.push({ path, line, why: noAssignment(text) });
    } else if (goesOn === undefined) {
      settings.push(setting);
    } else {
      open = setting;
    }
  }
  if (open !== undefined && !utf8) {
    faults.push({ path, line: open.line, why: 'ends in a backslash, and nothing follows it' });
  }
  return { settings, faults };
}
