import { expect, test } from 'vitest';
import type { ProofResult } from '../helpers/proof-result.ts';
import { type Expectation, matrixOf } from './matrix.ts';
import { matrixPage } from './matrix-html.ts';
import { renderMatrix } from './matrix-text.ts';
import { sampleManifest } from './sample-run.ts';

const FAULT: Expectation = { id: 'f', kind: 'lie', cause: 'it is <broken>', seam: 's.x', reddens: ['a', 'b'] };

const passed = (check: string) => ({ check, outcome: 'passed' as const, looked: [`${check} is`], wrong: [] });
const failed = (check: string) => ({
  check,
  outcome: 'failed' as const,
  cause: 'no',
  looked: [`${check} is`],
  wrong: [`${check} is`],
});

function result(outcomes: ProofResult['outcomes'], more: Partial<ProofResult> = {}): ProofResult {
  return { fault: 'f', scenario: 's', met: 1, outcomes, broken: [], ms: 1, ...more };
}

const judge = (results: readonly ProofResult[], checks: readonly string[] = []) => matrixOf([FAULT], results, checks);
const HEALTHY: ProofResult = { scenario: 's', met: 0, outcomes: [passed('a')], broken: [], ms: 1 };

test('a fault is caught when its checks are red and the expected one is first', () => {
  const { rows, holds } = judge([result([failed('a'), failed('b')])]);

  expect(rows).toMatchObject([{ verdict: 'caught', first: 'a', red: ['a', 'b'], met: 1 }]);
  expect(holds).toBe(true);
});

test('it is caught by another when all are red and another one is first', () => {
  const { rows, holds } = judge([result([failed('b'), failed('a')])]);

  expect(rows).toMatchObject([{ verdict: 'caught by another', first: 'b' }]);
  expect(holds).toBe(true);
});

test.for([
  ['missed', [result([failed('a'), passed('b')])]],
  ['missed', [result([failed('a'), { ...failed('b'), outcome: 'blocked' as const }])]],
  ['never met', [result([failed('a'), failed('b')], { met: 0 })]],
  ['never met', []],
  ['broken', [result([], { error: 'its worker ended' })]],
] as const)('it is %s in other cases (%#), and the proof does not hold', ([verdict, results]) => {
  const matrix = judge(results);

  expect(matrix.rows).toMatchObject([{ verdict }]);
  expect(matrix.holds).toBe(false);
});

test.for([
  ['tolerated', [passed('a')], true],
  ['false alarm', [passed('a'), failed('b')], false],
  ['false alarm', [{ ...failed('b'), outcome: 'blocked' as const }], false],
] as const)('what must not turn anything red is %s (%#)', ([verdict, outcomes, holds]) => {
  const matrix = matrixOf([{ ...FAULT, reddens: [] }], [result([...outcomes])], []);

  expect(matrix.rows).toMatchObject([{ verdict }]);
  expect(matrix.holds).toBe(holds);
});

test('a check that is not green without a fault is a false alarm', () => {
  const alarmed = { ...HEALTHY, outcomes: [{ ...failed('a'), outcome: 'could-not-check' as const }] };

  const matrix = matrixOf([], [alarmed], []);

  expect(matrix.falseAlarms).toEqual([{ scenario: 's', check: 'a', cause: 'no' }]);
  expect(matrix.holds).toBe(false);
});

test('a check is proven only by a fault that is meant for it', () => {
  const red = result([failed('a'), failed('b'), failed('c')]);

  expect(judge([red], ['a', 'b', 'c'])).toMatchObject({ unproven: ['c'], holds: false });
});

test('an exception inside of the mock breaks the proof', () => {
  const matrix = judge([result([failed('a'), failed('b')], { broken: ['TypeError'] })]);

  expect(matrix.broken).toEqual(['f in s: the mock broke: TypeError']);
  expect(matrix.holds).toBe(false);
});

test('each assertion is told with the faults that made it false', () => {
  const { assertions } = judge([result([failed('a'), passed('b')]), HEALTHY]);

  expect(assertions).toEqual([
    { check: 'a', subject: 'a is', faults: ['f'] },
    { check: 'b', subject: 'b is', faults: [] },
  ]);
});

test('the table names what was expected of a fault that was missed, and counts', () => {
  const told = renderMatrix(judge([result([passed('a'), failed('b')])], ['a']), sampleManifest);

  expect(told).toMatch(/f +missed +b {2}\(expected a, b\)/);
  expect(told).toContain('1 faults: 0 caught first by the expected check, 0 by another first, 1 missed, 0 never met');
  expect(told).toContain('The proof does not hold.');
});

test('the page shows each fault, quotes what it is told, and asks nothing of a network', () => {
  const page = matrixPage(judge([result([failed('a'), failed('b')])]), sampleManifest, { madeAt: 'now', seconds: 1, runs: 1 });

  expect(page).toContain('it is &#60;broken&#62;');
  expect(page).not.toMatch(/\b(src|href)=["'](?!#)/);
  expect(page).not.toMatch(/@import|url\(|https?:/);
});
