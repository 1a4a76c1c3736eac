import { basename } from 'node:path';
import { isClosed } from '../../fixtures/ledger/journal.ts';
import { runFiles } from '../../fixtures/run/run.ts';
import type { Manifest } from '../../helpers/claims.ts';
import { type Evidence, readEvidence } from '../../helpers/evidence.ts';
import { ChainedFile } from '../../helpers/evidence-chain.ts';
import { CannotRun } from '../../helpers/failure.ts';
import { factsOf, readVerdict } from '../../reports/report.ts';
import type { RunFacts } from '../../reports/verdict/verdict.ts';
import type { TargetDescription } from '../../reports/verdict/verdict-schema.ts';
import { CLUSTER, isSameFact } from '../earlier-runs.ts';
import { isThere } from '../runs-folder.ts';
import type { Selection } from '../selection.ts';
import { factsOfKilled } from './begun.ts';

/** What a run takes over from an earlier one that did not get to its end. */
export interface Carried {
  /** The run that goes on. */
  readonly from: string;
  readonly target: TargetDescription;
  /** All checks that the earlier run was asked for: what the verdict is about. */
  readonly selection: readonly string[];
  /** How many of them count as they were. */
  readonly checks: number;
  /** The evidence of the scenarios that had ended. */
  readonly lines: readonly Evidence[];
  readonly leaks: RunFacts['leaks'];
}

export interface Resumable {
  readonly carried: Carried;
  /** What is left to play. */
  readonly left: Selection;
}

/** What a run had not got to, and what counts as it was. Throws CannotRun when that cannot be told, or is nothing. */
export function resumable(runDir: string, manifest: Manifest): Resumable {
  const run = basename(runDir);
  const { verdict, evidence, journal } = runFiles(runDir);
  const facts = isThere(verdict) ? factsOf(readVerdict(runDir)) : factsOfKilled(runDir);
  const { lines, chain } = isThere(evidence) ? readEvidence(evidence) : { lines: [], chain: undefined };
  if (chain !== undefined && chain.problems.length > 0) {
    const advice = 'Play all of it again: npm run acceptance';
    throw new CannotRun(
      'the evidence of this run was changed, so that nothing of it counts',
      { run, why: chain.problems[0] },
      advice,
    );
  }
  // Clusters that live as long as their run are gone, and what was left in them.
  if (facts.target.kind === 'live' && isThere(journal) && !isClosed(journal)) {
    throw new CannotRun('this run may have left things behind', { run }, `First take them away: npm run sweep -- ${run} --yes`);
  }
  const ended = new Set(lines.flatMap((line) => (line.type === 'scenario' && line.state === 'ended' ? [line.scenario] : [])));
  const selection = new Set(facts.selection);
  const wanted = manifest.checks.filter(({ id }) => selection.has(id));
  const open = wanted.filter(({ scenario }) => scenario === OF_ALL || !ended.has(scenario));
  const concerned = new Set(open.map(({ scenario }) => scenario));
  const scenarios = manifest.scenarios.map(({ id }) => id).filter((id) => concerned.has(id) && id !== OF_ALL);
  if (scenarios.length === 0) {
    const advice = 'What was not green in it: npm run acceptance -- --last-failed';
    throw new CannotRun('this run got to everything that it was asked for', { run }, advice);
  }
  return {
    carried: {
      ...{ from: run, target: facts.target, selection: wanted.map(({ id }) => id), leaks: facts.leaks },
      checks: wanted.length - open.length,
      lines: lines.filter(({ scenario }) => ended.has(scenario) && scenario !== OF_ALL),
    },
    left: { scenarios, checks: open.map(({ id }) => id) },
  };
}

/** The checks of this scenario are about a run as a whole, and each run's own. */
const OF_ALL = 'run';

/** Writes down in a new run's folder what it takes over, so that it can be judged and handed on without the earlier one. */
export function carryOver({ from, lines }: Carried, dir: string): void {
  const file = new ChainedFile(runFiles(dir).evidence);
  for (const line of lines) {
    file.append({ ...line, from });
  }
}

/** Of these, too, two parts of one acceptance must tell the same. */
const SETTINGS = ['volume type', 'template', 'flavor', 'image', 'promised of loads', 'acted by', 'suite'];

/** Throws CannotRun when a run may not go on with what it has taken over: on another cluster, or with other settings. */
export function assertSame({ from, target }: Carried, now: TargetDescription): void {
  const names = [...(now.kind === 'live' ? CLUSTER : []), ...SETTINGS];
  const different = names.filter((name) => !isSameFact(name, target, now));
  if (different.length > 0) {
    const details = Object.fromEntries(
      different.map((name) => [name, `${now.facts[name] ?? '-'}, then ${target.facts[name] ?? '-'}`]),
    );
    const advice = 'Resume it with the same settings and version on the same cluster, or play all of it again.';
    throw new CannotRun(`run ${from} was another one than this`, details, advice);
  }
}

/** What stands on every page about it. */
export function carriedInWords({ from, checks, selection }: Carried): Readonly<Record<string, string>> {
  return { 'resumed from': `${from}: ${checks} of ${selection.length} checks count as they were there` };
}
