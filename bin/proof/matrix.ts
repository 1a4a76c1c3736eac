import { appendFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { type DeploymentFault, deploymentFaults, proveDeployment } from '../../fixtures/proof/deployment-proof.ts';
import { EXCUSES } from '../../fixtures/proof/excuses.ts';
import { FALSE_PASSES } from '../../fixtures/proof/false-passes.ts';
import { waits } from '../../fixtures/proof/fault-trial.ts';
import type { Runbook } from '../../fixtures/scenario/runbook.ts';
import { nearestWord } from '../../helpers/config/nearest-word.ts';
import { CannotRun } from '../../helpers/failure.ts';
import type { ProofResult } from '../../helpers/proof/proof-result.ts';
import { type Demands, type Matrix, matrixOf } from '../../reports/matrix/matrix.ts';
import { matrixPage } from '../../reports/matrix/matrix-html.ts';
import { renderMatrix } from '../../reports/matrix/matrix-text.ts';
import { faultCatalogue } from '../../scenarios/fault-catalogue.ts';
import { manifest, playedRunbooks } from '../../scenarios/manifest.ts';
import type { Result } from './jobs.ts';
import type { Task } from './pool.ts';
import { runJobs } from './pool.ts';
import type { ProofSession } from './proof-session.ts';

/** Plays the scenarios against one fresh embedded cluster per fault. True when each check was seen red, and green without. */
export async function proveMatrix(session: ProofSession, ids: readonly string[]): Promise<boolean> {
  const { played: faults, deployed } = chosen(ids);
  const jobs = [...faults.flatMap(jobsOf), ...(ids.length === 0 ? healthy() : [])];
  const results = (await Promise.all([play(session, jobs), proveDeployment(manifest.checks, ids)])).flat();
  const matrix = matrixOf([...deployed, ...faults], results, ids.length === 0 ? demands() : {});
  writeFileSync(join(session.dir, 'matrix.json'), JSON.stringify(matrix, null, 1));
  session.say(renderMatrix(matrix, manifest));
  if (ids.length > 0) {
    session.say(inFull(matrix, results));
  }
  const page = join(session.dir, 'matrix.html');
  const facts = { madeAt: new Date().toISOString(), seconds: session.seconds(), runs: results.length };
  writeFileSync(page, matrixPage(matrix, manifest, facts));
  session.say(`${facts.runs} runs in ${facts.seconds} s\nreport: ${relative(process.cwd(), page)}`);
  return matrix.holds;
}

/** Of a whole matrix. */
function demands(): Demands {
  return { checks: manifest.checks.map(({ id }) => id), excuses: EXCUSES, falsePasses: FALSE_PASSES };
}

/** Does the jobs and keeps each result as soon as it is there. */
export async function play({ dir, signal, progress }: ProofSession, jobs: readonly Task[]): Promise<ProofResult[]> {
  const results: ProofResult[] = [];
  const onResult = ({ kind, of }: Result) => {
    if (kind === 'attempt') {
      results.push(of);
      appendFileSync(join(dir, 'results.ndjson'), `${JSON.stringify(of)}\n`);
    }
    progress(`${results.length} of ${jobs.length} runs`);
  };
  await runJobs(jobs.toSorted(longestFirst), { log: join(dir, 'workers.log'), signal, onResult });
  return results;
}

/** So that no core is idle at the end: first what waits, then what takes the most steps. Servers take longest. */
function longestFirst(a: Task, b: Task): number {
  return Number(b.waits) - Number(a.waits) || lengthOf(b) - lengthOf(a);
}

function lengthOf({ job }: Task): number {
  const book = playedRunbooks.find(({ id }) => job.kind === 'attempt' && id === job.scenario);
  const servers = Object.values(book?.makes ?? {}).filter(({ kind }) => kind === 'server').length;
  return Object.keys(book?.steps ?? {}).length * (1 + servers);
}

interface Chosen {
  readonly played: readonly ProvenFault[];
  readonly deployed: readonly DeploymentFault[];
}

function chosen(ids: readonly string[]): Chosen {
  const known = [...deploymentFaults, ...faultCatalogue].map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const advice = `Did you mean ${nearestWord(unknown, known) ?? known[0]}?`;
    throw new CannotRun('there is no such fault', { fault: unknown }, advice);
  }
  const isChosen = ({ id }: { readonly id: string }) => ids.length === 0 || ids.includes(id);
  return { played: faultCatalogue.filter(isChosen), deployed: deploymentFaults.filter(isChosen) };
}

/** A run of each scenario that evaluates a check which the fault must turn red. */
export function jobsOf(fault: ProvenFault): Task[] {
  return playedRunbooks
    .filter((book) => reaches(fault, book))
    .map((book) => ({ job: { kind: 'attempt', scenario: book.id, fault: fault.id }, waits: waits(fault) }));
}

function reaches({ reddens, during = [] }: ProvenFault, book: Pick<Runbook, 'id' | 'checks'>): boolean {
  return during.includes(book.id) || reddens.some((check) => check in book.checks);
}

/** Each scenario without a fault. */
function healthy(): Task[] {
  return playedRunbooks.map(({ id }) => ({ job: { kind: 'attempt', scenario: id }, waits: false }));
}

/** Each outcome with its cause, for a person who looks at one fault. */
function inFull({ rows }: Matrix, results: readonly ProofResult[]): string {
  const told = results.flatMap(({ fault, scenario, met, outcomes, ms }) => [
    `\n${fault ?? 'healthy'} in ${scenario}: met ${met} times, ${ms} ms`,
    ...outcomes.map(
      ({ check, outcome, cause }) =>
        `  ${check}: ${outcome}${cause === undefined ? '' : `\n    ${cause.replaceAll('\n', '\n    ')}`}`,
    ),
  ]);
  return [...rows.map(({ id, cause }) => `${id}: ${cause}`), ...told].join('\n');
}
