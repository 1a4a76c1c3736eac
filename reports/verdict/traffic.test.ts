import { expect, test } from 'vitest';
import { greenLines, line, sampleVerdict } from '../testing/sample-run.ts';

/** A run in which one service was asked so often, and had to be asked again so often. */
const run = (requests: number, repeated: number, hindered: Record<string, number> = { 503: repeated }) => {
  const halves = [
    { service: 'Cinder', requests: requests - 10, repeated: repeated - 1, hindered },
    { service: 'Cinder', requests: 10, repeated: 1, hindered: { 'no reply': 1 } },
  ];
  const lines = halves.map((services) => line({ type: 'traffic', scenario: 'create', services: [services] }));
  return sampleVerdict({ lines: [...greenLines(), ...lines] });
};

test('a service that often has to be asked again is called flaky by name, and nothing is red for it', () => {
  const verdict = run(400, 12);

  expect(verdict.overall).toBe('accepted');
  expect(verdict.traffic).toMatchObject({ repeated: 12, services: [{ requests: 400, hindered: { 503: 12, 'no reply': 1 } }] });
  expect(verdict.warnings.join()).toMatch(/the API of Cinder is flaky: 12 of 400 requests .* \(503: 12, no reply: 1\)/);
});

test.for([
  [400, 3],
  [4000, 12],
])('of %i requests %i that were sent again are told, and no more', ([requests, repeated]) => {
  const verdict = run(requests ?? 0, repeated ?? 0);

  expect(verdict.warnings).toEqual([]);
  expect(verdict.traffic.repeated).toBe(repeated);
});
