import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Manifest } from '../../helpers/claims.ts';
import type { Evidence } from '../../helpers/evidence.ts';
import { greenLines, greenScenario, sampleManifest, sampleVerdict } from '../testing/sample-run.ts';
import { computeVerdict } from './verdict.ts';

const RUNS = 300;

/** Manifests of one to four scenarios with one to four checks each. */
const manifests = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }).map((sizes): Manifest => {
  const [sample] = sampleManifest.checks;
  return {
    fields: [],
    chapters: sampleManifest.chapters,
    scenarios: sizes.map((_, index) => ({ id: `s${index}`, chapter: 2, title: `Scenario ${index}` })),
    checks: sizes.flatMap((size, scenario) =>
      Array.from({ length: size }, (_, index) => ({
        id: `s${scenario}.c${index}`,
        scenario: `s${scenario}`,
        claim: 'it holds',
        guide: sample?.guide ?? { section: '', line: '' },
        remedy: 'mend it',
      })),
    ),
  };
});

/** A manifest, its green evidence, and a line of it that carries a claim (progress and notes carry none). */
const withLine = manifests.chain((manifest) => {
  const lines = greenLines(manifest);
  const claims = lines.flatMap((line, index) => (line.type === 'progress' || line.type === 'note' ? [] : [index]));
  return fc.record({ manifest: fc.constant(manifest), lines: fc.constant(lines), at: fc.constantFrom(...claims) });
});

function overall(manifest: Manifest, lines: readonly unknown[], torn = 0) {
  return sampleVerdict({ manifest, lines, torn }).overall;
}

test('green evidence of any manifest is accepted', () => {
  expect(() =>
    fc.assert(fc.property(manifests, (manifest) => overall(manifest, greenLines(manifest)) === 'accepted')),
  ).not.toThrow();
});

test('removing, doubling, emptying or tearing any line that carries a claim is never accepted', () => {
  const property = fc.property(withLine, fc.constantFrom('remove', 'double', 'empty', 'tear'), ({ manifest, lines, at }, how) => {
    const line = lines[at];
    const instead = { remove: [], double: [line, line], empty: [{}], tear: [] }[how];
    return overall(manifest, lines.toSpliced(at, 1, ...(instead as Evidence[])), how === 'tear' ? 1 : 0) !== 'accepted';
  });
  expect(() => fc.assert(property, { numRuns: RUNS })).not.toThrow();
});

test('dropping any field of a check is never accepted', () => {
  const fields = ['type', 'check', 'outcome', 'assertions', 'seen', 'scenario', 'ms', 'at'] as const;
  const property = fc.property(withLine, fc.constantFrom(...fields), ({ manifest, lines, at }, field) => {
    fc.pre(lines[at]?.type === 'check');
    return overall(manifest, lines.with(at, { ...lines[at], [field]: undefined } as unknown as Evidence)) !== 'accepted';
  });
  expect(() => fc.assert(property, { numRuns: RUNS })).not.toThrow();
});

test('a check without assertions, or with any other outcome than passed, is never accepted', () => {
  const worse = fc.constantFrom<object>(
    { assertions: 0 },
    { assertions: Number.NaN },
    { outcome: 'failed' },
    { outcome: 'blocked', by: 'another' },
    { outcome: 'could-not-check' },
    { outcome: 'not-applicable' },
    { outcome: 'unheard-of' },
    { check: 'unheard-of' },
    { scenario: 'unheard-of' },
  );
  const property = fc.property(withLine, worse, ({ manifest, lines, at }, change) => {
    fc.pre(lines[at]?.type === 'check');
    return overall(manifest, lines.with(at, { ...lines[at], ...change } as Evidence)) !== 'accepted';
  });
  expect(() => fc.assert(property, { numRuns: RUNS })).not.toThrow();
});

test('dropping all lines of any scenarios, or cutting the file anywhere, is never accepted', () => {
  const property = fc.property(withLine, ({ manifest, lines, at }) => {
    const dropped = lines.filter(({ scenario }) => scenario !== lines[at]?.scenario);
    return overall(manifest, dropped) !== 'accepted' && overall(manifest, lines.slice(0, at)) !== 'accepted';
  });
  expect(() => fc.assert(property, { numRuns: RUNS })).not.toThrow();
});

test('interleaving the lines of parallel scenarios changes nothing', () => {
  const property = fc.property(
    manifests.chain((manifest) => fc.tuple(fc.constant(manifest), fc.infiniteStream(fc.nat()))),
    ([manifest, dice]) => {
      const queues = manifest.scenarios.map(({ id }) => greenScenario(id, manifest));
      const lines: Evidence[] = [];
      while (queues.some(({ length }) => length > 0)) {
        const open = queues.filter(({ length }) => length > 0);
        lines.push(...(open[(dice.next().value ?? 0) % open.length]?.splice(0, 1) ?? []));
      }
      return overall(manifest, lines) === 'accepted';
    },
  );
  expect(() => fc.assert(property, { numRuns: RUNS })).not.toThrow();
});

test('in any other order it is accepted only if each scenario still starts, is checked and ends in this order', () => {
  const shuffled = manifests.chain((manifest) => {
    const lines = greenLines(manifest);
    return fc.record({
      manifest: fc.constant(manifest),
      lines: fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length }),
    });
  });
  const property = fc.property(shuffled, ({ manifest, lines }) => {
    const inOrder = manifest.scenarios.every(({ id }) => {
      const own = lines.filter(({ scenario, type }) => scenario === id && type !== 'progress');
      const [first, last] = [own.at(0), own.at(-1)];
      const made = own.filter(({ type }) => type === 'step').map((each) => each.type === 'step' && each.state);
      return first?.type === 'scenario' && first.state === 'started' && last?.type === 'scenario' && made[0] === 'started';
    });
    return (overall(manifest, lines) === 'accepted') === inOrder;
  });
  expect(() => fc.assert(property, { numRuns: RUNS })).not.toThrow();
});

test('arbitrary JSON as evidence never throws and is never accepted', () => {
  const property = fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), (lines) => {
    const selection = sampleManifest.checks.map(({ id }) => id);
    const runner = { exitCode: 0, signal: null };
    const target = { kind: 'embedded', title: '', facts: {} };
    const facts = { runId: 'r', target, selection, runner, leaks: [], startedAt: '', endedAt: '' };
    return computeVerdict({ manifest: sampleManifest, lines, torn: 0, ...facts }).overall !== 'accepted';
  });
  expect(() => fc.assert(property, { numRuns: RUNS })).not.toThrow();
});
