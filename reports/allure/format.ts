import type { CheckVerdict, Verdict, VerdictOutcome } from '../verdict/verdict-schema.ts';

/** The parts of Allure's result format that are written here (allure-js-commons, model). */
export interface AllureAttachment {
  readonly name: string;
  readonly type: string;
  readonly source: string;
}

export interface StatusDetails {
  readonly message?: string;
  /** Red, and known to be. */
  readonly known?: boolean;
}

export interface AllureStep {
  readonly name: string;
  readonly status: string;
  readonly stage: 'finished';
  readonly start: number;
  readonly stop: number;
  readonly statusDetails: StatusDetails;
  readonly steps: readonly AllureStep[];
  readonly attachments: readonly AllureAttachment[];
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

export interface AllureResult extends AllureStep {
  readonly uuid: string;
  readonly historyId: string;
  readonly testCaseId: string;
  readonly fullName: string;
  readonly titlePath: readonly string[];
  readonly description?: string;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  readonly links: readonly never[];
}

/** Stores a piece of text beside the results and gives the name under which results refer to it. */
export type Store = (name: string, text: string, type: 'text/plain' | 'application/json') => AllureAttachment;

/** How Allure's statuses stand for outcomes. */
export const STATUS: Readonly<Record<VerdictOutcome, string>> = {
  passed: 'passed',
  failed: 'failed',
  'not-applicable': 'skipped',
  // Not `skipped`, which reads as harmless.
  blocked: 'broken',
  'could-not-check': 'broken',
  // Allure has no word for it: it stands in an epic of its own, before all others, and says who answers for it.
  waived: 'skipped',
};

const WAIVED_EPIC = '0 Waived';

/** Epic = chapter, feature = scenario, by the numbers that the report is sorted by; what is waived stands before all. */
export function labelsOf(verdict: Verdict, { scenario: id, waived }: CheckVerdict): { name: string; value: string }[] {
  const scenario = verdict.scenarios.find((each) => each.id === id);
  const chapter = verdict.chapters.find(({ number }) => number === scenario?.chapter);
  const ofChapter = verdict.scenarios.filter((each) => each.chapter === scenario?.chapter);
  const nth = String(ofChapter.findIndex((each) => each.id === id) + 1).padStart(String(ofChapter.length).length, '0');
  const epic = chapter ? `${chapter.number} ${chapter.title}` : 'The run itself';
  return [
    { name: 'epic', value: waived === undefined ? epic : WAIVED_EPIC },
    { name: 'feature', value: scenario ? `${scenario.chapter}.${nth} ${scenario.title}` : id },
    ...(waived === undefined ? [] : [{ name: 'tag', value: 'waived' }]),
  ];
}

/** Whether a step is that of a check, or has it inside. */
export function shows({ name, steps }: { readonly name: string; readonly steps: readonly Named[] }, check: string): boolean {
  return name.startsWith(`${check}: `) || steps.some((step) => shows(step, check));
}

interface Named {
  readonly name: string;
  readonly steps: readonly Named[];
}

/** What a person must know of a check that has not passed. */
export function detailsOf({ outcome, cause, remedy, waived }: CheckVerdict): StatusDetails {
  const advice = remedy === undefined ? '' : `\n→ ${remedy}`;
  if (waived !== undefined) {
    const { reason, owner, expires, link } = waived.waiver;
    const who = `waived until ${expires} by ${owner}: ${reason}${link === undefined ? '' : ` (${link})`}`;
    return { message: `${who}\n${cause ?? waived.outcome}${advice}`, known: true };
  }
  return outcome === 'passed' ? {} : { message: `${cause ?? outcome}${advice}` };
}
