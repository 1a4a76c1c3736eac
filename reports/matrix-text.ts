import type { Manifest } from '../helpers/claims.ts';
import type { Matrix, Verdict } from './matrix.ts';

/** The matrix as a table for a terminal, and a closing line. */
export function renderMatrix({ rows, falseAlarms, unproven, assertions, broken, holds }: Matrix, manifest: Manifest): string {
  const width = Math.max(10, ...rows.map(({ id }) => id.length));
  const lines = rows.flatMap(({ id, verdict, first, red, reddens, remark }) => {
    const others = red.filter((check) => check !== first).map((check) => `+ ${check}`);
    const expected = verdict === 'caught' || reddens.length === 0 ? '' : `  (expected ${reddens.join(', ')})`;
    return [
      `${id.padEnd(width)}  ${verdict.padEnd(17)}  ${[first ?? '-', ...others].join(' ')}${expected}`,
      ...(verdict === 'caught by another' && remark !== undefined ? [`${' '.repeat(width)}  ${remark}`] : []),
    ];
  });
  const count = (wanted: Verdict) => rows.filter(({ verdict }) => verdict === wanted).length;
  const unseen = assertions.filter(({ faults }) => faults.length === 0);
  return [
    ...lines,
    '',
    ...falseAlarms.map(({ scenario, check, cause }) => `false alarm: ${check} in ${scenario}: ${cause}`),
    ...unproven.map((check) => `unproven: ${check} (${manifest.checks.find(({ id }) => id === check)?.claim ?? ''})`),
    ...broken.map((message) => `broken: ${message}`),
    `${rows.length} faults: ${count('caught')} caught first by the expected check, ${count('caught by another')} by another first, ` +
      `${count('missed')} missed, ${count('never met')} never met; ${count('tolerated')} tolerated; ` +
      `${falseAlarms.length + count('false alarm')} false alarms; ` +
      `${unproven.length} checks unproven; ${assertions.length - unseen.length} of ${assertions.length} assertions seen false`,
    holds ? 'Every check was seen red, and green without a fault.' : 'The proof does not hold.',
  ].join('\n');
}
