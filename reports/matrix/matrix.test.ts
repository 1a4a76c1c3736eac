import { expect, test } from 'vitest';
import type { ProofResult } from '../../helpers/proof/proof-result.ts';
import { sampleManifest } from '../testing/sample-run.ts';
import { type Expectation, matrixOf } from './matrix.ts';
import { matrixPage } from './matrix-html.ts';
import { renderMatrix } from './matrix-text.ts';

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

const judge = (results: readonly ProofResult[], checks: readonly string[] = []) => matrixOf([FAULT], results, { checks });
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

test('a fault that breaks what is prepared must block its checks, and proves none of them', () => {
  const blocked = { ...failed('a'), outcome: 'blocked' as const };
  const expected = [{ ...FAULT, reddens: ['a'], blocks: true }];

  const matrix = matrixOf(expected, [result([blocked])], { checks: ['a'] });
  const { rows } = matrixOf(expected, [result([passed('a')])]);

  expect(matrix.rows).toMatchObject([{ verdict: 'caught', red: ['a'] }]);
  expect(matrix.unproven).toEqual(['a']);
  expect(rows).toMatchObject([{ verdict: 'missed' }]);
});

test.for([
  ['tolerated', [passed('a')], true],
  ['false alarm', [passed('a'), failed('b')], false],
  ['false alarm', [{ ...failed('b'), outcome: 'blocked' as const }], false],
] as const)('what must not turn anything red is %s (%#)', ([verdict, outcomes, holds]) => {
  const matrix = matrixOf([{ ...FAULT, reddens: [] }], [result([...outcomes])]);

  expect(matrix.rows).toMatchObject([{ verdict }]);
  expect(matrix.holds).toBe(holds);
});

test('a check that is not green without a fault is a false alarm', () => {
  const alarmed = { ...HEALTHY, outcomes: [{ ...failed('a'), outcome: 'could-not-check' as const }] };

  const matrix = matrixOf([], [alarmed]);

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

const asserted = (outcomes: ProofResult['outcomes'], more: Partial<ProofResult> = {}) => [
  { ...HEALTHY, outcomes: [{ ...passed('a'), looked: ['size on host-1', 'state'] }] },
  result(outcomes, more),
];
const falseIn = (results: readonly ProofResult[]) =>
  matrixOf([], results).assertions.map(({ subject, faults }) => [subject, ...faults]);

test('a rule is one assertion on however many hosts', () => {
  const looked = ['hypervisor-1: node 11', 'controller: node 1'];

  expect(falseIn(asserted([{ ...failed('b'), looked, wrong: ['controller: node 1'] }]))).toContainEqual(['HOST: node N', 'f']);
});

test('a wait that was given up counts as the assertion after it', () => {
  const gaveUp = { check: 'a', outcome: 'failed' as const, cause: 'no', looked: ['size on host-1'], wrong: [], gaveUp: true };

  expect(falseIn(asserted([gaveUp]))).toEqual([['size on host-1'], ['state', 'f']]);
  expect(falseIn(asserted([{ ...gaveUp, gaveUp: false }]))).toEqual([['size on host-1'], ['state']]);
});

test('an assertion that no fault makes false must be excused, and only such a one may be', () => {
  const results = [result([{ ...failed('a'), looked: ['a is', 'other'] }, failed('b')])];
  const holdsWith = (...subjects: string[]) => {
    const excuses = subjects.map((subject) => ({ check: 'a', subject, reason: 'because' }));
    return matrixOf([FAULT], results, { checks: ['a'], excuses }).holds;
  };

  expect([holdsWith(), holdsWith('other'), holdsWith('other', 'a is'), holdsWith('other', 'nothing')]).toEqual([
    false,
    true,
    false,
    false,
  ]);
});

test('each false pass of the guide must be caught by all of its faults', () => {
  const judged = (...faults: string[]) => {
    const falsePasses = [{ id: 'F1', broken: 'all', guideSees: 'nothing', faults }];
    return matrixOf([FAULT], [result([failed('a'), failed('b')])], { falsePasses });
  };

  expect(judged('f')).toMatchObject({ falsePasses: [{ isCaught: true, seenBy: ['a'] }], holds: true });
  expect(judged('f', 'another')).toMatchObject({ falsePasses: [{ isCaught: false }], holds: false });
  expect(renderMatrix(judged('f'), sampleManifest)).toContain('F1   caught by a: all');
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

test('a field that was altered and not seen fails the proof, and is named', () => {
  const seen = { ...HEALTHY, altered: { seen: ['StorPool volume size after extend: lost'], missed: [] } };
  const missed = { ...HEALTHY, altered: { seen: [], missed: ['Cinder volume size after extend: kept from before'] } };
  const caught = result([failed('a'), failed('b')]);

  expect(judge([caught, seen]).holds).toBe(true);
  const matrix = judge([caught, seen, missed]);
  expect(matrix.holds).toBe(false);
  const text = renderMatrix(matrix, sampleManifest);
  expect(text).toContain('not seen: Cinder volume size after extend: kept from before in s');
  expect(text).toContain('2 times one field that a layer tells was altered, 1 of them not seen');
  expect(matrixPage(matrix, sampleManifest, { madeAt: '2026-01-01T00:00:00Z', seconds: 1, runs: 3 })).toContain(
    'kept from before in s',
  );
});
