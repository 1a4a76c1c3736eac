import { createHash } from 'node:crypto';
import type { CheckEvidence, Evidence, StepEvidence } from '../../helpers/evidence.ts';
import type { CheckVerdict, Verdict } from '../verdict/verdict-schema.ts';
import { type AllureResult, type AllureStep, detailsOf, labelsOf, STATUS, type Store, WAIVED_EPIC } from './format.ts';

/** A result for a scenario that Allure knows nothing of, drawn from its evidence: the run was killed before Allure wrote. */
export function scenarioResult(verdict: Verdict, id: string, lines: readonly Evidence[], store: Store): AllureResult {
  const scenario = verdict.scenarios.find((each) => each.id === id);
  const checks = new Map(verdict.checks.map((check) => [check.id, check]));
  const ended = lines.some((line) => line.type === 'scenario' && line.state === 'ended');
  const bad = verdict.checks.filter((check) => check.scenario === id).map(({ outcome }) => STATUS[outcome]);
  const steps = lines.flatMap((line) => {
    if (line.type === 'step' && (line.state !== 'started' || isLast(line, lines))) {
      return [stepOf(line, store)];
    }
    const check = line.type === 'check' ? checks.get(line.check) : undefined;
    return line.type === 'check' && check !== undefined ? [checkStep(line, check, store)] : [];
  });
  const status = !ended || bad.includes('broken') ? 'broken' : 'passed';
  const times = lines.map(({ at }) => Date.parse(at));
  return {
    ...identity(`scenario ${id}`, [scenario?.title ?? id]),
    name: scenario?.title ?? id,
    status: bad.includes('failed') ? 'failed' : status,
    ...frame(Math.min(...times), Math.max(...times)),
    statusDetails: ended ? {} : { message: 'it did not end; drawn from its evidence' },
    steps,
    labels: labelsOf(verdict, id),
  };
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
    labels: labelsOf(verdict, check.scenario),
  };
}

/** The same once more where it cannot be overlooked. */
export function waivedResult(verdict: Verdict, check: CheckVerdict): AllureResult {
  const labels = labelsOf(verdict, check.scenario).filter(({ name }) => name !== 'epic');
  return {
    ...checkResult(verdict, check),
    ...identity(`waived ${check.id}`, [check.id]),
    name: `waived: ${check.id}: ${check.claim}`,
    labels: [{ name: 'epic', value: WAIVED_EPIC }, { name: 'tag', value: 'waived' }, ...labels],
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
