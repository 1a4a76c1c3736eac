import { LAST_CHAPTER_OF_GUIDE, type Manifest } from '../../helpers/claims.ts';
import type { Evidence } from '../../helpers/evidence.ts';
import type { ChainCheck } from '../../helpers/evidence-chain.ts';
import { causesOf } from './causes.ts';
import { checkVerdicts } from './check-verdict.ts';
import { chainProblems, evidenceProblems } from './evidence-consistency.ts';
import { courseOf, type SortedEvidence, sortEvidence } from './evidence-lines.ts';
import { flakyServices, trafficOf } from './traffic.ts';
import {
  type CheckVerdict,
  isGreen,
  type Leak,
  type Overall,
  type RunnerEnd,
  type TargetDescription,
  VERDICT_VERSION,
  type Verdict,
  type VerdictOutcome,
  type Waiver,
} from './verdict-schema.ts';
import { waive } from './waiving.ts';

export interface RunFacts {
  readonly runId: string;
  readonly target: TargetDescription;
  /** Ids of the checks that were asked for: all, or those that --only chose. */
  readonly selection: Iterable<string>;
  /** How the test runner ended: a signal, or an exit code. */
  readonly runner: RunnerEnd;
  /** What the supervisor found left behind, `unswept` while it is still there. A leak that only a scenario reported counts as such. */
  readonly leaks: readonly Leak[];
  /** ISO times. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** Why the run could not begin (settings, connection), for a person. */
  readonly cannotRun?: string;
  /** Checks that may be red on the day the run ends. */
  readonly waivers?: readonly Waiver[];
}

export interface VerdictInput extends RunFacts {
  readonly manifest: Manifest;
  /** The lines of evidence.ndjson as they were read; lines of another shape are counted, not trusted. */
  readonly lines: readonly unknown[];
  readonly torn: number;
  /** What the lines' chain tells; absent where there is no file. */
  readonly chain?: ChainCheck;
}

const EXIT: Readonly<Record<Overall, number>> = {
  accepted: 0,
  'accepted-with-waivers': 0,
  rejected: 1,
  incomplete: 1,
  'could-not-run': 2,
  leaked: 3,
};
const DAY = 'YYYY-MM-DD'.length;

/**
 * Judges a run from its evidence against the manifest. Accepted only if every selected check has passed with an assertion or
 * does not apply for a stated reason or is waived, at least one has passed, the evidence is whole, the runner ended well and nothing is left.
 */
export function computeVerdict(input: VerdictInput): Verdict {
  const { manifest, runner, waivers = [] } = input;
  const evidence = sortEvidence(input.lines);
  const selection = new Set(input.selection);
  const judged = checkVerdicts({ manifest, evidence, selection, runner });
  const { checks, warnings } = waive(judged, waivers, input.endedAt.slice(0, DAY));
  const known = new Set(manifest.checks.map(({ id }) => id));
  const problems = [
    ...evidenceProblems(manifest, evidence, input.torn, runner),
    ...chainProblems(input.chain, runner),
    ...[...selection].filter((id) => !known.has(id)).map((id) => `the unknown check ${id} was asked for`),
  ];
  const leaks = joinLeaks(evidence.lines, input.leaks);
  const nothingRan = runner.signal === null && !evidence.lines.some(({ type }) => type === 'scenario' || type === 'check');
  const traffic = trafficOf(evidence.lines);
  const overall = judgeRun({ checks, problems, leaks, cannotRun: input.cannotRun !== undefined || nothingRan });
  return {
    version: VERDICT_VERSION,
    runId: input.runId,
    target: input.target,
    startedAt: input.startedAt,
    endedAt: input.endedAt,
    overall,
    exitCode: EXIT[overall],
    counts: count(checks),
    checks,
    notSelected: guideOf(manifest).filter((id) => !selection.has(id)),
    causes: causesOf(checks),
    chapters: [...manifest.chapters],
    scenarios: scenariosOf(manifest, evidence, checks),
    problems,
    waivers: [...waivers],
    warnings: [...warnings, ...leftOut(evidence.lines), ...flakyServices(traffic)],
    ...(input.cannotRun === undefined ? {} : { cannotRun: input.cannotRun }),
    measurements: measurementsIn(evidence.lines),
    leaks,
    runner,
    traffic,
  };
}

/** The last of each. */
function measurementsIn(lines: SortedEvidence['lines']): Verdict['measurements'] {
  const all = lines.flatMap((line) => (line.type === 'measurement' ? [line] : []));
  const last = new Map(all.map((line) => [`${line.scenario} ${line.host} ${line.name}`, line]));
  return [...last.values()].map(({ scenario, name, host, iops, bytesPerSecond, p50, p99, p999 }) => ({
    ...{ scenario, name, host, iops, bytesPerSecond, p50, p99, p999 },
  }));
}

const MOST_NAMES = 8;

/** What a check has passed without, each reason once. */
function leftOut(lines: SortedEvidence['lines']): string[] {
  const seen = lines.flatMap((line) => (line.type === 'check' && line.outcome === 'passed' ? line.seen : []));
  const reasons = Map.groupBy(
    seen.filter((one) => one.leftOut === true),
    ({ actual }) => String(actual),
  );
  return [...reasons].map(([why, own]) => {
    const names = [...new Set(own.map(({ subject }) => subject))];
    const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
    return `not looked at: ${names.slice(0, MOST_NAMES).join(', ')}${more}: ${why}`;
  });
}

interface Facts {
  readonly checks: readonly CheckVerdict[];
  readonly problems: readonly string[];
  readonly leaks: readonly Leak[];
  readonly cannotRun: boolean;
}

function judgeRun({ checks, problems, leaks, cannotRun }: Facts): Overall {
  if (leaks.length > 0) {
    return 'leaked';
  }
  if (cannotRun) {
    return 'could-not-run';
  }
  if (checks.some(({ outcome }) => outcome === 'failed')) {
    return 'rejected';
  }
  const selected = checks.filter((check) => check.selected);
  const allGood = selected.every(({ outcome }) => isGreen(outcome));
  const onePassed = selected.some(({ outcome }) => outcome === 'passed');
  if (!allGood || !onePassed || problems.length > 0) {
    return 'incomplete';
  }
  return selected.some(({ outcome }) => outcome === 'waived') ? 'accepted-with-waivers' : 'accepted';
}

function count(checks: readonly CheckVerdict[]): Verdict['counts'] {
  const selected = checks.filter((check) => check.selected);
  const having = (outcome: VerdictOutcome) => selected.filter((check) => check.outcome === outcome).length;
  return {
    selected: selected.length,
    passed: having('passed'),
    failed: having('failed'),
    'not-applicable': having('not-applicable'),
    blocked: having('blocked'),
    'could-not-check': having('could-not-check'),
    waived: having('waived'),
    assertions: selected.reduce((total, { assertions }) => total + assertions, 0),
  };
}

function joinLeaks(lines: readonly Evidence[], found: readonly Leak[]): Leak[] {
  const key = ({ layer, kind, id }: Pick<Leak, 'layer' | 'kind' | 'id'>) => JSON.stringify([layer, kind, id]);
  const reported = lines
    .filter((line) => line.type === 'leak')
    .map(({ layer, kind, id, name }): Leak => ({ layer, kind, id, name, unswept: true }));
  return [...new Map([...reported, ...found].map((leak) => [key(leak), leak])).values()];
}

function guideOf({ checks, scenarios }: Manifest): string[] {
  const ofGuide = new Set(scenarios.filter(({ chapter }) => chapter <= LAST_CHAPTER_OF_GUIDE).map(({ id }) => id));
  return checks.filter(({ scenario }) => ofGuide.has(scenario)).map(({ id }) => id);
}

function scenariosOf(manifest: Manifest, evidence: SortedEvidence, checks: readonly CheckVerdict[]): Verdict['scenarios'] {
  const concerned = new Set(checks.map(({ scenario }) => scenario));
  return manifest.scenarios
    .filter(({ id }) => concerned.has(id) || evidence.byScenario.has(id))
    .map(({ id, chapter, title }) => {
      const { started, ms } = courseOf(evidence.byScenario.get(id));
      return { id, chapter, title, started, ms };
    });
}
