import type { Manifest } from '../helpers/claims.ts';
import type { Evidence } from '../helpers/evidence.ts';
import type { SortedEvidence } from './evidence-lines.ts';
import type { RunnerEnd } from './verdict-schema.ts';

/** Everything about the evidence as a whole that forbids believing it, in sentences. Empty for a sound run. */
export function evidenceProblems(manifest: Manifest, evidence: SortedEvidence, torn: number, runner: RunnerEnd): string[] {
  const scenarios = new Set(manifest.scenarios.map(({ id }) => id));
  return [
    ...runnerProblems(runner),
    ...(torn > 0 ? [`${torn} evidence line(s) are torn: a writer died in the middle of a line`] : []),
    ...(evidence.malformed > 0 ? [`${evidence.malformed} evidence line(s) are not evidence: a field is missing or unknown`] : []),
    ...checkProblems(manifest, evidence),
    ...[...evidence.byScenario]
      .filter(([id]) => scenarios.has(id))
      .flatMap(([id, lines]) => courseProblems(lines).map((problem) => `scenario ${id}: ${problem}`)),
  ];
}

function runnerProblems({ exitCode, signal }: RunnerEnd): string[] {
  if (signal !== null) {
    return [`the run was ended by ${signal}`];
  }
  return exitCode === 0 ? [] : [`the test runner ended with exit code ${exitCode ?? 'unknown'}`];
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

/** A scenario must start once, then evaluate its checks and steps, then end once. */
function courseProblems(lines: readonly Evidence[]): string[] {
  const problems: string[] = [];
  let phase: 'before' | 'running' | 'after' = 'before';
  const steps = new Map<string, string>();
  for (const line of lines) {
    if (line.type === 'scenario') {
      const expected = line.state === 'started' ? 'before' : 'running';
      if (phase !== expected) {
        problems.push(`${line.state} out of turn`);
      }
      phase = line.state === 'started' ? 'running' : 'after';
      if (line.state === 'ended' && line.error !== undefined) {
        problems.push(`ended with an error: ${firstLine(line.error)}`);
      }
    }
    if ((line.type === 'check' || line.type === 'step') && phase !== 'running') {
      problems.push(`${line.type} ${line.type === 'check' ? line.check : line.step} was reported while it was not running`);
    }
    if (line.type === 'step') {
      if ((line.state === 'started') === (steps.get(line.step) === 'started')) {
        problems.push(`step ${line.step}: ${line.state} out of turn`);
      }
      steps.set(line.step, line.state);
      if (line.state === 'failed') {
        problems.push(`step ${line.step} failed: ${firstLine(line.error ?? 'no reason given')}`);
      }
    }
  }
  if (phase === 'running') {
    problems.push('started and never ended');
  }
  return [...problems, ...[...steps].filter(([, state]) => state === 'started').map(([step]) => `step ${step} never ended`)];
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
