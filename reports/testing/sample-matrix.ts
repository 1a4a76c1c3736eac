import type { ProofResult } from '../../helpers/proof/proof-result.ts';
import { type Expectation, matrixOf } from '../matrix/matrix.ts';
import { matrixPage } from '../matrix/matrix-html.ts';
import { sampleManifest } from './sample-run.ts';

const FAULTS: readonly Expectation[] = [
  { id: 'lied', kind: 'lie', cause: 'The size is forgotten', seam: 's.a', reddens: ['extend.size'] },
  { id: 'lost', kind: 'lose', cause: 'The data is lost', seam: 's.b', reddens: ['extend.data'] },
  { id: 'slow', kind: 'delay', cause: 'All is late', seam: 's.c', reddens: [] },
];

const red = (check: string, cause: string) => ({
  ...{ check, outcome: 'failed' as const, cause, looked: [`${check} is`], wrong: [`${check} is`] },
});

const result = (fault: string, outcomes: ProofResult['outcomes']): ProofResult => ({
  ...{ fault, scenario: 'extend', met: 1, outcomes, broken: [], ms: 1 },
});

/** The page of a made-up proof: a fault that is caught, one that is missed, and one that is tolerated. */
export function sampleMatrixPage(): string {
  const results = [
    result('lied', [red('extend.size', 'Cinder 2, StorPool 1 <GiB>')]),
    result('lost', []),
    result('slow', [{ check: 'extend.size', outcome: 'passed', looked: [], wrong: [] }]),
  ];
  const guideSees = '`cinder list` shows 2 GiB';
  const falsePasses = [{ id: 'F23', broken: 'Only Cinder knows', guideSees, faults: ['lied'] }];
  const matrix = matrixOf(FAULTS, results, { checks: ['extend.size'], falsePasses });
  return matrixPage(matrix, sampleManifest, { madeAt: '2026-01-01T00:00:00.000Z', seconds: 1, runs: results.length });
}
