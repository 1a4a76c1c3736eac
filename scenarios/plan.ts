import { runMark } from '../fixtures/run/run.ts';
import { namesOf, type PlanPromises, type Runbook } from '../fixtures/scenario/runbook.ts';
import type { ScenarioPlan } from '../helpers/claims.ts';
import { type CommandBook, legacyCommands, markedWith, shellLine } from '../helpers/commands/commands.ts';
import { runbooks } from './manifest.ts';

export interface PlanOptions {
  readonly promises: PlanPromises;
  readonly commands?: CommandBook;
  /** Scenario ids; all when absent. */
  readonly scenarios?: readonly string[];
}

/** What a run would make and do, from the same runbooks that the scenarios carry out. Touches nothing. */
export function plans(run: string, { promises, commands = legacyCommands, scenarios }: PlanOptions): ScenarioPlan[] {
  return runbooks.filter(({ id }) => scenarios?.includes(id) ?? true).map((book) => planOf(book, run, promises, commands));
}

function planOf(book: Runbook, run: string, promises: PlanPromises, commands: CommandBook): ScenarioPlan {
  const names = namesOf(book, run);
  const marked = markedWith(runMark(run), commands);
  return {
    id: book.id,
    chapter: book.chapter,
    title: book.title,
    ...(book.caution !== undefined && { caution: book.caution }),
    objects: Object.entries(book.makes).map(([key, made]) => ({ ...made, name: names[key] ?? key })),
    steps: Object.entries(book.steps).map(([key, { title, command, look }]) => {
      const typed = (command ?? look)?.(marked, names, promises);
      return { key, title, ...(typed && { command: shellLine(typed) }) };
    }),
  };
}
