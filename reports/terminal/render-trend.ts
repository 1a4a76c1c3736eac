import { visibleLine } from '../../helpers/masking/visible.ts';
import { type Course, median, type Trend } from '../verdict/trend.ts';
import { duration, OUTCOME_STYLES, OUTCOME_WORDS, overallInWords, type Palette, plain, plural, SYMBOLS, wrap } from './text.ts';

const BARS = '▁▂▃▄▅▆▇█';
const NOT_ASKED = '·';
const TIME_COLUMNS = 12;
const COLUMNS = 80;

/** A trend for a person: a line for each run, for each scenario how long it took, for each check what came of it. */
export function renderTrend({ points, checks, scenarios }: Trend, palette: Palette = plain): string {
  const width = Math.max(0, ...[...checks, ...scenarios].map(({ id }) => id.length));
  const runs = points.map(({ runId, startedAt, endedAt, overall, checks: own }) => {
    const asked = own.filter(({ selected }) => selected);
    const took = duration(Date.parse(endedAt) - Date.parse(startedAt));
    const style = overall.startsWith('accepted') ? 'green' : 'red';
    const verdict = palette(style, overallInWords(overall).padEnd(TIME_COLUMNS));
    return `  ${runId}  ${endedAt.slice(0, 16).replace('T', ' ')}  ${took.padStart(TIME_COLUMNS)}  ${verdict}  ${plural(asked.length, 'check')}`;
  });
  const times = scenarios.map((course) => `  ${course.id.padEnd(width)}  ${bars(course)}  ${usual(course.values)}`);
  const outcomes = checks.map(({ id, values, ms, isSteady }) => {
    const strip = values.map((value) => (value === undefined ? NOT_ASKED : palette(OUTCOME_STYLES[value], SYMBOLS[value])));
    return `  ${palette(isSteady ? 'dim' : 'bold', id.padEnd(width))}  ${strip.join('')}  ${usual(ms)}`.trimEnd();
  });
  const [last] = points.slice(-1);
  const unsteady = checks.filter(({ isSteady }) => !isSteady);
  const sections = [
    [palette('bold', visibleLine(`${plural(points.length, 'run')} on ${last?.target.title ?? ''}, oldest first`)), ...runs],
    [palette('bold', 'Scenarios: how long each took, last and usually'), ...times],
    [palette('bold', 'Checks: what came of each, and its time, last and usually'), ...outcomes, ...wrap(legend(), COLUMNS, '  ')],
    unsteady.length === 0
      ? ['Every check was green whenever it was asked for.']
      : wrap(`Not always green: ${unsteady.map(({ id }) => id).join(', ')}`, COLUMNS),
  ];
  return `${sections.map((rows) => rows.join('\n')).join('\n\n')}\n`;
}

function legend(): string {
  const known = Object.entries(SYMBOLS) as [keyof typeof SYMBOLS, string][];
  return [...known.map(([outcome, symbol]) => `${symbol} ${OUTCOME_WORDS[outcome]}`), `${NOT_ASKED} not asked for`].join(', ');
}

/** Each as high as it is long, next to the longest. */
function bars({ values }: Course<number>): string {
  const longest = Math.max(...values.map((value) => value ?? 0));
  const bar = (value: number) => BARS[Math.ceil((value / longest) * BARS.length) - 1] ?? '▁';
  return values.map((value) => (value === undefined ? NOT_ASKED : bar(value))).join('');
}

function usual(values: readonly (number | undefined)[]): string {
  const [last, middle] = [values.findLast((value) => value !== undefined), median(values)];
  return last === undefined || middle === undefined ? '' : `${duration(last)}, ${duration(middle)}`;
}
