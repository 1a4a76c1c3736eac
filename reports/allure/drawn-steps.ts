import { z } from 'zod';
import type { CheckVerdict, Verdict } from '../verdict/verdict-schema.ts';
import { type AllureAttachment, type AllureStep, detailsOf, STATUS, shows } from './format.ts';

interface DrawnStep {
  readonly name: string;
  readonly steps: readonly DrawnStep[];
}

const stepSchema: z.ZodType<DrawnStep> = z.lazy(() =>
  z.looseObject({ name: z.string().default(''), steps: z.array(stepSchema).default([]) }),
);
const resultSchema = z.looseObject({
  name: z.string(),
  steps: z.array(stepSchema).default([]),
  attachments: z.array(z.unknown()).default([]),
});

/** What a scenario drew itself, brought into line with the verdict. */
export interface Adopted {
  /** Of the scenario; undefined for what is none of the suite's. */
  readonly scenario: string | undefined;
  readonly steps: readonly AllureStep[];
  readonly attachments: readonly AllureAttachment[];
}

/**
 * Gives the steps of a drawn result, those of checks with the outcome that the verdict came to: a scenario goes on after a failed check, so
 * that Allure takes the step for passed. Throws ZodError for other JSON.
 */
export function addDrawnSteps(text: string, verdict: Verdict): Adopted {
  const result = resultSchema.parse(JSON.parse(text));
  const own = checksIn(result.steps, verdict);
  const scenario = own[0]?.scenario ?? verdict.scenarios.find(({ title }) => title === result.name)?.id;
  // Its own reporter wrote it in this form.
  const steps = result.steps.map((step) => judgeStep(step, own)) as unknown as AllureStep[];
  return { scenario, steps, attachments: result.attachments as unknown as AllureAttachment[] };
}

function checksIn(steps: readonly DrawnStep[], verdict: Verdict): CheckVerdict[] {
  return verdict.checks.filter(({ id }) => steps.some((step) => shows(step, id)));
}

function judgeStep(step: DrawnStep, checks: readonly CheckVerdict[]): DrawnStep {
  const inner = step.steps.map((each) => judgeStep(each, checks));
  const check = checks.find(({ id }) => step.name.startsWith(`${id}: `));
  if (check === undefined) {
    return { ...step, steps: inner };
  }
  return { ...step, steps: inner, ...{ status: STATUS[check.outcome], statusDetails: detailsOf(check) } };
}
