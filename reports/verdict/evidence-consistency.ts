import type { Manifest } from '../../helpers/claims.ts';
import type { Evidence } from '../../helpers/evidence.ts';
import type { ChainCheck } from '../../helpers/evidence-chain.ts';
import type { SortedEvidence } from './evidence-lines.ts';
import type { RunnerEnd } from './verdict-schema.ts';

/** Everything about the evidence as a whole that forbids believing it, in sentences. Empty for a sound run. */
export function evidenceProblems(manifest: Manifest, evidence: SortedEvidence, torn: number, runner: RunnerEnd): string[] {
  const scenarios = new Set(manifest.scenarios.map(({ id }) => id));
  return [
    ...runnerProblems(runner, evidence),
    ...(torn > 0 ? [`${torn} evidence line(s) are torn: a writer died in the middle of a line`] : []),
    ...(evidence.malformed > 0 ? [`${evidence.malformed} evidence line(s) are not evidence: a field is missing or unknown`] : []),
    ...checkProblems(manifest, evidence),
    ...[...evidence.byScenario]
      .filter(([id]) => scenarios.has(id))
      .flatMap(([id, lines]) => courseProblems(lines).map((problem) => `scenario ${id}: ${problem}`)),
  ];
}

/** Why the file is not what was written. Nobody closes that of a run that is killed. */
export function chainProblems(chain: ChainCheck | undefined, { signal }: RunnerEnd): string[] {
  if (chain === undefined || !chain.isChained) {
    return [];
  }
  const open = chain.isClosed || signal !== null ? [] : ['the evidence was not closed: lines may be missing at its end'];
  return [...chain.problems.map((problem) => `the evidence was changed: ${problem}`), ...open];
}

/** A runner's exit code 1 says nothing new when a check tells why. */
function runnerProblems({ exitCode, signal }: RunnerEnd, { lines }: SortedEvidence): string[] {
  if (signal !== null) {
    return [`the run was ended by ${signal}`];
  }
  const explained = exitCode === 0 || (exitCode === 1 && lines.some(isBad));
  return explained ? [] : [`the test runner ended with exit code ${exitCode ?? 'unknown'}`];
}

function isBad(line: Evidence): boolean {
  return line.type === 'check' && line.outcome !== 'passed' && line.outcome !== 'not-applicable';
}

function checkProblems(manifest: Manifest, evidence: SortedEvidence): string[] {
  const known = new Map(manifest.checks.map((check) => [check.id, check]));
  return [...evidence.checks].flatMap(([id, lines]) => {
    const check = known.get(id);
    if (check === undefined) {
      return [`the evidence speaks of the unknown check ${id}`];
    }
    const stranger = lines.find(({ scenario }) => scenario !== check.scenario);
    return [
      ...(lines.length > 1
        ? [`check ${id} was reported ${lines.length} times: ${lines.map(({ outcome }) => outcome).join(', ')}`]
        : []),
      ...(stranger ? [`check ${id} was reported by scenario ${stranger.scenario}, not by ${check.scenario}`] : []),
    ];
  });
}

/** A scenario must start once, then do its steps and evaluate its checks, then end once. */
function courseProblems(lines: readonly Evidence[]): string[] {
  const problems: string[] = [];
  let phase: 'before' | 'running' | 'after' = 'before';
  for (const line of lines) {
    if (line.type === 'scenario') {
      if (phase !== (line.state === 'started' ? 'before' : 'running')) {
        problems.push(`${line.state} out of turn`);
      }
      phase = line.state === 'started' ? 'running' : 'after';
    } else if ((line.type === 'check' || line.type === 'step') && phase !== 'running') {
      problems.push(`${line.type === 'check' ? line.check : line.step} was reported while it was not running`);
    }
  }
  const unended = phase === 'running' ? ['it started and never ended'] : [];
  return [...problems, ...unended, ...stepProblems(lines), ...endProblems(lines)];
}

function stepProblems(lines: readonly Evidence[]): string[] {
  const problems: string[] = [];
  const open = new Set<string>();
  for (const line of lines) {
    if (line.type !== 'step') {
      continue;
    }
    if (open.has(line.step) === (line.state === 'started')) {
      problems.push(`step ${line.step}: ${line.state} out of turn`);
    }
    if (line.state === 'started') {
      open.add(line.step);
    } else {
      open.delete(line.step);
    }
  }
  return [...problems, ...[...open].map((step) => `step ${step} never ended`)];
}

/** An error that none of the scenario's checks accounts for. */
function endProblems(lines: readonly Evidence[]): string[] {
  const errors = lines.flatMap((line) => (line.type === 'scenario' && line.state === 'ended' ? (line.error ?? []) : []));
  return lines.some(isBad) ? [] : errors.map((error) => `it ended with an error: ${firstLine(error)}`);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
