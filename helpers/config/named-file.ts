import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CannotRun, messageOf } from '../failure.ts';
import { environment } from './config.ts';

/** A path as whoever typed it meant it: npm starts commands in the suite's own folder, and tells where it was called. */
export function fromHere(path: string): string {
  return resolve(environment()['INIT_CWD'] ?? '.', path);
}

/** A small file that a person named with that option. Throws CannotRun. */
export function readNamed(file: string, option: string): string {
  try {
    return readFileSync(fromHere(file), 'utf8');
  } catch (cause) {
    const details = { [option]: file, said: messageOf(cause) };
    throw new CannotRun('a file that was named cannot be read', details, 'Name one that is there.', { cause });
  }
}
