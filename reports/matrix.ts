import type { Manifest } from '../helpers/claims.ts';
import type { ProofResult } from '../helpers/proof-result.ts';

/** What a proof expects: a fault and the checks that must turn red, the one that is there for it first. */
export interface Expectation {
  readonly id: string;
  readonly cause: string;
  readonly reddens: readonly string[];
}

export type Verdict = 'caught' | 'caught by another' | 'missed' | 'never met';

/** One fault of the matrix. */
export interface MatrixRow {
  readonly fault: string;
  readonly cause: string;
  readonly verdict: Verdict;
  /** The check that turned red first. */
  readonly first: string | undefined;
  /** Why it did, in its own words. */
  readonly reason: string | undefined;
  /** All that failed, blocked ones apart. */
  readonly red: readonly string[];
  readonly expected: readonly string[];
}

export interface Matrix {
  readonly rows: readonly MatrixRow[];
  /** Checks that were red without a fault. */
  readonly falseAlarms: readonly { readonly scenario: string; readonly check: string; readonly cause: string }[];
  /** Checks of the manifest that no fault turned red. */
  readonly unproven: readonly string[];
  /** Exceptions inside of the mock. */
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
  const falseAlarms = results
    .filter(({ fault }) => fault === undefined)
    .flatMap(({ scenario, outcomes }) =>
      outcomes
        .filter(({ outcome }) => outcome !== 'passed' && outcome !== 'not-applicable')
        .map(({ check, outcome, cause }) => ({ scenario, check, cause: cause ?? outcome })),
    );
  const proven = new Set(
    rows
      .filter(({ verdict }) => verdict !== 'never met')
      .flatMap(({ red, expected }) => red.filter((check) => expected.includes(check))),
  );
  const unproven = checks.filter((check) => !proven.has(check));
  const broken = results.flatMap(({ fault, broken: messages }) => messages.map((message) => `${fault ?? 'healthy'}: ${message}`));
  const holds =
    rows.every(({ verdict }) => verdict === 'caught' || verdict === 'caught by another') &&
    falseAlarms.length + unproven.length === 0;
  return { rows, falseAlarms, unproven, broken, holds };
}

function rowOf({ id, cause, reddens }: Expectation, results: readonly ProofResult[]): MatrixRow {
  const own = results.filter(({ fault }) => fault === id);
  const reds = own.flatMap(({ outcomes }) => outcomes.filter(({ outcome }) => RED.has(outcome)));
  const red = [...new Set(reds.map(({ check }) => check))];
  const [first] = reds;
  const row = { fault: id, cause, first: first?.check, reason: first?.cause, red, expected: reddens };
  if (own.every(({ met }) => met === 0)) {
    return { ...row, verdict: 'never met' };
  }
  if (!reddens.every((check) => red.includes(check))) {
    return { ...row, verdict: 'missed' };
  }
  return { ...row, verdict: own.some(({ outcomes }) => firstRed(outcomes) === reddens[0]) ? 'caught' : 'caught by another' };
}

const firstRed = (outcomes: ProofResult['outcomes']) => outcomes.find(({ outcome }) => RED.has(outcome))?.check;

/** The matrix as a table for a terminal, and a closing line. */
export function renderMatrix({ rows, falseAlarms, unproven, broken, holds }: Matrix, manifest: Manifest): string {
  const width = Math.max(10, ...rows.map(({ fault }) => fault.length));
  const lines = rows.map(({ fault, verdict, first, red }) => {
    const others = red.filter((check) => check !== first);
    return `${fault.padEnd(width)}  ${verdict.padEnd(17)}  ${[first ?? '-', ...others.map((check) => `+ ${check}`)].join(' ')}`;
  });
  const count = (wanted: Verdict) => rows.filter(({ verdict }) => verdict === wanted).length;
  return [
    ...lines,
    '',
    ...falseAlarms.map(({ scenario, check, cause }) => `false alarm: ${check} in ${scenario}: ${cause}`),
    ...unproven.map((check) => `unproven: ${check} (${manifest.checks.find(({ id }) => id === check)?.claim ?? ''})`),
    ...broken.map((message) => `the mock broke: ${message}`),
    `${rows.length} faults: ${count('caught')} caught by the expected check, ${count('caught by another')} by another first, ` +
      `${count('missed')} missed, ${count('never met')} never met; ${falseAlarms.length} false alarms; ` +
      `${unproven.length} of ${manifest.checks.length} checks unproven`,
    holds ? 'Every check was seen red, and green without a fault.' : 'The proof does not hold.',
  ].join('\n');
}
