import { namesOf, type PlanPromises, type Runbook } from '../fixtures/runbook.ts';
import type { ScenarioPlan } from '../helpers/claims.ts';
import { type CommandBook, legacyCommands, shellLine } from '../helpers/commands.ts';
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
  return {
    id: book.id,
    chapter: book.chapter,
    title: book.title,
    objects: Object.entries(book.makes).map(([key, made]) => ({ ...made, name: names[key] ?? key })),
    steps: Object.entries(book.steps).map(([key, { title, command }]) => ({
      key,
      title,
      ...(command && { command: shellLine(command(commands, names, promises)) }),
    })),
  };
}
