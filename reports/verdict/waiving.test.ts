import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factsOf } from '../report.ts';
import { toJunit } from '../sign-off/junit.ts';
import { signOff } from '../sign-off/sign-off.ts';
import { renderVerdict } from '../terminal/render-verdict.ts';
import { greenLines, reporting, sampleManifest, sampleVerdict } from '../testing/sample-run.ts';
import type { Waiver } from './verdict-schema.ts';
import { verdictSchema } from './verdict-schema.ts';

const waiver: Waiver = {
  check: 'extend.size',
  reason: 'the driver is known for it',
  owner: 'storage team',
  expires: '2026-03-01',
};
const failed = { outcome: 'failed', cause: 'globalId was a, expected b' };
const red = reporting('extend.size', failed);
const runner = { exitCode: 1, signal: null };

test('a red check that is waived is told as such, and the run is accepted with waivers', () => {
  const verdict = sampleVerdict({ lines: red, runner, waivers: [waiver] });
  expect(verdict).toMatchObject({
    overall: 'accepted-with-waivers',
    exitCode: 0,
    counts: { failed: 0, waived: 1 },
    warnings: [],
  });
  expect(verdict.checks.find(({ id }) => id === 'extend.size')).toMatchObject({
    outcome: 'waived',
    waived: { outcome: 'failed', waiver },
    cause: failed.cause,
  });
});

test('a check that was blocked or could not be looked at is waived in the same way', () => {
  for (const outcome of ['blocked', 'could-not-check']) {
    const lines = reporting('extend.size', { outcome, cause: 'why', by: 'create.size' });
    expect(sampleVerdict({ lines, runner, waivers: [waiver] }).overall).toBe('accepted-with-waivers');
  }
});

test('after its day a waiver does not count any more, and that is said', () => {
  const verdict = sampleVerdict({ lines: red, runner, waivers: [{ ...waiver, expires: '2026-02-28' }] });
  expect(verdict.overall).toBe('rejected');
  expect(verdict.warnings).toEqual(['the waiver for extend.size has expired on 2026-02-28 (storage team)']);
  expect(verdict.checks.find(({ id }) => id === 'extend.size')?.cause).toMatch(
    /expected b\nits waiver has expired on 2026-02-28 \(storage team/,
  );
});

test('a waiver that nothing needs is a warning and changes nothing', () => {
  const verdict = sampleVerdict({ waivers: [waiver] });
  expect(verdict.overall).toBe('accepted');
  expect(verdict.warnings).toEqual(['the waiver for extend.size is not needed: it is passed. Remove it (storage team)']);
});

test('a waiver for a check that was not asked for is no news', () => {
  const lines = greenLines().filter(({ scenario }) => scenario !== 'extend');
  const selection = sampleManifest.checks.filter(({ scenario }) => scenario !== 'extend').map(({ id }) => id);
  expect(sampleVerdict({ lines, selection, waivers: [waiver] })).toMatchObject({ overall: 'accepted', warnings: [] });
});

test('what is blocked by a waived check is not waived with it', () => {
  const lines = red.map((line) =>
    line.type === 'check' && line.check === 'extend.data'
      ? { ...line, outcome: 'blocked', by: 'extend.size', cause: 'blocked by extend.size' }
      : line,
  );
  expect(sampleVerdict({ lines, runner, waivers: [waiver] })).toMatchObject({ overall: 'incomplete', counts: { blocked: 1 } });
});

test('leaks, and the check for them, are never waived', () => {
  const leak = { layer: 'Cinder', kind: 'volume', id: 'v', name: 'acc-v', unswept: false };
  const waivers = [waiver, { ...waiver, check: 'run.nothing-left' }];
  expect(sampleVerdict({ lines: red, runner, waivers, leaks: [leak] })).toMatchObject({ overall: 'leaked', exitCode: 3 });
  const left = reporting('run.nothing-left', failed);
  expect(sampleVerdict({ lines: left, runner, waivers })).toMatchObject({ overall: 'rejected', exitCode: 1 });
});

test('judged again from its own verdict, a run comes out the same', () => {
  const first = sampleVerdict({ lines: red, runner, waivers: [waiver] });
  const again = sampleVerdict({ lines: red, ...factsOf(verdictSchema.parse(JSON.parse(JSON.stringify(first)))) });
  expect(again).toEqual(first);
});

test('waived checks come first at the terminal and in the sign-off, with who answers for them', () => {
  const verdict = sampleVerdict({ lines: red, runner, waivers: [{ ...waiver, link: 'https://bugs.example/1' }] });
  const text = renderVerdict(verdict, { sweepCommand: 'sweep', columns: 200 });
  expect(text).toMatch(
    /^ACCEPTED WITH WAIVERS {2}.*\n {2}.* 1 waived\n\n◐ extend\.size: .*\n {4}waived until 2026-03-01 by storage team: the driver/,
  );
  expect(text).toMatch(/https:\/\/bugs\.example\/1\n {4}failed: globalId was a, expected b/);
  const page = signOff({ verdict, files: [] });
  expect(page).toMatch(/^# MOCK: Acceptance of embedded cluster: accepted with waivers\n\n## Waivers\n\n\| check/);
  expect(page).toContain(
    '| extend.size | failed: globalId was a, expected b | the driver is known for it | storage team | 2026-03-01 |',
  );
  expect(signOff({ verdict: sampleVerdict(), files: [] })).toContain('## Waivers\n\nNone.');
});

test('in JUnit a waived check is skipped, with the reason', () => {
  const xml = toJunit(sampleVerdict({ lines: red, runner, waivers: [waiver] }));
  expect(xml).toContain('<skipped message="waived until 2026-03-01 by storage team: the driver is known for it"/>');
  expect(xml).toMatch(/<testsuites name="[^"]*" tests="\d+" failures="0" errors="0"/);
});

const outcomes = fc.constantFrom('passed', 'failed', 'blocked', 'could-not-check', 'not-applicable');
const ids = sampleManifest.checks.map(({ id }) => id);
const worlds = fc.record({
  found: fc.array(outcomes, { minLength: ids.length, maxLength: ids.length }),
  named: fc.subarray(ids),
  expires: fc.constantFrom('2025-01-01', '2026-03-01', '2030-01-01'),
});

/** The test runner says no more than the checks do. */
function runnerOf(found: readonly string[]) {
  return { exitCode: found.every((outcome) => outcome === 'passed' || outcome === 'not-applicable') ? 0 : 1, signal: null };
}

function evidenceOf(found: readonly string[]) {
  return greenLines().map((line) => {
    const outcome = line.type === 'check' ? found[ids.indexOf(line.check)] : undefined;
    return outcome === undefined ? line : { ...line, outcome, cause: 'why', by: 'something' };
  });
}

test('a waiver never turns anything green that it does not name', () => {
  const property = fc.property(worlds, ({ found, named, expires }) => {
    const lines = evidenceOf(found);
    const waivers = named.map((check) => ({ ...waiver, check, expires }));
    const facts = { lines, runner: runnerOf(found) };
    const [without, withThem] = [sampleVerdict(facts), sampleVerdict({ ...facts, waivers })];
    const same = without.checks.every((check, i) => {
      const other = withThem.checks[i];
      const mayDiffer = named.includes(check.id) && expires !== '2025-01-01' && check.scenario !== 'run';
      return other?.outcome === check.outcome || (mayDiffer && other?.outcome === 'waived' && check.outcome !== 'passed');
    });
    const isGreen = ({ overall }: typeof without) => overall.startsWith('accepted');
    const stillRed = withThem.checks.some(({ outcome }) => ['failed', 'blocked', 'could-not-check'].includes(outcome));
    return same && isGreen(withThem) === (!stillRed && withThem.counts.passed > 0) && (!isGreen(without) || isGreen(withThem));
  });
  expect(() => fc.assert(property, { numRuns: 500 })).not.toThrow();
});

test('whatever is wrong with the evidence as a whole cannot be waived', () => {
  const waivers = ids.map((check) => ({ ...waiver, check }));
  const property = fc.property(worlds, fc.nat(greenLines().length - 1), ({ found }, at) => {
    const lines = evidenceOf(found);
    const isProgress = lines[at]?.type === 'progress';
    const verdict = sampleVerdict({
      lines: isProgress ? lines : lines.toSpliced(at, 1),
      runner,
      torn: isProgress ? 1 : 0,
      waivers,
    });
    return !verdict.overall.startsWith('accepted') || lines[at]?.type === 'check';
  });
  expect(() => fc.assert(property, { numRuns: 300 })).not.toThrow();
});
