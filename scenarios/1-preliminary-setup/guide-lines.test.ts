import { expect, test } from 'vitest';
import { RULES } from '../../fixtures/preflight/rules/all-rules.ts';
import { ASKS_NOTHING, GUIDE_LINES, SETTING_UP } from './guide-lines.ts';
import { PRECONDITIONS } from './preconditions.ts';
import { preflightChecks } from './preflight.ts';

const ids = preflightChecks.map(({ id }) => id);

/** Lines that the guide's text gives for something to type or to write into a file, as far as these chapters go. */
const SECTIONS = ['Preliminary setup', 'Set up the Cinder volume backend', 'Set up the Nova volume attachment driver'];

test('every claim of the preflight has a rule, and every rule a claim', () => {
  expect(RULES.map(({ id }) => id).sort()).toEqual([...ids].sort());
});

test('every line of the chapters on setting up is seen by a check of the manifest', () => {
  const lines = Object.values(GUIDE_LINES).flat();
  expect(lines.filter(({ checks }) => checks.length === 0 || checks.some((id) => !ids.includes(id)))).toEqual([]);
  expect(Object.keys(GUIDE_LINES)).toEqual(expect.arrayContaining(SECTIONS));
});

test('no line of those chapters is left out', () => {
  const seen = new Set(
    Object.values(GUIDE_LINES).flatMap((lines) => lines.flatMap(({ at }) => (typeof at === 'number' ? [at] : range(...at)))),
  );
  const all = SETTING_UP.flatMap((chapter) => range(...chapter));
  expect(all.filter((line) => !seen.has(line) && !ASKS_NOTHING.has(line))).toEqual([]);
  expect(all.filter((line) => seen.has(line) && ASKS_NOTHING.has(line))).toEqual([]);
});

test('every check of the preflight comes from a line of the guide, and names one that is mapped to it', () => {
  const unmapped = preflightChecks.filter(({ id, guide }) => {
    const lines = GUIDE_LINES[guide.section] ?? [];
    return !lines.some(({ line, checks }) => checks.includes(id) && (guide.line.startsWith(line) || line.startsWith(guide.line)));
  });
  expect(unmapped.map(({ id, guide }) => `${id}: ${guide.line}`)).toEqual([]);
});

test('preconditions name checks of the preflight', () => {
  const named = Object.values(PRECONDITIONS).flatMap(({ everywhere, someHypervisor }) => [...everywhere, ...someHypervisor]);
  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
