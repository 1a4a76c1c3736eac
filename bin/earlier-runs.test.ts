import { expect, test } from 'vitest';
import { sampleVerdict } from '../reports/testing/sample-run.ts';
import { sameCluster } from './earlier-runs.ts';

const on = (cluster: string | undefined, StorPool = '10.0.0.1:81') => ({
  target: {
    ...sampleVerdict().target,
    kind: 'live' as const,
    facts: { Keystone: 'k', project: 'p', StorPool, ...(cluster === undefined ? {} : { 'StorPool cluster': cluster }) },
  },
});

test.for([
  ['both tell one id', on('d.n (lab)'), on('d.n'), true],
  ['they tell two', on('d.n'), on('d.m'), false],
  [
    'one has it from storpool.conf',
    on('d.n by SP_CLUSTER_ID; before this run it had no volume that would tell'),
    on('d.n', '10.0.0.2:81'),
    true,
  ],
  ['one did not know it yet, and the API is the same', on('not known: no volume'), on('d.n'), true],
  ['one did not know it yet, and the API is another', on(undefined), on('d.n', '10.0.0.2:81'), false],
] as const)('whether two runs were of one cluster, where %s', ([, one, other, same]) => {
  expect(sameCluster(one, other)).toBe(same);
});
