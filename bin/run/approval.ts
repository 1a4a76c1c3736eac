import { createInterface } from 'node:readline/promises';
import type { ScenarioPlan } from '../../helpers/claims.ts';
import { CannotRun } from '../../helpers/failure.ts';
import { budgetLine, budgetOf } from '../../reports/terminal/plan.ts';
import type { Prepared } from './preparation.ts';

export interface Approval {
  readonly scene: Prepared;
  readonly plans: readonly ScenarioPlan[];
  /** How long it should take, in words. */
  readonly takes: string;
  /** Agreed beforehand. */
  readonly yes: boolean;
  /** Ends the question. */
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** Tells whose cluster will be used and for what, and asks once. Throws CannotRun unless the answer is yes. */
export async function approve({ scene, plans, takes, yes, signal, say }: Approval): Promise<void> {
  const { description } = scene;
  const facts = Object.entries(description.facts).map(([name, value]) => `  ${name}: ${value}`);
  const names = plans.map(({ id }) => id).join(', ');
  say(`This run uses ${description.title}:\n${facts.join('\n')}`);
  say(`It will play ${names}: ${budgetLine(budgetOf(plans))}. All of it is removed again. It should take ${takes}.`);
  for (const { id, caution } of plans) {
    if (caution !== undefined) {
      say(`Mind: ${id} ${caution}.`);
    }
  }
  if (yes) {
    return;
  }
  if (!process.stdin.isTTY) {
    throw new CannotRun('nobody can be asked whether this cluster may be used', {}, 'Say so beforehand: --yes');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // In raw mode the terminal turns Ctrl-C into a character: it is passed on as what it means.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await terminal.question('Go on? (yes/no) ', { signal }).catch(() => undefined);
    if (answer === undefined && !signal.aborted) {
      // Ctrl-D leaves the line as it is.
      say('');
    }
    if (answer === undefined || !/^y(es)?$/i.test(answer.trim())) {
      throw new CannotRun('the run was not agreed to', {}, 'Nothing was made. Answer yes, or say --yes.');
    }
  } finally {
    terminal.close();
  }
}
