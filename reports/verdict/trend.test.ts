import { expect, test } from 'vitest';
import { renderTrend } from '../terminal/render-trend.ts';
import { reporting, sampleVerdict } from '../testing/sample-run.ts';
import { median, trendOf, trendPointSchema } from './trend.ts';

const red = (runId: string) =>
  sampleVerdict({ runId, lines: reporting('extend.size', { outcome: 'failed', cause: 'too small' }) });
const runs = [
  sampleVerdict({ runId: 'run1' }),
  red('run2'),
  sampleVerdict({ runId: 'run3', selection: ['create.size', 'extend.size', 'run.nothing-left'] }),
].map((verdict) => trendPointSchema.parse(verdict));

test('a trend tells of each check what came of it in each run, and where it was not asked for', () => {
  const { checks, scenarios } = trendOf(runs);

  expect(checks.find(({ id }) => id === 'extend.size')).toEqual({
    ...{ id: 'extend.size', isSteady: false },
    values: ['passed', 'failed', 'passed'],
    ms: [12, 12, 12],
  });
  expect(checks.find(({ id }) => id === 'snapshot.frozen')).toMatchObject({
    isSteady: true,
    values: ['passed', 'passed', undefined],
  });
  expect(scenarios.find(({ id }) => id === 'create')?.values).toEqual([80, 80, 80]);
});

test('it fits into 80 columns, names what was not always green, and draws nothing of what was not played', () => {
  const text = renderTrend(trendOf(runs));

  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(text).toMatch(/^3 runs on embedded cluster, oldest first\n {2}run1 .* accepted .*\n {2}run2 .* rejected /);
  expect(text).toMatch(/\n {2}extend\.size +✔✖✔ {2}12 ms, 12 ms\n/);
  expect(text).toMatch(/\n {2}snapshot\.frozen +✔✔· {2}12 ms, 12 ms\n/);
  expect(text).toMatch(/\nNot always green: extend\.size\n$/);
});

test('the usual is the middle one', () => {
  expect([median([3, undefined, 1, 100]), median([]), median([undefined])]).toEqual([3, undefined, undefined]);
});
