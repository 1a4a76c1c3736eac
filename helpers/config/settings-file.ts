import { lstatSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { messageOf } from '../failure.ts';
import { nearestWord } from './nearest-word.ts';
import type { Problems } from './problems.ts';
import { readYaml } from './yaml.ts';

const USUAL = 'acceptance.yaml';
/** Whoever wrote it means it, and it would say nothing. */
const MISTYPED = ['acceptance.yml'];
/** Those whose values are paths, which count from the file's own folder. */
const PATHS = new Set(['hosts', 'image', 'performance', 'waivers']);
/** Of an image, these are none. */
const NO_PATH = /^canary$|^glance:/;

/** What an `acceptance.yaml` says: values by the names of the options, without their dashes before them. */
export interface SettingsFile {
  readonly path: string;
  readonly values: ReadonlyMap<string, unknown>;
}

/** The file that is named (`none`: no file), else `acceptance.yaml` in the folder in which the person typed, if it is there. */
export function settingsFileIn(folder: string, named: string | undefined): string | undefined {
  if (named === 'none') {
    return;
  }
  if (named !== undefined) {
    return resolve(folder, named);
  }
  // One that leads nowhere is there, too, and is told of.
  return [USUAL, ...MISTYPED].map((name) => join(folder, name)).find((path) => lstatSync(path, { throwIfNoEntry: false }));
}

/**
 * Reads settings from YAML. Texts stay as they are written, so that no version or name becomes a number; hosts are as those of a hosts file.
 * What is wrong goes to `problems`.
 */
export function readSettingsFile(path: string, known: readonly string[], problems: Problems): SettingsFile {
  if (MISTYPED.includes(basename(path))) {
    problems.add(path, `settings are read from ${USUAL}: call it that`);
  }
  const values = new Map<string, unknown>();
  for (const [key, value] of entriesOf(path, problems)) {
    if (!known.includes(key)) {
      const near = nearestWord(key, known);
      const advice = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
      problems.add(`${path}: ${key}`, `there is no such setting in this file: ${advice}`);
    } else if (value !== '') {
      values.set(key, PATHS.has(key) && typeof value === 'string' && !NO_PATH.test(value) ? besides(path, value) : value);
    }
  }
  return { path, values };
}

function entriesOf(path: string, problems: Problems): [string, unknown][] {
  try {
    const text = readFileSync(path, 'utf8');
    const [asTexts, typed] = [readYaml(text, 'failsafe'), readYaml(text)];
    if (isMapping(asTexts) && isMapping(typed)) {
      return Object.entries(asTexts).map(([key, value]) => [key, key === 'hosts' ? typed[key] : value]);
    }
    problems.add(path, 'it is no mapping of settings: write one a line, such as `template: hybrid`');
  } catch (error) {
    problems.add(path, messageOf(error).split('\n')[0] ?? '');
  }
  return [];
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const besides = (path: string, value: string) => (isAbsolute(value) ? value : resolve(dirname(path), value));
