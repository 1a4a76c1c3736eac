import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from 'vitest';
import { newRunId, runFiles } from '../../fixtures/run/run.ts';
import { playedRunbooks } from '../../scenarios/manifest.ts';
import { expectedInWords, longestFirst, expectedTime as timeExpected } from './order.ts';

const test = base.extend('runsDir', async ({}, { onCleanup }) => {
  const dir = await mkdtemp(join(tmpdir(), 'acc-order-'));
  onCleanup(() => rm(dir, { recursive: true }));
  return dir;
});

const expectedTime = (...args: Parameters<typeof timeExpected>) => expectedInWords(timeExpected(...args));
const SCENARIOS = ['create', 'delete', 'boot', 'image'];

function leaveRun(runsDir: string, at: number, verdict: unknown): void {
  const dir = join(runsDir, newRunId(at));
  mkdirSync(dir);
  writeFileSync(runFiles(dir).verdict, typeof verdict === 'string' ? verdict : JSON.stringify(verdict));
}

const ran = (kind: string, times: Readonly<Record<string, number>>) => ({
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: '2026-01-01T00:02:00Z',
  target: { kind },
  scenarios: Object.entries(times).map(([id, ms]) => ({ id, started: ms > 0, ms })),
});

test('before any run the scenarios that make most come first', ({ runsDir }) => {
  const order = longestFirst(
    playedRunbooks.map(({ id }) => id),
    { runsDir, target: 'live', runbooks: playedRunbooks },
  );

  expect(order.indexOf('two-servers')).toBeLessThan(order.indexOf('extend'));
  expect(order.indexOf('boot')).toBeLessThan(order.indexOf('extend'));
  expect(order.indexOf('fill')).toBeLessThan(order.indexOf('create'));
  expect(order.at(-1)).toBe('delete');
  expect(order.toSorted()).toEqual(playedRunbooks.map(({ id }) => id).toSorted());
});

test('after a run its times decide, and what it did not play is estimated', ({ runsDir }) => {
  leaveRun(runsDir, 1e12, ran('live', { create: 1, delete: 2, boot: 3, image: 4 }));
  leaveRun(runsDir, 1.1e12, ran('live', { create: 90_000, delete: 80_000, boot: 10, image: 0 }));

  expect(longestFirst(SCENARIOS, { runsDir, target: 'live', runbooks: playedRunbooks })).toEqual([
    'create',
    'delete',
    'image',
    'boot',
  ]);
});

test('runs of other targets, damaged verdicts and a folder that is not there are passed over', ({ runsDir }) => {
  const estimated = longestFirst(SCENARIOS, { runsDir: join(runsDir, 'none'), target: 'live', runbooks: playedRunbooks });
  leaveRun(runsDir, 1e12, ran('embedded', { create: 90_000 }));
  leaveRun(runsDir, 1.1e12, '{"target":');
  leaveRun(runsDir, 1.2e12, { target: { kind: 'live' }, scenarios: 'none' });

  expect(longestFirst(SCENARIOS, { runsDir, target: 'live', runbooks: playedRunbooks })).toEqual(estimated);
});

test('how long a run takes is told by the last one, with what was around its scenarios, else by what is made', ({ runsDir }) => {
  const known = { runsDir, target: 'live', runbooks: playedRunbooks };
  expect(expectedTime(['create', 'boot'], known)).toMatch(/^about \d+ s, estimated by what is made$/);

  // Two minutes, of which its scenarios took 90 s side by side.
  leaveRun(runsDir, 1e12, ran('live', { create: 90_000, delete: 80_000, boot: 10_000, image: 5000 }));

  expect(expectedTime(SCENARIOS, known)).toBe('about 2 min, by the last run on such a target');
  expect(expectedTime(['boot', 'image'], known)).toBe('about 40 s, by the last run on such a target');
});
