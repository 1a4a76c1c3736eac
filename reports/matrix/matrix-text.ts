import type { Manifest } from '../../helpers/claims.ts';
import type { FalsePassSeen, Matrix, Verdict } from './matrix.ts';

/** The matrix as a table for a terminal, and a closing line. */
export function renderMatrix(matrix: Matrix, manifest: Manifest): string {
  const { rows, falseAlarms, unproven, assertions, unseen, idleExcuses, excuses, falsePasses, altered, broken, holds } = matrix;
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
  const seenFalse = assertions.filter(({ faults }) => faults.length > 0).length;
  return [
    ...lines,
    '',
    ...(falsePasses.length === 0 ? [] : ['Where the guide itself passes falsely:', ...falsePasses.map(falsePassLine), '']),
    ...falseAlarms.map(({ scenario, check, cause }) => `false alarm: ${check} in ${scenario}: ${cause}`),
    ...unproven.map((check) => `unproven: ${check} (${manifest.checks.find(({ id }) => id === check)?.claim ?? ''})`),
    ...unseen.map(({ check, subject }) => `never seen false: ${subject} (${check})`),
    ...idleExcuses.map(({ check, subject }) => `excused for nothing: ${subject} (${check})`),
    ...excuses.map(({ check, subject, reason }) => `cannot be seen false: ${subject} (${check}): ${reason}`),
    ...altered.missed.map((what) => `not seen: ${what}`),
    ...broken.map((message) => `broken: ${message}`),
    `${altered.tried} times one field that a layer tells was altered, ${altered.missed.length} of them not seen`,
    `${rows.length} faults: ${count('caught')} caught first by the expected check, ${count('caught by another')} by another first, ` +
      `${count('missed')} missed, ${count('never met')} never met; ${count('tolerated')} tolerated; ` +
      `${falseAlarms.length + count('false alarm')} false alarms; ` +
      `${unproven.length} checks unproven; ${seenFalse} of ${assertions.length} assertions seen false`,
    holds ? 'Every check was seen red, and green without a fault.' : 'The proof does not hold.',
  ].join('\n');
}

function falsePassLine({ id, broken, isCaught, seenBy }: FalsePassSeen): string {
  return `  ${id.padEnd(4)} ${isCaught ? 'caught' : 'NOT CAUGHT'} by ${seenBy.join(', ') || 'nobody'}: ${broken}`;
}
