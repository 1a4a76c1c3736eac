import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from '../fixtures/run.ts';
import { environment } from '../helpers/config.ts';
import { CannotRun } from '../helpers/failure.ts';
import { nearest } from '../helpers/nearest.ts';

/** Where the runs' folders are: `reports/runs` of the installation; tests have their own. */
export function runsFolder(): string {
  return environment()['ACCEPTANCE_RUNS_DIR'] ?? join(import.meta.dirname, '..', 'reports', 'runs');
}

/** The ids of all runs that made a journal or evidence, oldest first. */
export function knownRuns(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  return names.filter((name) => {
    const { journal, evidence } = runFiles(join(folder, name));
    return existsSync(journal) || existsSync(evidence);
  });
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
  const advice = known.length === 0 ? 'There is none at all yet.' : `Did you mean ${nearest(id, known) ?? known.at(-1)}?`;
  throw new CannotRun(`there is no run ${id}`, { folder }, advice);
}
