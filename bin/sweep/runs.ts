import { join } from 'node:path';
import { Journal, type JournalState, readJournal } from '../../fixtures/journal.ts';
import { runFiles } from '../../fixtures/run.ts';
import { findRun, knownRuns } from '../runs.ts';

/** A run that made something, and that no sweep has found clean yet. */
export interface UnsweptRun {
  readonly id: string;
  readonly dir: string;
  readonly header: NonNullable<JournalState['header']>;
  readonly entries: JournalState['entries'];
}

/**
 * The unswept runs among those named, or among all. Throws CannotRun for an id that is known neither here nor `elsewhere`: a run that
 * never got as far as a journal may have left containers.
 */
export function unsweptRuns(folder: string, ids: readonly string[], elsewhere: ReadonlySet<string>): UnsweptRun[] {
  const known = knownRuns(folder);
  const here = ids.filter((id) => known.includes(id) || !elsewhere.has(id));
  const dirs = ids.length === 0 ? known.map((id) => join(folder, id)) : here.map((id) => findRun(folder, id));
  return dirs.flatMap((dir) => {
    const { header, entries, swept } = readJournal(runFiles(dir).journal);
    return header === undefined || swept || entries.length === 0 ? [] : [{ id: header.run, dir, header, entries }];
  });
}

/** Runs whose journal tells of things but not any more where they are, by id: nobody may remove them by it. */
export function unreadableRuns(folder: string, ids: readonly string[]): Pick<UnsweptRun, 'id' | 'entries'>[] {
  const known = knownRuns(folder).filter((id) => ids.length === 0 || ids.includes(id));
  return known.flatMap((id) => {
    const { header, entries, swept } = readJournal(runFiles(join(folder, id)).journal);
    return header === undefined && !swept && entries.some(({ gone }) => !gone) ? [{ id, entries }] : [];
  });
}

/** What the journal alone tells: some of it may never have been made, or be gone. */
export function mayBeLeft({ entries }: Pick<UnsweptRun, 'entries'>): string[] {
  return entries.filter(({ gone }) => !gone).map(({ kind, name, id }) => `${kind} ${name}${id === undefined ? '' : ` (${id})`}`);
}

export function markSwept({ dir }: UnsweptRun): void {
  using journal = new Journal(runFiles(dir).journal);
  journal.write({ type: 'swept', left: 0 });
}
