import { createHash } from 'node:crypto';
import type { CheckEvidence, Evidence, StepEvidence } from '../../helpers/evidence.ts';
import type { CheckVerdict, Verdict } from '../verdict/verdict-schema.ts';
import {
  type AllureAttachment,
  type AllureResult,
  type AllureStep,
  detailsOf,
  labelsOf,
  STATUS,
  type Store,
  shows,
} from './format.ts';

/** The steps of a scenario that Allure knows nothing of, from its evidence: the run was killed before Allure wrote. */
export function evidenceSteps(verdict: Verdict, lines: readonly Evidence[], store: Store): AllureStep[] {
  const checks = new Map(verdict.checks.map((check) => [check.id, check]));
  return lines.flatMap((line) => {
    if (line.type === 'step' && (line.state !== 'started' || isLast(line, lines))) {
      return [stepOf(line, store)];
    }
    const check = line.type === 'check' ? checks.get(line.check) : undefined;
    return line.type === 'check' && check !== undefined ? [checkStep(line, check, store)] : [];
  });
}

/**
 * A result for each check of a scenario, so that the report counts what the verdict counts: each has the steps that led to it. What came after
 * the last that was reached is with the first that was not.
 */
export function resultsOf(
  verdict: Verdict,
  scenario: string,
  steps: readonly AllureStep[],
  attachments: readonly AllureAttachment[] = [],
): AllureResult[] {
  const checks = verdict.checks.filter((check) => check.scenario === scenario && check.selected);
  const led = new Map<string, AllureStep[]>();
  let open: AllureStep[] = [];
  const give = (check: string) => {
    led.set(check, [...(led.get(check) ?? []), ...open]);
    open = [];
  };
  let reached = checks[0];
  for (const step of steps) {
    open.push(step);
    const check = checks.find(({ id }) => shows(step, id));
    if (check !== undefined) {
      give(check.id);
      reached = check;
    }
  }
  const unreached = checks.find(({ id, outcome }) => !led.has(id) && outcome !== 'passed') ?? reached;
  if (unreached !== undefined) {
    give(unreached.id);
  }
  const end = Math.max(...steps.map(({ stop }) => stop), Date.parse(verdict.startedAt));
  return checks.map((check, at) => {
    const own = led.get(check.id) ?? [];
    const stop = own.length === 0 ? end : Math.max(...own.map((step) => step.stop));
    const start = Math.min(stop, ...own.map((step) => step.start));
    return { ...checkResult(verdict, check), start, stop, steps: own, attachments: at === 0 ? attachments : [] };
  });
}

/** A result for one check that no scenario result shows. */
export function checkResult(verdict: Verdict, check: CheckVerdict): AllureResult {
  const end = Date.parse(verdict.endedAt);
  const { section, line } = check.guide;
  return {
    ...identity(`check ${check.id}`, [check.id]),
    name: `${check.id}: ${check.claim}`,
    status: STATUS[check.outcome],
    ...frame(end - check.ms, end),
    statusDetails: check.cause === undefined ? {} : detailsOf(check),
    description: `${check.claim}\n\nGuide, ${section}: ${line}`,
    parameters: [
      { name: 'outcome', value: check.outcome },
      { name: 'guide', value: `${section}: ${line}` },
    ],
    labels: labelsOf(verdict, check),
  };
}

function isLast(step: StepEvidence, lines: readonly Evidence[]): boolean {
  return lines.findLast((line) => line.type === 'step' && line.step === step.step) === step;
}

function stepOf(line: StepEvidence, store: Store): AllureStep {
  const stop = Date.parse(line.at);
  const lists = { exchanges: line.exchanges, executions: line.executions, waits: line.waits };
  const attachments = Object.entries(lists).flatMap(([name, rows]) =>
    rows === undefined || rows.length === 0 ? [] : [store(name, JSON.stringify(rows, null, 1), 'application/json')],
  );
  const typed = line.command === undefined ? [] : [store('what a person would type', line.command, 'text/plain')];
  return {
    name: line.title,
    status: line.state === 'done' ? 'passed' : 'broken',
    ...frame(stop - (line.ms ?? 0), stop),
    statusDetails: line.error === undefined ? {} : { message: line.error },
    attachments: [...typed, ...attachments],
  };
}

function checkStep(line: CheckEvidence, check: CheckVerdict, store: Store): AllureStep {
  const stop = Date.parse(line.at);
  return {
    name: `${check.id}: ${check.claim}`,
    status: STATUS[check.outcome],
    ...frame(stop - line.ms, stop),
    statusDetails: detailsOf(check),
    attachments: line.seen.length === 0 ? [] : [store('what was seen', JSON.stringify(line.seen, null, 1), 'application/json')],
  };
}

function frame(start: number, stop: number) {
  return { stage: 'finished', start, stop, steps: [], attachments: [], parameters: [] } as const;
}

function identity(fullName: string, titlePath: readonly string[]) {
  const hash = createHash('sha256').update(fullName).digest('hex').slice(0, 32);
  return { uuid: hash, historyId: hash, testCaseId: hash, fullName, titlePath, links: [] };
}
