import { appendFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isHorizonInstalled } from '../../fixtures/horizon/debian-horizon.ts';
import type { ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { type DeploymentFault, deploymentFaults, proveDeployment } from '../../fixtures/proof/deployment-proof.ts';
import { EXCUSES } from '../../fixtures/proof/excuses.ts';
import { FALSE_PASSES } from '../../fixtures/proof/false-passes.ts';
import { waits } from '../../fixtures/proof/fault-trial.ts';
import { RandomChoice } from '../../fixtures/proof/healthy/dice.ts';
import type { Runbook } from '../../fixtures/scenario/runbook.ts';
import { systemEnvironment } from '../../helpers/config/config.ts';
import { fromHere } from '../../helpers/config/named-file.ts';
import { nearestWord } from '../../helpers/config/nearest-word.ts';
import { CannotRun } from '../../helpers/failure.ts';
import { findBrowser } from '../../helpers/horizon/browser.ts';
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

export interface MatrixRequest {
  /** These faults alone, each told in full. */
  readonly ids?: readonly string[];
  /** What needs that, in place of what needs nothing but a cluster. */
  readonly needs?: Runbook['needs'];
  /** So many faults by chance. */
  readonly sample?: { readonly of: number; readonly seed: number } | undefined;
}

/** Plays the scenarios against one fresh embedded cluster per fault. True when each check was seen red, and green without. */
export async function proveMatrix(session: ProofSession, { ids = [], needs, sample }: MatrixRequest): Promise<boolean> {
  const isWhole = ids.length === 0 && sample === undefined;
  const { played: faults, deployed } = sample === undefined ? chosen(ids, needs) : sampled(chosen([], needs), sample);
  const books = playedRunbooks.filter((book) => book.needs === needs);
  const jobs = [...faults.flatMap(jobsOf), ...(isWhole ? books.map((book) => taskOf(book)) : [])];
  assertHorizonFor(jobs);
  const looks = deployed.length > 0 ? [proveDeployment(manifest.checks, isWhole ? [] : deployed.map(({ id }) => id))] : [];
  const results = (await Promise.all([play(session, jobs), ...looks])).flat();
  const matrix = matrixOf([...deployed, ...faults], results, isWhole ? demands(needs) : {});
  writeFileSync(join(session.dir, 'matrix.json'), JSON.stringify(matrix, null, 1));
  session.say(renderMatrix(matrix, manifest));
  if (ids.length > 0) {
    session.say(inFull(matrix, results));
  }
  const page = join(session.dir, 'matrix.html');
  const facts = { madeAt: new Date().toISOString(), seconds: session.seconds(), runs: results.length };
  writeFileSync(page, matrixPage(matrix, manifest, facts));
  session.say(`${facts.runs} runs in ${facts.seconds} s\nreport: ${relative(fromHere('.'), page)}`);
  return matrix.holds;
}

/** Of a whole matrix: of what needs nothing but a cluster, or of what needs that. */
function demands(needs: Runbook['needs']): Demands {
  const checks = manifest.checks.map(({ id }) => id).filter((check) => needOf(check) === needs);
  return needs === undefined ? { checks, excuses: EXCUSES, falsePasses: FALSE_PASSES } : { checks };
}

const needOf = (check = '') => playedRunbooks.find(({ checks }) => check in checks)?.needs;

/** Throws CannotRun when Horizon is needed and not here. */
function assertHorizonFor(jobs: readonly Task[]): void {
  if (
    jobs.some(({ fillsCore }) => fillsCore) &&
    (!isHorizonInstalled() || findBrowser(systemEnvironment()['PATH'] ?? '') === undefined)
  ) {
    throw new CannotRun(
      "this needs Debian's Horizon and Chromium on this machine",
      {},
      'Install them: npm run setup -- --browser',
    );
  }
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

function chosen(ids: readonly string[], needs: Runbook['needs']): Chosen {
  const known = [...deploymentFaults, ...faultCatalogue].map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const advice = `Did you mean ${nearestWord(unknown, known) ?? known[0]}?`;
    throw new CannotRun('there is no such fault', { fault: unknown }, advice);
  }
  if (ids.length === 0) {
    const played = faultCatalogue.filter(({ reddens: [first] }) => needOf(first) === needs);
    return { played, deployed: needs === undefined ? deploymentFaults : [] };
  }
  const isChosen = ({ id }: { readonly id: string }) => ids.includes(id);
  return { played: faultCatalogue.filter(isChosen), deployed: deploymentFaults.filter(isChosen) };
}

function sampled({ played, deployed }: Chosen, { of, seed }: NonNullable<MatrixRequest['sample']>): Chosen {
  const all = [...played.map(({ id }) => id), ...deployed.map(({ id }) => id)];
  const ids = new Set(new RandomChoice(seed).shuffled(all).slice(0, of));
  return { played: played.filter(({ id }) => ids.has(id)), deployed: deployed.filter(({ id }) => ids.has(id)) };
}

/** A run of each scenario that evaluates a check which the fault must turn red. */
export function jobsOf(fault: ProvenFault): Task[] {
  return playedRunbooks
    .filter((book) => reaches(fault, book))
    .map((book) => ({ ...taskOf(book, fault.id), waits: waits(fault) }));
}

function reaches({ reddens, during = [] }: ProvenFault, book: Pick<Runbook, 'id' | 'checks'>): boolean {
  return during.includes(book.id) || reddens.some((check) => check in book.checks);
}

function taskOf({ id, needs }: Pick<Runbook, 'id' | 'needs'>, fault?: string): Task {
  const job = { kind: 'attempt', scenario: id, ...(fault !== undefined && { fault }) } as const;
  return { job, waits: false, fillsCore: needs === 'horizon' };
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
