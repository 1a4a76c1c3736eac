import { visibleLine } from '../../helpers/masking/visible.ts';
import { shown, table } from '../../reports/markdown.ts';
import { duration, OUTCOME_WORDS } from '../../reports/terminal/text.ts';
import { type CheckVerdict, isGreen, type Verdict } from '../../reports/verdict/verdict-schema.ts';
import type { CheckCalls } from './driver-calls.ts';

/** One of two drivers, and what came of its run. */
export interface Side {
  /** `packaged`, or what was laid over the packages, in words. */
  readonly driver: string;
  readonly verdict: Verdict;
  readonly calls: readonly CheckCalls[];
}

/** A check beside each other; undefined where it was not evaluated. */
export interface CheckPair {
  readonly id: string;
  readonly sides: readonly [CheckVerdict | undefined, CheckVerdict | undefined];
}

/** What one driver asked of StorPool in a scenario more often than the other. */
export interface CallDifference {
  readonly scenario: string;
  /** `VolumeCreate on controller`: how often by each. */
  readonly calls: readonly (readonly [call: string, first: number, second: number])[];
}

export function pairsOf(first: Side, second: Side): CheckPair[] {
  const of = ({ verdict }: Side) => new Map(verdict.checks.filter(({ selected }) => selected).map((check) => [check.id, check]));
  const [one, other] = [of(first), of(second)];
  return [...new Set([...one.keys(), ...other.keys()])].map((id) => ({ id, sides: [one.get(id), other.get(id)] }));
}

/** Scenario by scenario: which check a call is counted to depends on the moment, so that it may be told for its neighbour in another run. */
function callDifferences(first: Side, second: Side): CallDifference[] {
  const [one, other] = [totals(first.calls), totals(second.calls)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((scenario) => {
    const [of, by] = [one.get(scenario), other.get(scenario)];
    const calls = [...new Set([...(of?.keys() ?? []), ...(by?.keys() ?? [])])]
      .map((call) => [call, of?.get(call) ?? 0, by?.get(call) ?? 0] as const)
      .filter(([, a, b]) => a !== b);
    return calls.length === 0 ? [] : [{ scenario, calls }];
  });
}

function totals(calls: readonly CheckCalls[]): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { scenario, calls: own } of calls) {
    const sum = counts.get(scenario) ?? new Map<string, number>();
    for (const [call, count] of own) {
      sum.set(call, (sum.get(call) ?? 0) + count);
    }
    counts.set(scenario, sum);
  }
  return counts;
}

/** True when something is red with the second driver that is green with the first. */
export const isWorse = (pairs: readonly CheckPair[]): boolean =>
  pairs.some(({ sides: [one, other] }) => isGreen(one?.outcome) && !isGreen(other?.outcome));

const MOST_LINES = 4;
const LETTERS = ['A', 'B'] as const;
const said = (check: CheckVerdict | undefined) => (check === undefined ? 'not evaluated' : OUTCOME_WORDS[check.outcome]);
const took = (check: CheckVerdict | undefined) => (check === undefined ? '' : duration(check.ms));
const causes = ({ sides }: CheckPair) =>
  sides.flatMap((check, i) =>
    check?.cause === undefined || check.outcome === 'not-applicable' ? [] : [`${LETTERS[i]}: ${check.cause}`],
  );

/** For a person at a terminal: what is another, and what is red with both. The page has all of it. */
export function renderDrivers(first: Side, second: Side): string {
  const pairs = pairsOf(first, second);
  const told = pairs.filter(({ sides: [one, other] }) => one?.outcome !== other?.outcome || !isGreen(one?.outcome));
  const rows = told.flatMap((pair) => {
    const [one, other] = pair.sides;
    return [
      `  ${pair.id}: A ${said(one)} ${took(one)}, B ${said(other)} ${took(other)}`,
      ...causes(pair).flatMap((cause) =>
        cause
          .split('\n')
          .slice(0, MOST_LINES)
          .map((line) => `    ${line}`),
      ),
    ];
  });
  const calls = callDifferences(first, second).flatMap(({ scenario, calls: own }) => [
    `  ${scenario}`,
    ...own.map(([call, one, other]) => `    ${call}: A ${one}, B ${other}`),
  ]);
  return [
    ...[first, second].map(({ driver }, i) => `${LETTERS[i]}  ${driver}`),
    '',
    `${pairs.length - told.length} of ${pairs.length} checks are green with both.`,
    ...rows,
    '',
    ...(calls.length === 0
      ? ['Both asked the same of StorPool.']
      : ['Asked of StorPool by one more often than by the other:', ...calls]),
    '',
  ]
    .map(visibleLine)
    .join('\n');
}

/** The same as a page, with every check and every call. */
export function driversPage(first: Side, second: Side): string {
  const sides = [first, second];
  const differing = new Set(callDifferences(first, second).map(({ scenario }) => scenario));
  const callsOf = (side: Side, id: string) => {
    const own = [...(side.calls.find(({ check }) => check === id)?.calls ?? [])];
    return own.map(([call, count]) => `${call}${count === 1 ? '' : ` ×${count}`}`).join(', ') || '–';
  };
  const scenarioOf = new Map([...second.calls, ...first.calls].map(({ check, scenario }) => [check, scenario]));
  const pairs = pairsOf(first, second);
  return [
    '# Two drivers on the same checks',
    table(
      ['', 'driver', 'run', 'verdict'],
      sides.map(({ driver, verdict }, i) => [LETTERS[i] ?? '', shown(driver), verdict.runId, verdict.overall]),
    ),
    '## Checks',
    table(
      ['check', 'A', '', 'B', '', 'cause'],
      pairs.map((pair) => {
        const [one, other] = pair.sides;
        return [pair.id, said(one), took(one), said(other), took(other), shown(causes(pair).join('\n'))];
      }),
    ),
    '## Asked of StorPool',
    'By what the drivers called for each check, from the log of the mock StorPool. A scenario in which they asked differently is marked.',
    table(
      ['check', 'A', 'B', ''],
      [...scenarioOf].map(([id, scenario]) => [id, callsOf(first, id), callsOf(second, id), differing.has(scenario) ? '≠' : '']),
    ),
    '',
  ].join('\n\n');
}
