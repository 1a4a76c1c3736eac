import type { CheckVerdict, Waiver } from './verdict-schema.ts';

/** Checks of this scenario are about what the run leaves behind: nobody can answer for that. */
export const UNWAIVABLE = 'run';

export interface Waived {
  readonly checks: CheckVerdict[];
  /** In sentences: waivers that no red check needs, and those that have expired. */
  readonly warnings: string[];
}

const RED = ['failed', 'blocked', 'could-not-check'] as const;
type Red = (typeof RED)[number];

/** Puts waivers to the checks that they name, and to no others. `on` is the day of the run, as `YYYY-MM-DD`. */
export function waive(checks: readonly CheckVerdict[], waivers: readonly Waiver[], on: string): Waived {
  const warnings = waivers.flatMap((waiver) => {
    const check = checks.find(({ id }) => id === waiver.check);
    if (check === undefined || check.scenario === UNWAIVABLE) {
      return [];
    }
    if (!isRed(check)) {
      return [`the waiver for ${check.id} is not needed: it is ${check.outcome}. Remove it (${waiver.owner})`];
    }
    return isOver(waiver, on) ? [`the waiver for ${check.id} has expired on ${waiver.expires} (${waiver.owner})`] : [];
  });
  return { checks: checks.map((check) => waiveCheck(check, waivers, on)), warnings };
}

/** Ids of the checks that are waived at an ISO time. */
export function waivedOn(time: string, waivers: readonly Waiver[]): Set<string> {
  const day = time.slice(0, 'YYYY-MM-DD'.length);
  return new Set(waivers.filter((waiver) => !isOver(waiver, day)).map(({ check }) => check));
}

function waiveCheck(check: CheckVerdict, waivers: readonly Waiver[], on: string): CheckVerdict {
  const waiver = waivers.find((each) => each.check === check.id);
  if (waiver === undefined || !isRed(check) || check.scenario === UNWAIVABLE) {
    return check;
  }
  if (isOver(waiver, on)) {
    const told = `its waiver has expired on ${waiver.expires} (${waiver.owner}: ${waiver.reason})`;
    return { ...check, cause: check.cause === undefined ? told : `${check.cause}\n${told}` };
  }
  return { ...check, outcome: 'waived', waived: { outcome: check.outcome, waiver } };
}

function isRed(check: CheckVerdict): check is CheckVerdict & { readonly outcome: Red } {
  return RED.some((outcome) => outcome === check.outcome);
}

/** The day itself still counts. Dates of this form sort as text. */
function isOver({ expires }: Waiver, on: string): boolean {
  return on > expires;
}
