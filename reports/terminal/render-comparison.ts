import { visibleLine } from '../../helpers/masking/visible.ts';
import type { CheckChange, Comparison } from '../verdict/comparison.ts';
import type { Verdict, VerdictOutcome } from '../verdict/verdict-schema.ts';
import { duration, firstLine, OUTCOME_WORDS, overallInWords, type Palette, plain, wrap } from './text.ts';

export interface Compared {
  readonly before: Verdict;
  readonly after: Verdict;
  readonly comparison: Comparison;
}

/** Two runs beside each other, for a person at a terminal. */
export function renderComparison({ before, after, comparison }: Compared, columns: number, palette: Palette = plain): string {
  const { worse, better, other, durations, facts } = comparison;
  const fit = (text: string) =>
    wrap(visibleLine(text), columns, '    ').map((row, at) => (at === 0 ? `  ${row.trimStart()}` : row));
  const section = (title: string, rows: readonly string[]) =>
    rows.length === 0 ? [] : [[palette('bold', title), ...rows.flatMap(fit)]];
  const sections = [
    [inWords('before', before), inWords('after', after)],
    ...section('Worse', worse.map(changed)),
    ...section('Better', better.map(changed)),
    ...section('Other', other.map(changed)),
    ...section(
      'Durations',
      durations.map(({ id, before: was, after: is }) => `${id}: ${duration(was)} → ${duration(is)}`),
    ),
    ...section(
      'The cluster',
      facts.map(({ name, before: was, after: is }) => `${name}: ${was ?? 'not told'} → ${is ?? 'not told'}`),
    ),
  ];
  const same = worse.length + better.length + other.length === 0 ? [['All checks came out as before.']] : [];
  return `${[...sections, ...same].map((rows) => rows.join('\n')).join('\n\n')}\n`;
}

const inWords = (which: string, { runId, overall, endedAt, counts }: Verdict) =>
  `${which.padEnd(6)}  ${runId}  ${endedAt.slice(0, 16).replace('T', ' ')} UTC  ${overallInWords(overall)}, ${counts.selected} checks`;

const said = (outcome: VerdictOutcome | undefined) => (outcome === undefined ? 'not selected' : OUTCOME_WORDS[outcome]);

function changed({ id, before, after, cause }: CheckChange): string {
  return `${id}: ${said(before)} → ${said(after)}${cause === undefined ? '' : `: ${firstLine(cause)}`}`;
}
