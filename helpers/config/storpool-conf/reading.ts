import { isUtf8 } from 'node:buffer';
import { linesOf } from '../python-text.ts';

/** A file of StorPool's configuration: its lines by number. Of comments only `#` need be left. */
export interface ConfFile {
  readonly path: string;
  readonly lines: readonly (readonly [number, string])[];
  /** The line of the first byte that is no UTF-8. */
  readonly undecodable?: number | undefined;
}

/** Where an option was set, and to what; null when the line names it and no more. */
export interface ConfSetting {
  readonly section: string;
  readonly option: string;
  readonly value: string | null;
  readonly path: string;
  readonly line: number;
}

/** Something at which a reader stops. */
export interface ConfFault {
  readonly path: string;
  readonly line: number;
  /** To follow "line 3 …". */
  readonly why: string;
}

/** What a reader makes of all files for one node. With a fault it reads nothing, whatever stands here. */
export interface Reading {
  readonly settings: ReadonlyMap<string, ConfSetting>;
  readonly faults: readonly ConfFault[];
}

export const notUtf8 = ({ path, undecodable }: ConfFile): ConfFault[] =>
  undecodable === undefined ? [] : [{ path, line: undecodable, why: 'has a byte that is no UTF-8, such as an é of Latin-1' }];

/** What people leave behind, said by its name. */
export const noAssignment = (text: string): string =>
  /^(<{7}|={7}|>{7}|\|{7})/.test(text) ? 'is a conflict marker of git' : 'is no heading and no assignment';

/** A file as it is on disk. */
export function confFile(path: string, content: Uint8Array): ConfFile {
  const lines = linesOf(new TextDecoder('utf-8', { ignoreBOM: true }).decode(content));
  return { path, lines: lines.map((text, i) => [i + 1, text]), undecodable: undecodableLine(content) };
}

/** The line of the first byte that is no UTF-8, if there is one. */
function undecodableLine(content: Uint8Array): number | undefined {
  const latin = Buffer.from(content).toString('latin1');
  const line = latin.split(/\r\n|\r|\n/).findIndex((text) => !isUtf8(Buffer.from(text, 'latin1')));
  return line < 0 ? undefined : line + 1;
}
