import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Overall } from '../verdict/verdict-schema.ts';

/** The folder, within a run's, that holds what services wrote down meanwhile. */
const SERVICES = 'services';

/** Of each log so much goes into the report; all of it is in the run's folder. */
const MOST_CHARACTERS = 256 * 1024;

const ACCEPTED: ReadonlySet<Overall> = new Set(['accepted', 'accepted-with-waivers']);

/** Where a person looks next who was told that something is wrong; undefined when nothing is, or where no logs can be had. */
export function logsWorthALook(runDir: string, overall: Overall): string | undefined {
  const folder = join(runDir, SERVICES);
  return ACCEPTED.has(overall) || !existsSync(folder) ? undefined : folder;
}

export interface ServiceLog {
  /** `controller/cinder-volume.log` */
  readonly name: string;
  /** Its end. */
  readonly text: string;
}

/** The ends of the logs in a folder, but for those in which nothing stands. */
export function readServiceLogs(folder: string): ServiceLog[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted()
    .map((path) => ({ name: relative(folder, path), text: endOf(readFileSync(path, 'utf8')) }))
    .filter(({ text }) => text !== '');
}

function endOf(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `…${text.slice(text.indexOf('\n', text.length - MOST_CHARACTERS))}`;
}
