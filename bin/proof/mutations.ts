import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOTHING_LEFT } from '../../fixtures/cleanup/nothing-left.ts';
import type { ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { RandomChoice } from '../../fixtures/proof/healthy/dice.ts';
import { type Mutation, mutationsOf, renderMutations } from '../../reports/matrix/mutations.ts';
import { faultCatalogue } from '../../scenarios/fault-catalogue.ts';
import { plainRunbooks } from '../../scenarios/manifest.ts';
import { jobsOf, play } from './matrix.ts';
import type { Task } from './pool.ts';
import type { ProofSession } from './proof-session.ts';

export interface MutationRequest {
  /** How many checks; all when absent. */
  readonly sample?: number | undefined;
  /** Chooses them. */
  readonly seed: number;
}

/**
 * Switches checks off, one after the other, and plays the faults that each is there for: the matrix must lose those cells. A sample plays one
 * fault for each check. True when every one was missed.
 */
export async function proveMutations(session: ProofSession, { sample, seed }: MutationRequest): Promise<boolean> {
  const checks = [...plainRunbooks.flatMap((book) => Object.keys(book.checks)), NOTHING_LEFT];
  const chosen = sample === undefined ? checks : new RandomChoice(seed).shuffled(checks).slice(0, sample);
  const jobs = chosen.flatMap((check) => jobsWithout(check, sample === undefined ? undefined : 1));
  session.say(`${chosen.length} of ${checks.length} checks are switched off in turn: ${jobs.length} runs`);
  const mutations = mutationsOf(chosen, faultCatalogue, await play(session, jobs));
  writeFileSync(join(session.dir, 'mutations.json'), JSON.stringify(mutations, null, 1));
  session.say(`${renderMutations(mutations)}\n${jobs.length} runs in ${session.seconds()} s; all of it in ${session.dir}`);
  return mutations.every(isMissed);
}

const isMissed = ({ lost }: Mutation) => lost.length > 0;

function jobsWithout(check: string, most = faultCatalogue.length): Task[] {
  const meant = faultCatalogue.filter(({ reddens }) => reddens.includes(check));
  // Those that the check is there for first, and of these the quick ones.
  const best = meant.toSorted((a, b) => rank(a, check) - rank(b, check)).slice(0, most);
  return best.flatMap((fault) => jobsOf(fault).map((task) => ({ ...task, job: { ...task.job, switchedOff: check } })));
}

function rank({ reddens, kind, waits }: ProvenFault, check: string): number {
  return (reddens[0] === check ? 0 : 2) + (kind === 'stick' || waits === true ? 1 : 0);
}
