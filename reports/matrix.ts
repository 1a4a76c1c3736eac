import type { ProofResult } from '../helpers/proof-result.ts';

/** What a proof expects: a fault and the checks that must turn red, the one that is there for it first. None: it must be tolerated. */
export interface Expectation {
  readonly id: string;
  readonly kind: string;
  readonly cause: string;
  readonly seam: string | readonly string[];
  readonly reddens: readonly string[];
  /** Why another check than the expected one may see it first. */
  readonly remark?: string | undefined;
  /** What the guide's own step shows in spite of the fault, where it passes falsely. */
  readonly guideSees?: string | undefined;
}

/**
 * `tolerated`: nothing turned red, as it should be. `never met`: no call met the fault, so that nothing is proved. `broken`: the attempt itself
 * came to nothing.
 */
export type Verdict = 'caught' | 'caught by another' | 'tolerated' | 'missed' | 'false alarm' | 'never met' | 'broken';

const GOOD: ReadonlySet<Verdict> = new Set(['caught', 'caught by another', 'tolerated']);

/** One fault of the matrix. */
export interface MatrixRow extends Expectation {
  readonly verdict: Verdict;
  /** How often it struck. */
  readonly met: number;
  /** The scenarios that were played against it. */
  readonly scenarios: readonly string[];
  /** The check that turned red first. */
  readonly first: string | undefined;
  /** Why it did, in its own words. */
  readonly reason: string | undefined;
  /** All that turned red, blocked ones apart. */
  readonly red: readonly string[];
  readonly ms: number;
}

/** What one assertion of a check was seen to do over the whole matrix. */
export interface AssertionSeen {
  readonly check: string;
  readonly subject: string;
  /** The faults that made it false. */
  readonly faults: readonly string[];
}

export interface Matrix {
  readonly rows: readonly MatrixRow[];
  /** Checks that were red without a fault. */
  readonly falseAlarms: readonly { readonly scenario: string; readonly check: string; readonly cause: string }[];
  /** Checks that must be proven, and were not. */
  readonly unproven: readonly string[];
  /** Every assertion that a scenario made, in a run without a fault or with one. */
  readonly assertions: readonly AssertionSeen[];
  /** Exceptions inside of the mock, and attempts that came to nothing. */
  readonly broken: readonly string[];
  readonly holds: boolean;
}

const RED = new Set(['failed', 'could-not-check']);

/** Sets what happened against what was expected. `checks` are those that must be proven. */
export function matrixOf(
  expectations: readonly Expectation[],
  results: readonly ProofResult[],
  checks: readonly string[],
): Matrix {
  const rows = expectations.map((expectation) => rowOf(expectation, results));
  const falseAlarms = results.filter(({ fault }) => fault === undefined).flatMap(alarmsOf);
  const proven = new Set(
    rows.filter(({ verdict }) => GOOD.has(verdict)).flatMap(({ red, reddens }) => red.filter((check) => reddens.includes(check))),
  );
  const unproven = checks.filter((check) => !proven.has(check));
  const broken = results.flatMap(({ fault = 'healthy', scenario, broken: messages, error }) =>
    [...messages.map((message) => `the mock broke: ${message}`), ...(error === undefined ? [] : [error])].map(
      (message) => `${fault} in ${scenario}: ${message}`,
    ),
  );
  const holds = rows.every(({ verdict }) => GOOD.has(verdict)) && falseAlarms.length + unproven.length + broken.length === 0;
  return { rows, falseAlarms, unproven, assertions: assertionsOf(results), broken, holds };
}

function rowOf(expectation: Expectation, results: readonly ProofResult[]): MatrixRow {
  const { id, kind, cause, seam, reddens, remark, guideSees } = expectation;
  const own = results.filter(({ fault }) => fault === id);
  const reds = own.flatMap(({ outcomes }) => outcomes.filter(({ outcome }) => RED.has(outcome)));
  const red = [...new Set(reds.map(({ check }) => check))];
  const [first] = reds.toSorted((a, b) => Number(b.check === reddens[0]) - Number(a.check === reddens[0]));
  const isFirst = own.some(({ outcomes }) => outcomes.find(({ outcome }) => RED.has(outcome))?.check === reddens[0]);
  return {
    ...{ id, kind, cause, seam, reddens, remark, guideSees, red },
    met: own.reduce((sum, { met }) => sum + met, 0),
    ms: own.reduce((sum, { ms }) => sum + ms, 0),
    scenarios: own.map(({ scenario }) => scenario),
    first: isFirst ? first?.check : reds[0]?.check,
    reason: isFirst ? first?.cause : reds[0]?.cause,
    verdict: verdictOf(own, red, expectation, isFirst),
  };
}

function verdictOf(own: readonly ProofResult[], red: readonly string[], { reddens }: Expectation, isFirst: boolean): Verdict {
  if (own.some(({ error }) => error !== undefined)) {
    return 'broken';
  }
  if (own.every(({ met }) => met === 0)) {
    return 'never met';
  }
  if (reddens.length === 0) {
    return own.some((result) => alarmsOf(result).length > 0) ? 'false alarm' : 'tolerated';
  }
  if (!reddens.every((check) => red.includes(check))) {
    return 'missed';
  }
  return isFirst ? 'caught' : 'caught by another';
}

/** The checks of a result that are not green. */
function alarmsOf({ scenario, outcomes }: ProofResult): Matrix['falseAlarms'] {
  return outcomes
    .filter(({ outcome }) => outcome !== 'passed' && outcome !== 'not-applicable')
    .map(({ check, outcome, cause }) => ({ scenario, check, cause: cause ?? outcome }));
}

function assertionsOf(results: readonly ProofResult[]): AssertionSeen[] {
  const seen = new Map<string, { check: string; subject: string; faults: Set<string> }>();
  for (const { fault, outcomes } of results) {
    for (const { check, looked, wrong } of outcomes) {
      for (const subject of looked) {
        const key = JSON.stringify([check, nameless(subject)]);
        const known = seen.get(key) ?? { check, subject: nameless(subject), faults: new Set<string>() };
        seen.set(key, known);
        if (fault !== undefined && wrong.includes(subject)) {
          known.faults.add(fault);
        }
      }
    }
  }
  return [...seen.values()].map(({ check, subject, faults }) => ({ check, subject, faults: [...faults] }));
}

/** A subject without what differs from run to run, and from host to host. */
function nameless(subject: string): string {
  return subject
    .replace(/acc-[0-9a-z]{8}-/g, '')
    .replace(/ on [\w-]+-\d+$/, ' on HOST')
    .replace(/\([\w-]+-\d+\)/, '(HOST)');
}
