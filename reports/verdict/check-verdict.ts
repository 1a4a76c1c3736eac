import type { Check, Manifest, Outcome } from '../../helpers/claims.ts';
import type { CheckEvidence } from '../../helpers/evidence.ts';
import { courseOf, type ScenarioCourse, type SortedEvidence } from './evidence-lines.ts';
import type { CheckVerdict, RunnerEnd } from './verdict-schema.ts';

/** From good to bad: of several reports about one check the last of this list counts. */
const SEVERITY: readonly Outcome[] = ['passed', 'not-applicable', 'could-not-check', 'blocked', 'failed'];

interface Finding {
  readonly outcome: Outcome;
  readonly cause?: string | undefined;
  readonly by?: string | undefined;
  readonly remedy?: string | undefined;
}

export interface CheckContext {
  readonly manifest: Manifest;
  readonly evidence: SortedEvidence;
  readonly selection: ReadonlySet<string>;
  readonly runner: RunnerEnd;
}

/** The verdict on every selected check and on every other check of the manifest that left evidence, in the manifest's order. */
export function checkVerdicts(context: CheckContext): CheckVerdict[] {
  const { manifest, evidence, selection } = context;
  return manifest.checks.filter(({ id }) => selection.has(id) || evidence.checks.has(id)).map((check) => judge(check, context));
}

function judge(check: Check, context: CheckContext): CheckVerdict {
  const reports = context.evidence.checks.get(check.id) ?? [];
  const worst = reports
    .map((report) => believe(report, check))
    .toSorted((a, b) => SEVERITY.indexOf(a.outcome) - SEVERITY.indexOf(b.outcome))
    .at(-1);
  const { outcome, cause, by, remedy } = worst ?? ({ outcome: 'could-not-check', cause: whyMissing(check, context) } as Finding);
  return {
    id: check.id,
    claim: check.claim,
    scenario: check.scenario,
    chapter: context.manifest.scenarios.find(({ id }) => id === check.scenario)?.chapter ?? 0,
    selected: context.selection.has(check.id),
    outcome,
    ...(cause === undefined ? {} : { cause }),
    ...(by === undefined ? {} : { by }),
    assertions: sum(reports.map(({ assertions }) => assertions)),
    observations: sum(reports.map(({ seen }) => seen.length)),
    ...(remedy === undefined ? {} : { remedy }),
    guide: check.guide,
    ms: sum(reports.map(({ ms }) => ms)),
  };
}

/** Takes a report at its word only as far as its own details bear it out. What a check advises is about its assertions alone. */
function believe(report: CheckEvidence, check: Check): Finding {
  const { outcome, cause, by } = report;
  const broken = report.seen.find(({ holds }) => holds === false);
  if (outcome === 'passed' && broken !== undefined) {
    const cause = `it was reported as passed, although ${broken.subject} was ${JSON.stringify(broken.actual)}`;
    return { outcome: 'failed', cause, remedy: check.remedy };
  }
  if (outcome === 'passed' && !(report.assertions >= 1)) {
    return { outcome: 'could-not-check', cause: 'it was reported as passed without a single assertion' };
  }
  if (outcome === 'not-applicable' && !cause?.trim()) {
    return { outcome: 'could-not-check', cause: 'it was reported as not applicable without a reason' };
  }
  if (outcome === 'blocked' && !by?.trim()) {
    return { outcome: 'could-not-check', cause: `${cause ?? 'it was blocked'} (what blocked it was not reported)` };
  }
  if (outcome === 'passed') {
    return { outcome };
  }
  const remedy = report.remedy ?? (outcome === 'failed' && broken !== undefined ? check.remedy : undefined);
  return { outcome, cause: cause ?? 'no cause was reported', by, ...(outcome !== 'not-applicable' && { remedy }) };
}

function whyMissing(check: Check, { manifest, evidence, runner }: CheckContext): string {
  const scenario = manifest.scenarios.find(({ id }) => id === check.scenario);
  const course = courseOf(evidence.byScenario.get(check.scenario));
  const ending = runner.signal
    ? `the run was ended by ${runner.signal}`
    : `the test runner ended with exit code ${runner.exitCode}`;
  if (!course.started) {
    return `its scenario “${scenario?.title ?? check.scenario}” never started (${ending})`;
  }
  return `its scenario “${scenario?.title ?? check.scenario}” ${howItStopped(course, ending)}`;
}

function howItStopped({ ended, error, openStep, failedStep }: ScenarioCourse, ending: string): string {
  if (failedStep !== undefined) {
    return `stopped at the step “${failedStep.title}”: ${failedStep.error ?? error ?? 'no reason was reported'}`;
  }
  if (!ended) {
    return openStep ? `died in the step “${openStep.title}” (${ending})` : `died between two steps (${ending})`;
  }
  return error === undefined ? 'ended without evaluating it' : `ended before it was evaluated: ${error}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
