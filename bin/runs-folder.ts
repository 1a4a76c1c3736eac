import { chmodSync, lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from '../fixtures/run/run.ts';
import { environment } from '../helpers/config/config.ts';
import { nearestWord } from '../helpers/config/nearest-word.ts';
import { CannotRun } from '../helpers/failure.ts';

/**
 * Where the runs' folders are: `reports/runs` of the installation; tests have their own. Throws CannotRun when somebody else could put things
 * there: what lies in a run's folder is believed, and tells what may be deleted.
 */
export function runsFolder(): string {
  const folder = environment()['ACCEPTANCE_RUNS_DIR'] ?? join(import.meta.dirname, '..', 'reports', 'runs');
  assertPrivate(folder);
  return folder;
}

const WRITABLE_BY_OTHERS = 0o022;

export const isWritableByOthers = ({ mode }: Stats): boolean => (mode & WRITABLE_BY_OTHERS) !== 0;

/** Where the system has no users, nothing is another's. */
export const isAnothers = ({ uid }: Stats): boolean => ![uid, undefined].includes(process.getuid?.());

/** Throws CannotRun with the command that mends it. A folder that is not there yet will be made for this user alone. */
export function assertPrivate(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) {
    return;
  }
  const refuse = (what: string, details: Record<string, string>, advice: string) => {
    throw new CannotRun(`the folder of the runs ${what}`, { folder, ...details }, advice);
  };
  if (found.isSymbolicLink()) {
    const target = realpathSync(folder);
    refuse(
      'is a link, which may be turned to anywhere',
      { 'leads to': target },
      `Name the folder itself: export ACCEPTANCE_RUNS_DIR=${target}`,
    );
  }
  if (!found.isDirectory()) {
    refuse('is no folder', {}, 'Name another: export ACCEPTANCE_RUNS_DIR=…');
  }
  if (isAnothers(found)) {
    const user = process.getuid?.();
    refuse(
      'belongs to another user',
      { owner: String(found.uid), 'this user': String(user) },
      `Take it over: chown -R ${user} ${folder}`,
    );
  }
  if (isWritableByOthers(found)) {
    refuse('can be written to by others', { mode: (found.mode & 0o777).toString(8) }, `Keep them out: chmod go-w ${folder}`);
  }
}

/** Lets nobody else read or write a run's folder and what is in it, whoever made its files. */
export function makePrivate(dir: string): void {
  chmodSync(dir, 0o700);
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      makePrivate(path);
    } else if (entry.isFile()) {
      chmodSync(path, 0o600);
    }
  }
}

/** The ids of all runs that made a journal or evidence, oldest first. One whose folder cannot be looked into counts. */
export function knownRuns(folder: string): string[] {
  const names = isThere(folder) ? readdirSync(folder).toSorted() : [];
  return names.filter((name) => {
    const { journal, evidence } = runFiles(join(folder, name));
    return isThere(journal) || isThere(evidence);
  });
}

/** A link to nothing is there, too; so is what cannot be looked at. */
export function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

/** The folder of a run, by its id; of the latest when there is none. Throws CannotRun when there is no such run. */
export function findRun(folder: string, id: string | undefined): string {
  const known = knownRuns(folder);
  const found = id === undefined ? known.at(-1) : known.find((run) => run === id);
  if (found !== undefined) {
    return join(folder, found);
  }
  if (id === undefined) {
    throw new CannotRun('there is no run yet', { folder }, 'Begin one with `npm run acceptance`.');
  }
  const advice = known.length === 0 ? 'There is none at all yet.' : knownInWords(id, known);
  throw new CannotRun(`there is no run ${id}`, { folder }, advice);
}

/** A stranger's id is no suggestion: only one that was mistyped is. */
function knownInWords(id: string, known: readonly string[]): string {
  const near = nearestWord(id, known);
  return near === undefined ? `The latest is ${known.at(-1)}.` : `Did you mean ${near}?`;
}
