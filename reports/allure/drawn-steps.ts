import { z } from 'zod';
import { firstLine, OUTCOME_WORDS } from '../terminal/text.ts';
import type { CheckVerdict, Verdict } from '../verdict/verdict-schema.ts';
import { detailsOf, labelsOf, STATUS } from './format.ts';

interface DrawnStep {
  readonly name: string;
  readonly steps: readonly DrawnStep[];
}

const stepSchema: z.ZodType<DrawnStep> = z.lazy(() =>
  z.looseObject({ name: z.string().default(''), steps: z.array(stepSchema).default([]) }),
);
const resultSchema = z.looseObject({
  name: z.string(),
  status: z.string().optional(),
  steps: z.array(stepSchema).default([]),
  labels: z.array(z.looseObject({ name: z.string() })).default([]),
});

/** A result that a scenario drew itself, brought into line with the verdict. */
export interface Adopted {
  readonly text: string;
  readonly name: string;
  /** Ids of the checks that it shows as steps. */
  readonly checks: readonly string[];
  /** True when the steps of a scenario were lost on the way from the test runner, as happens on a busy machine. */
  readonly isEmpty: boolean;
}

/**
 * Gives a drawn result the labels that all results of its scenario have, and its check steps the outcome that the verdict
 * came to: a scenario goes on after a failed check, so that Allure takes the step for passed. Throws ZodError for other JSON.
 */
export function addDrawnSteps(text: string, verdict: Verdict): Adopted {
  const result = resultSchema.parse(JSON.parse(text));
  const own = checksIn(result.steps, verdict);
  const scenario = own[0]?.scenario ?? verdict.scenarios.find(({ title }) => title === result.name)?.id;
  if (scenario === undefined) {
    return { text, name: result.name, checks: [], isEmpty: false };
  }
  const others = result.labels.filter(({ name }) => name !== 'epic' && name !== 'feature');
  const all = verdict.checks.filter((check) => check.scenario === scenario);
  const judged = {
    ...result,
    status: statusOf(result.status, all),
    ...summaryOf(all),
    steps: result.steps.map((step) => judgeStep(step, own)),
    labels: [...others, ...labelsOf(verdict, scenario)],
  };
  const { started = false } = verdict.scenarios.find(({ id }) => id === scenario) ?? {};
  const isEmpty = started && result.steps.length === 0;
  return { text: JSON.stringify(judged), name: result.name, checks: own.map(({ id }) => id), isEmpty };
}

function checksIn(steps: readonly DrawnStep[], verdict: Verdict): CheckVerdict[] {
  const names = namesIn(steps);
  return verdict.checks.filter(({ id }) => names.some((name) => name.startsWith(`${id}: `)));
}

function namesIn(steps: readonly DrawnStep[]): string[] {
  return steps.flatMap(({ name, steps: inner }) => [name, ...namesIn(inner)]);
}

function judgeStep(step: DrawnStep, checks: readonly CheckVerdict[]): DrawnStep {
  const inner = step.steps.map((each) => judgeStep(each, checks));
  const check = checks.find(({ id }) => step.name.startsWith(`${id}: `));
  if (check === undefined) {
    return { ...step, steps: inner };
  }
  return { ...step, steps: inner, ...{ status: STATUS[check.outcome], statusDetails: detailsOf(check) } };
}

const RED = new Set(['failed', 'broken']);

function statusOf(drawn: string | undefined, checks: readonly CheckVerdict[]): string | undefined {
  const statuses = checks.map(({ outcome }) => STATUS[outcome]);
  const isOnlyWaived = checks.some(({ waived }) => waived !== undefined) && statuses.every((status) => !RED.has(status));
  if (isOnlyWaived) {
    return STATUS.waived;
  }
  return ['failed', 'broken'].find((status) => statuses.includes(status) || drawn === status) ?? drawn;
}

/** In place of the error that only says that checks have failed: which, and why. */
function summaryOf(checks: readonly CheckVerdict[]): { statusDetails?: { message: string } } {
  const bad = checks.filter(({ outcome, waived }) => RED.has(STATUS[outcome]) || waived !== undefined);
  const message = bad.map(({ id, outcome, cause }) => `${id} ${OUTCOME_WORDS[outcome]}: ${firstLine(cause ?? '')}`).join('\n');
  return bad.length === 0 ? {} : { statusDetails: { message } };
}
