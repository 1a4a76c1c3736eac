import type { ProofResult } from '../../helpers/proof/proof-result.ts';
import { type Expectation, matrixOf } from './matrix.ts';

/** What the matrix lost when one check was switched off. */
export interface Mutation {
  readonly check: string;
  /** Faults that were played without it. */
  readonly played: number;
  /** Those that the matrix does not count as caught any more. */
  readonly lost: readonly string[];
  /** Those among them that no other check sees either: this one alone stands against them. */
  readonly unseen: readonly string[];
  /** Attempts that came to nothing. */
  readonly broken: readonly string[];
}

export function mutationsOf(
  checks: readonly string[],
  faults: readonly Expectation[],
  results: readonly ProofResult[],
): Mutation[] {
  return checks.map((check) => {
    const own = results.filter(({ switchedOff }) => switchedOff === check);
    const played = faults.filter(({ id }) => own.some(({ fault }) => fault === id));
    const { rows, broken } = matrixOf(played, own);
    const lost = rows.filter(({ verdict }) => verdict === 'missed');
    return {
      check,
      played: rows.length,
      lost: lost.map(({ id }) => id),
      unseen: lost.filter(({ red }) => red.length === 0).map(({ id }) => id),
      broken,
    };
  });
}

export function renderMutations(mutations: readonly Mutation[]): string {
  const width = Math.max(10, ...mutations.map(({ check }) => check.length));
  const lines = mutations.map(({ check, played, lost, unseen, broken }) => {
    const told = lost.length === 0 ? 'NOT MISSED' : `${lost.length} of ${played} cells lost`;
    const alone = unseen.length === 0 ? 'all seen by others' : `${unseen.length} seen by nobody else: ${unseen.join(', ')}`;
    return [`${check.padEnd(width)}  ${told}; ${alone}`, ...broken.map((message) => `  ${message}`)].join('\n');
  });
  const missed = mutations.filter(({ lost }) => lost.length > 0).length;
  const alone = mutations.filter(({ unseen }) => unseen.length > 0).length;
  return [
    ...lines,
    '',
    `${missed} of ${mutations.length} checks are missed by the matrix when they are switched off; ${alone} stand alone against some fault`,
  ].join('\n');
}
