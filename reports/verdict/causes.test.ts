import { expect, test } from 'vitest';
import type { Evidence } from '../../helpers/evidence.ts';
import { renderVerdict } from '../terminal/render-verdict.ts';
import { plain } from '../terminal/text.ts';
import { greenLines, sampleVerdict } from '../testing/sample-run.ts';

const ID = '0f3c1e9a-3b1d-4a52-9d52-4c0f5e6a7b8c';
const OTHER = ID.replace('0f3c', 'ffff');
const refusal = (id: string, ms: number) =>
  `Cinder refused POST /volumes with 400: no volume type nope (${id})\n  requestId: req-${id}\n  after: ${ms} ms, 3 polls`;
const remedy = 'See `openstack volume type list`.';

function judged(changes: Readonly<Record<string, object>>) {
  const lines = greenLines().map((line): Evidence => {
    const change = line.type === 'check' ? changes[line.check] : undefined;
    return change === undefined ? line : ({ ...line, ...change } as Evidence);
  });
  return sampleVerdict({ lines, runner: { exitCode: 1, signal: null } });
}

const verdict = judged({
  'create.available': { outcome: 'failed', cause: refusal(ID, 12), remedy },
  'create.size': { outcome: 'blocked', by: 'create.available', cause: 'blocked by create.available', assertions: 0 },
  'extend.size': { outcome: 'blocked', by: 'the step “Create it”', cause: refusal(OTHER, 900), remedy, assertions: 0 },
  'snapshot.frozen': {
    outcome: 'failed',
    cause: 'one thing is not as claimed\n  bytes: 1, expected 2',
    seen: [{ subject: 'bytes', actual: 1, expected: 2, holds: false }],
  },
});

test('one cause is told once, with all that it stopped, whatever ids and times it tells of', () => {
  expect(verdict.causes).toMatchObject([
    { cause: refusal(ID, 12), remedy, checks: ['create.available', 'extend.size'], blocked: ['create.size'] },
    { checks: ['snapshot.frozen'], blocked: [], remedy: expect.stringMatching(/^Read cinder-volume.log/) },
  ]);
  const text = renderVerdict(verdict, { sweepCommand: 'npm run sweep', palette: plain, columns: 200 });
  expect(text.split('no volume type nope')).toHaveLength(2);
  expect(text.split(remedy)).toHaveLength(2);
  expect(text).toContain('⊘ 2 checks blocked by create.available\n    extend.size, create.size\n');
});

test('a blocked check has its blocker and no remedy of its own', () => {
  const blocked = verdict.checks.filter(({ outcome }) => outcome === 'blocked');

  expect(blocked.map(({ id, by, remedy: its }) => [id, by, its])).toEqual([
    ['create.size', 'create.available', undefined],
    ['extend.size', 'the step “Create it”', remedy],
  ]);
});

test('what a check advises is about what it claims: not about a refusal that stopped it', () => {
  const [refused, unknown] = [
    judged({ 'create.size': { outcome: 'failed', cause: 'no' } }),
    judged({ 'create.size': { outcome: 'could-not-check', cause: 'no' } }),
  ];

  expect(refused?.causes).toEqual([{ cause: 'no', checks: ['create.size'], blocked: [] }]);
  expect(unknown?.causes).toEqual([{ cause: 'no', checks: ['create.size'], blocked: [] }]);
});

test('the same words about different claims are different causes', () => {
  const seen = [{ subject: 'size', actual: 1, expected: 2, holds: false }];
  const cause = 'one thing is not as claimed\n  size: 1, expected 2';

  const { causes } = judged({
    'create.size': { outcome: 'failed', cause, seen },
    'extend.size': { outcome: 'failed', cause, seen },
  });

  expect(causes.map(({ checks }) => checks)).toEqual([['create.size'], ['extend.size']]);
});
