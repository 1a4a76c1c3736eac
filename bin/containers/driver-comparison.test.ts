import { expect, test } from 'vitest';
import { reporting, sampleVerdict } from '../../reports/testing/sample-run.ts';
import type { CheckCalls } from './driver-calls.ts';
import { driversPage, isWorse, pairsOf, renderDrivers, type Side } from './driver-comparison.ts';

const calls = (scenario: string, check: string, counts: Record<string, number>): CheckCalls => ({
  scenario,
  check,
  calls: new Map(Object.entries(counts)),
});
const WELL: Side = {
  driver: 'cinder: file a.py',
  verdict: sampleVerdict({ runId: 'run-b' }),
  calls: [calls('extend', 'extend.size', { 'VolumeUpdate on controller': 1 }), calls('extend', 'extend.data', {})],
};
const ILL: Side = {
  driver: 'packaged',
  verdict: sampleVerdict({
    runId: 'run-a',
    lines: reporting('extend.size', { outcome: 'failed', cause: 'size: 20, expected 10' }),
  }),
  calls: [
    calls('extend', 'extend.size', { 'VolumeUpdate on controller': 1 }),
    calls('extend', 'extend.data', { 'VolumeCreate on controller': 2 }),
  ],
};

test('what one driver does otherwise is told with its cause and its calls; the rest is counted', () => {
  const text = renderDrivers(ILL, WELL);

  expect(text).toMatch(/^A {2}packaged\nB {2}cinder: file a\.py\n\n5 of 6 checks are green with both\.\n/);
  expect(text).toMatch(/\n {2}extend\.size: A failed \S+ ?\S*, B passed \S+ ?\S*\n {4}A: .*size.*\n/);
  expect(text).toContain('  extend\n    VolumeCreate on controller: A 2, B 0\n');
  expect(text).not.toContain('VolumeUpdate');
});

test('only what is red with the second and green with the first is worse', () => {
  expect([isWorse(pairsOf(ILL, WELL)), isWorse(pairsOf(WELL, ILL)), isWorse(pairsOf(WELL, WELL))]).toEqual([false, true, false]);
});

test('a call that is counted to a neighbouring check is no difference', () => {
  const moved = {
    ...WELL,
    calls: [calls('extend', 'extend.size', {}), calls('extend', 'extend.data', { 'VolumeUpdate on controller': 1 })],
  };

  expect(renderDrivers(WELL, moved)).toContain('Both asked the same of StorPool.');
  expect(driversPage(WELL, moved)).not.toContain('≠');
});

test('the page has every check and every call', () => {
  const page = driversPage(ILL, WELL);

  expect(page).toMatch(/^\| A \| packaged \| run-a \| rejected \|$/m);
  expect(page).toMatch(/^\| extend\.size \| failed \| .* \| passed \| .* \| A: .*size.* \|$/m);
  expect(page).toMatch(/^\| snapshot\.frozen \| passed \|/m);
  expect(page).toMatch(/^\| extend\.data \| VolumeCreate on controller ×2 \| – \| ≠ \|$/m);
});
