import { expect, test } from 'vitest';
import type { Evidence } from '../../helpers/evidence.ts';
import { greenLines, greenScenario, line, passed, reporting, sampleVerdict } from '../testing/sample-run.ts';
import { type Verdict, verdictSchema } from './verdict-schema.ts';

function find(verdict: Verdict, id: string) {
  return verdict.checks.find((check) => check.id === id);
}

function without(unwanted: (line: Evidence) => boolean): Evidence[] {
  return greenLines().filter((each) => !unwanted(each));
}

test('a run whose checks all passed is accepted and keeps its schema through JSON', () => {
  const verdict = sampleVerdict();
  expect(verdict).toMatchObject({ overall: 'accepted', exitCode: 0, problems: [], counts: { selected: 6, passed: 6 } });
  expect(verdictSchema.parse(JSON.parse(JSON.stringify(verdict)))).toEqual(verdict);
  expect(verdict.traffic).toEqual({ requests: 6, repeated: 0, services: [], waits: 3, polls: 9, waitedMs: 120, commands: 0 });
});

test('a failed check rejects the run and keeps its cause and remedy', () => {
  const verdict = sampleVerdict({ lines: reporting('extend.size', { outcome: 'failed', cause: 'StorPool has 10 GiB' }) });
  expect(verdict).toMatchObject({ overall: 'rejected', exitCode: 1, counts: { failed: 1, passed: 5 } });
  expect(find(verdict, 'extend.size')).toMatchObject({
    cause: 'StorPool has 10 GiB',
    remedy: expect.stringContaining('cinder-volume.log'),
  });
});

test('not applicable with a reason is accepted, without a reason it is not', () => {
  const reason = reporting('extend.data', { outcome: 'not-applicable', cause: 'no loop devices here', assertions: 0 });
  expect(sampleVerdict({ lines: reason })).toMatchObject({ overall: 'accepted', counts: { 'not-applicable': 1 } });
  const verdict = sampleVerdict({ lines: reporting('extend.data', { outcome: 'not-applicable', cause: ' ' }) });
  expect(verdict).toMatchObject({ overall: 'incomplete', exitCode: 1, counts: { 'could-not-check': 1 } });
});

test('a run in which nothing passed is not accepted, though nothing failed', () => {
  const lines = greenLines().map((each) =>
    each.type === 'check' ? { ...each, outcome: 'not-applicable', cause: 'not here' } : each,
  );
  expect(sampleVerdict({ lines })).toMatchObject({ overall: 'incomplete', exitCode: 1 });
});

test('passed is not believed without an assertion, nor against what was seen', () => {
  const silent = sampleVerdict({ lines: reporting('extend.size', { assertions: 0 }) });
  expect(find(silent, 'extend.size')?.outcome).toBe('could-not-check');
  const seen = [{ subject: 'size on StorPool', actual: 10, expected: 20, holds: false }];
  const denied = sampleVerdict({ lines: reporting('extend.size', { seen }) });
  expect(find(denied, 'extend.size')).toMatchObject({ outcome: 'failed', cause: expect.stringContaining('size on StorPool') });
});

test('a blocked check names what blocked it', () => {
  const blocked = { outcome: 'blocked', assertions: 0, by: 'extend.size', cause: 'the size is wrong' };
  const verdict = sampleVerdict({ lines: reporting('extend.data', blocked) });
  expect(find(verdict, 'extend.data')).toMatchObject({ outcome: 'blocked', by: 'extend.size' });
  const unnamed = sampleVerdict({ lines: reporting('extend.data', { ...blocked, by: undefined }) });
  expect(find(unnamed, 'extend.data')?.outcome).toBe('could-not-check');
});

test('a check without evidence tells where its scenario stopped', () => {
  const causeOf = (lines: Evidence[]) =>
    find(sampleVerdict({ lines, runner: { exitCode: 1, signal: null } }), 'extend.data')?.cause;
  expect(causeOf(without(({ scenario }) => scenario === 'extend'))).toContain(
    'never started (the test runner ended with exit code 1)',
  );
  expect(causeOf([...greenScenario('create'), ...greenScenario('extend').slice(0, 2)])).toContain(
    'died in the step “Make the extend volume”',
  );
  const step = {
    type: 'step',
    scenario: 'extend',
    step: 'make',
    title: 'Extend it',
    state: 'failed',
    error: 'quota exceeded',
  } as const;
  const failed = [...greenScenario('extend').slice(0, 2), line(step)];
  expect(causeOf(failed)).toContain('stopped at the step “Extend it”: quota exceeded');
  expect(causeOf(without((each) => each.type === 'check'))).toContain('ended without evaluating it');
});

test('of two reports about one check the worse counts, and even two equal ones are not accepted', () => {
  const [first, ...rest] = greenScenario('extend');
  const extra = { ...passed('extend.size', 'extend'), outcome: 'failed', cause: 'too small' };
  const contradicting = [
    ...greenScenario('create'),
    ...greenScenario('snapshot'),
    first,
    extra,
    ...rest,
    passed('run.nothing-left', 'run'),
  ];
  expect(sampleVerdict({ lines: contradicting }).overall).toBe('rejected');
  const doubled = [first, passed('extend.size', 'extend'), ...rest, ...without(({ scenario }) => scenario === 'extend')];
  expect(sampleVerdict({ lines: doubled })).toMatchObject({
    overall: 'incomplete',
    problems: [expect.stringContaining('2 times')],
  });
});

test('unknown checks, torn lines, foreign lines and an unknown selection are problems', () => {
  const unknown = [...greenLines(), passed('extend.colour', 'run')];
  expect(sampleVerdict({ lines: unknown }).problems).toEqual(['the evidence speaks of the unknown check extend.colour']);
  expect(sampleVerdict({ torn: 1 }).overall).toBe('incomplete');
  expect(sampleVerdict({ lines: [...greenLines(), {}] }).overall).toBe('incomplete');
  expect(sampleVerdict({ selection: ['extend.colour'] }).overall).toBe('incomplete');
});

test('a runner that failed or was stopped is never accepted', () => {
  expect(sampleVerdict({ runner: { exitCode: 1, signal: null } }).overall).toBe('incomplete');
  expect(sampleVerdict({ runner: { exitCode: null, signal: 'SIGINT' } }).problems).toEqual(['the run was ended by SIGINT']);
  expect(sampleVerdict({ lines: [], runner: { exitCode: null, signal: 'SIGTERM' } }).overall).toBe('incomplete');
});

test('an error that no check accounts for is a problem, and one that a check accounts for is not told twice', () => {
  const error = 'cannot read properties of undefined\n  at x';
  const ended = greenLines().map((each) => (each.type === 'scenario' && each.state === 'ended' ? { ...each, error } : each));
  expect(sampleVerdict({ lines: ended }).problems).toContain(
    'scenario extend: it ended with an error: cannot read properties of undefined',
  );
  const failed = ended.map((each) => (each.type === 'check' ? { ...each, outcome: 'failed' } : each));
  expect(sampleVerdict({ lines: failed, runner: { exitCode: 1, signal: null } }).problems).toEqual([]);
});

test('a run without any evidence could not run, even when the runner says it went well', () => {
  expect(sampleVerdict({ lines: [] })).toMatchObject({ overall: 'could-not-run', exitCode: 2 });
  expect(sampleVerdict({ lines: [], cannotRun: 'wrong token' })).toMatchObject({
    overall: 'could-not-run',
    cannotRun: 'wrong token',
  });
});

test('leaks take precedence and those that the supervisor found overrule those that the scenarios reported', () => {
  const leak = { kind: 'volume', id: 'v1', name: 'acc-x-1', layer: 'cinder' };
  const lines = [...greenLines(), line({ type: 'leak', scenario: 'extend', ...leak })];
  expect(sampleVerdict({ lines })).toMatchObject({ overall: 'leaked', exitCode: 3, leaks: [{ ...leak, unswept: true }] });
  const both = sampleVerdict({ lines, leaks: [{ ...leak, unswept: false }] });
  expect(both.leaks).toEqual([{ ...leak, unswept: false }]);
});

test('checks that were not asked for do not count, unless one of them failed', () => {
  const selection = ['create.size'];
  const lines = greenScenario('create');
  expect(sampleVerdict({ selection, lines })).toMatchObject({ overall: 'accepted', counts: { selected: 1, passed: 1 } });
  const failing = lines.map((each) =>
    each.type === 'check' && each.check === 'create.available' ? { ...each, outcome: 'failed' } : each,
  );
  expect(sampleVerdict({ selection, lines: failing })).toMatchObject({ overall: 'rejected', counts: { selected: 1, failed: 0 } });
});
