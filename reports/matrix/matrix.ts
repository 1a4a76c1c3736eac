import type { Outcome } from '../../helpers/claims.ts';
import type { Excuse, FalsePass, ProofResult } from '../../helpers/proof/proof-result.ts';
import { type AssertionSeen, assertionsOf, judgeAssertions } from './assertions.ts';

/** What a proof expects: a fault and the checks that must turn red, the one that is there for it first. None: it must be tolerated. */
export interface Expectation {
  readonly id: string;
  readonly kind: string;
  readonly cause: string;
  readonly seam: string | readonly string[];
  readonly reddens: readonly string[];
  /** True where it breaks what a scenario prepares: the checks cannot be red then, and are blocked by it. */
  readonly blocks?: boolean | undefined;
  /** Why another check than the expected one may see it first. */
  readonly remark?: string | undefined;
  /** What the guide's own step shows in spite of the fault, where it passes. */
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

/** What a proof must show besides that every fault is seen. */
export interface Demands {
  /** Checks that must be proven, with every assertion that is not excused. */
  readonly checks?: readonly string[];
  readonly excuses?: readonly Excuse[];
  /** False passes of the guide that must be seen. */
  readonly falsePasses?: readonly FalsePass[];
}

/** A false pass of the guide, and what saw it. */
export interface FalsePassSeen extends FalsePass {
  /** The checks that turned red first, without repetition. */
  readonly seenBy: readonly string[];
  /** True when each of its faults was caught. */
  readonly isCaught: boolean;
}

export interface Matrix {
  readonly rows: readonly MatrixRow[];
  /** Checks that were red without a fault. */
  readonly falseAlarms: readonly { readonly scenario: string; readonly check: string; readonly cause: string }[];
  /** Checks that must be proven, and were not. */
  readonly unproven: readonly string[];
  /** Every assertion that a scenario made, in a run without a fault or with one. */
  readonly assertions: readonly AssertionSeen[];
  /** Assertions that must be proven, and that no fault made false. */
  readonly unseen: readonly AssertionSeen[];
  /** Excuses that excuse nothing: the assertion was seen false, or there is none. */
  readonly idleExcuses: readonly Excuse[];
  /** Those that do. */
  readonly excuses: readonly Excuse[];
  readonly falsePasses: readonly FalsePassSeen[];
  /** How many readings of the model were altered in one field, and those of which nothing was seen. */
  readonly altered: { readonly tried: number; readonly missed: readonly string[] };
  /** Exceptions inside of the mock, and attempts that came to nothing. */
  readonly broken: readonly string[];
  readonly holds: boolean;
}

const RED: ReadonlySet<Outcome> = new Set(['failed', 'could-not-check']);
const RED_OR_BLOCKED: ReadonlySet<Outcome> = new Set([...RED, 'blocked']);

/** Sets what happened against what was expected. */
export function matrixOf(
  expectations: readonly Expectation[],
  results: readonly ProofResult[],
  { checks = [], excuses = [], falsePasses: passes = [] }: Demands = {},
): Matrix {
  const rows = expectations.map((expectation) => rowOf(expectation, results));
  const falseAlarms = results.filter(({ fault }) => fault === undefined).flatMap(alarmsOf);
  const proven = new Set(
    rows
      .filter(({ verdict, blocks }) => GOOD.has(verdict) && blocks !== true)
      .flatMap(({ red, reddens }) => red.filter((check) => reddens.includes(check))),
  );
  const unproven = checks.filter((check) => !proven.has(check));
  const broken = results.flatMap(({ fault = 'healthy', scenario, broken: messages, error }) =>
    [...messages.map((message) => `the mock broke: ${message}`), ...(error === undefined ? [] : [error])].map(
      (message) => `${fault} in ${scenario}: ${message}`,
    ),
  );
  const assertions = assertionsOf(results);
  const { unseen, idleExcuses } = judgeAssertions(assertions, checks, excuses);
  const falsePasses = passes.map((pass) => falsePassSeen(pass, rows));
  const altered = alteredIn(results);
  const uncaught = falsePasses.filter(({ isCaught }) => !isCaught);
  const troubles = [falseAlarms, unproven, broken, unseen, idleExcuses, uncaught, altered.missed];
  const holds = rows.every(({ verdict }) => GOOD.has(verdict)) && troubles.every(({ length }) => length === 0);
  const needed = excuses.filter((excuse) => !idleExcuses.includes(excuse));
  return { rows, falseAlarms, unproven, assertions, unseen, idleExcuses, excuses: needed, falsePasses, altered, broken, holds };
}

function alteredIn(results: readonly ProofResult[]): Matrix['altered'] {
  const all = results.flatMap(({ altered, scenario }) =>
    altered === undefined ? [] : [{ seen: altered.seen.length, missed: altered.missed.map((one) => `${one} in ${scenario}`) }],
  );
  const missed = all.flatMap((one) => one.missed);
  return { tried: missed.length + all.reduce((sum, { seen }) => sum + seen, 0), missed };
}

function falsePassSeen(pass: FalsePass, rows: readonly MatrixRow[]): FalsePassSeen {
  const own = rows.filter(({ id }) => pass.faults.includes(id));
  const isCaught = own.length === pass.faults.length && own.every(({ verdict }) => verdict.startsWith('caught'));
  return { ...pass, isCaught, seenBy: [...new Set(own.flatMap(({ first }) => first ?? []))] };
}

function rowOf(expectation: Expectation, results: readonly ProofResult[]): MatrixRow {
  const { id, kind, cause, seam, reddens, blocks = false, remark, guideSees } = expectation;
  const isRed = blocks ? RED_OR_BLOCKED : RED;
  const own = results.filter(({ fault }) => fault === id);
  const reds = own.flatMap(({ outcomes }) => outcomes.filter(({ outcome }) => isRed.has(outcome)));
  const red = [...new Set(reds.map(({ check }) => check))];
  const [first] = reds.toSorted((a, b) => Number(b.check === reddens[0]) - Number(a.check === reddens[0]));
  const isFirst = own.some(({ outcomes }) => outcomes.find(({ outcome }) => isRed.has(outcome))?.check === reddens[0]);
  return {
    ...{ id, kind, cause, seam, reddens, blocks, remark, guideSees, red },
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
