import { lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isClosed, Journal, type JournalState, readJournal } from '../../fixtures/ledger/journal.ts';
import { runFiles } from '../../fixtures/run/run.ts';
import { messageOf } from '../../helpers/failure.ts';
import { findRun, isAnothers, isThere, isWritableByOthers, knownRuns } from '../runs-folder.ts';

/** A run that made something, and that no sweep has found clean yet. */
export interface UnsweptRun {
  readonly id: string;
  readonly dir: string;
  readonly header: NonNullable<JournalState['header']>;
  readonly entries: JournalState['entries'];
}

/** A run that may have left something, and that nobody can sweep. */
export interface UnreadableRun {
  readonly id: string;
  readonly dir: string;
  readonly why: string;
  /** What could be read all the same. */
  readonly entries: JournalState['entries'];
}

export interface RunsToSweep {
  readonly unswept: readonly UnsweptRun[];
  readonly unreadable: readonly UnreadableRun[];
}

/**
 * The runs that may have left something, among those named, or among all; each is looked at by itself. Of a run that was not named and is closed
 * only the end of its journal is read. Throws CannotRun for an id that is known neither here nor `elsewhere`: a run that never got as far as
 * a journal may have left containers.
 */
export function runsToSweep(folder: string, ids: readonly string[], elsewhere: ReadonlySet<string>): RunsToSweep {
  const known = new Set(knownRuns(folder));
  const unknown = ids.find((id) => !known.has(id) && !elsewhere.has(id));
  if (unknown !== undefined) {
    findRun(folder, unknown);
  }
  const dirs = (ids.length === 0 ? [...known] : ids.filter((id) => known.has(id))).map((id) => join(folder, id));
  const found = dirs.flatMap((dir) => lookAt(dir, ids.length > 0));
  return {
    unswept: found.filter((run): run is UnsweptRun => 'header' in run),
    unreadable: found.filter((run): run is UnreadableRun => 'why' in run),
  };
}

const TARGETS: readonly string[] = ['embedded', 'container', 'live'];

function lookAt(dir: string, isNamed: boolean): (UnsweptRun | UnreadableRun)[] {
  const id = basename(dir);
  const nothing: JournalState['entries'] = [];
  try {
    const { journal } = runFiles(dir);
    const odd = whyNotTrusted(dir, journal);
    if (odd !== undefined) {
      return [{ id, dir, why: odd, entries: nothing }];
    }
    if (!isThere(journal) || (!isNamed && isClosed(journal))) {
      return [];
    }
    return judge(id, dir, isNamed, readJournal(journal));
  } catch (error) {
    return [{ id, dir, why: `its journal cannot be read: ${messageOf(error)}`, entries: nothing }];
  }
}

function judge(
  id: string,
  dir: string,
  isNamed: boolean,
  { header, entries, swept, odd }: JournalState,
): (UnsweptRun | UnreadableRun)[] {
  const isOpen = entries.some(({ gone }) => !gone);
  if (header === undefined) {
    const why = 'the first line of its journal, which tells where it was made, cannot be read any more';
    return !swept && (isOpen || odd.length > 0) ? [{ id, dir, why, entries }] : [];
  }
  if ((swept && !(isNamed && isOpen)) || (entries.length === 0 && odd.length === 0)) {
    return [];
  }
  if (!TARGETS.includes(header.target)) {
    return [{ id, dir, why: `it was made on '${header.target}', which this version does not know`, entries }];
  }
  return [{ id: header.run, dir, header, entries }];
}

/** What somebody else may have put there is not believed, and not written to. */
function whyNotTrusted(...paths: string[]): string | undefined {
  return paths.flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) {
      return [];
    }
    if (found.isSymbolicLink() || !(found.isFile() || found.isDirectory())) {
      return [`${path} is a link or something else that is no file`];
    }
    return isAnothers(found) || isWritableByOthers(found)
      ? [`${path} belongs to another user, or can be written to by others`]
      : [];
  })[0];
}

/** What the journal alone tells: some of it may never have been made, or be gone. */
export function mayBeLeft({ entries }: Pick<UnsweptRun, 'entries'>): string[] {
  return entries.filter(({ gone }) => !gone).map(({ kind, name, id }) => `${kind} ${name}${id === undefined ? '' : ` (${id})`}`);
}

export function markSwept({ dir }: UnsweptRun): void {
  using journal = new Journal(runFiles(dir).journal);
  journal.write({ type: 'swept', left: 0 });
}
