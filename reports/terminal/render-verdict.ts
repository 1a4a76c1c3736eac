import { stripVTControlCharacters } from 'node:util';
import { visibleLine } from '../../helpers/masking/visible.ts';
import { measuredInWords, measuredLoads } from '../verdict/measured.ts';
import type { CauseVerdict, CheckVerdict, Overall, Verdict, VerdictOutcome } from '../verdict/verdict-schema.ts';
import { UNWAIVABLE } from '../verdict/waiving.ts';
import {
  duration,
  firstLine,
  OUTCOME_STYLES,
  OUTCOME_WORDS,
  type Palette,
  plain,
  plural,
  type Style,
  SYMBOLS,
  wrap,
} from './text.ts';

export interface RenderOptions {
  /** Path of the report for people; left out when there is none. */
  readonly reportPath?: string;
  /** The folder of the services' logs; left out when nobody need look there. */
  readonly logsPath?: string;
  /** What removes things that were left behind. */
  readonly sweepCommand: string;
  /** What to do afterwards, a sentence each. */
  readonly next?: readonly string[];
  readonly columns?: number;
  readonly palette?: Palette;
}

interface Page {
  readonly columns: number;
  readonly palette: Palette;
}

const COLUMNS = 80;
const WORDS: Readonly<Record<Overall, readonly [Style, string]>> = {
  accepted: ['green', 'ACCEPTED'],
  'accepted-with-waivers': ['yellow', 'ACCEPTED WITH WAIVERS'],
  rejected: ['red', 'REJECTED'],
  incomplete: ['yellow', 'NOT ACCEPTED (incomplete)'],
  'could-not-run': ['yellow', 'COULD NOT RUN'],
  leaked: ['red', 'NOT ACCEPTED (left things behind)'],
};

/** The end of a run for a person at a terminal: the verdict, what is wrong and what to do about it, the totals. */
export function renderVerdict(verdict: Verdict, options: RenderOptions): string {
  const page = { columns: options.columns ?? COLUMNS, palette: options.palette ?? plain };
  const sections = [
    headline(verdict, page),
    ...waivedList(verdict, page),
    warningList(verdict, page),
    chapterList(verdict, page),
    measuredLoads(verdict).flatMap((load) => wrap(measuredInWords(load), page.columns, '  ')),
    ...causeList(verdict, page),
    notApplicable(verdict, page),
    problemList(verdict, page),
    leakList(verdict, options.sweepCommand, page),
    totals(verdict, options),
    (options.next ?? []).flatMap((sentence) => wrap(`→ ${sentence}`, page.columns)),
  ];
  return `${sections
    .filter(({ length }) => length > 0)
    .map((rows) => rows.join('\n'))
    .join('\n\n')}\n`;
}

/** Empty when all checks of the guide were selected, or none could be tried. */
export function partialInWords({ overall, notSelected }: Verdict): string {
  const isPartial = overall !== 'could-not-run' && notSelected.length > 0;
  return isPartial ? `partial: ${plural(notSelected.length, 'check')} of the guide not selected` : '';
}

function headline(verdict: Verdict, { palette, columns }: Page): string[] {
  const { overall, counts, target, cannotRun } = verdict;
  const [style, word] = WORDS[overall];
  const ms = Date.parse(verdict.endedAt) - Date.parse(verdict.startedAt);
  const began = overall !== 'could-not-run';
  const what = began ? `${plural(counts.selected, 'check')} on ${target.title} in ${duration(ms)}` : `on ${target.title}`;
  const more = began ? tally(counts) : (cannotRun ?? 'no scenario has started');
  const partial = partialInWords(verdict);
  return [`${palette('bold', palette(style, word))}  ${what}`, ...wrap(more, columns, '  '), ...(partial && [`  ${partial}`])];
}

/** A run in which some checks do not apply is no lesser one: outcomes are counted side by side, not as a part of a whole. */
function tally(counts: Verdict['counts']): string {
  return (Object.keys(OUTCOME_WORDS) as VerdictOutcome[])
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${counts[outcome]} ${OUTCOME_WORDS[outcome]}`)
    .join(', ');
}

/** What is red and was answered for: before everything else, so that nobody overlooks it. */
function waivedList({ checks }: Verdict, page: Page): string[][] {
  return checks.flatMap((check) => {
    const { waived, cause = '' } = check;
    if (waived === undefined) {
      return [];
    }
    const { outcome, waiver } = waived;
    const rows = [`waived until ${waiver.expires} by ${waiver.owner}: ${waiver.reason}`, waiver.link ?? ''];
    return [
      [
        ...titleOf(check, page),
        ...rows.filter((row) => row !== '').flatMap((row) => wrap(row, page.columns, '    ')),
        ...wrap(`${OUTCOME_WORDS[outcome]}: ${cause}`, page.columns, '    ').map((row) => page.palette('dim', row)),
      ],
    ];
  });
}

function warningList({ warnings }: Verdict, { columns, palette }: Page): string[] {
  return warnings.flatMap((warning) => wrap(`Warning: ${warning}`, columns)).map((row) => palette('yellow', row));
}

/** One row per chapter: passes are only counted. */
function chapterList({ overall, chapters, checks }: Verdict, { palette, columns }: Page): string[] {
  if (overall === 'could-not-run') {
    return [];
  }
  const itself = { number: 0, title: 'The run itself' };
  return [...chapters, itself].flatMap(({ number, title }) => {
    const own = checks.filter(({ chapter, selected }) => selected && chapter === number);
    const heading = number === 0 ? title : `${number} ${title}`;
    const counted = Object.entries(Object.groupBy(own, ({ outcome }) => outcome)) as [VerdictOutcome, CheckVerdict[]][];
    const tally = counted.map(([outcome, { length }]) =>
      palette(OUTCOME_STYLES[outcome], `${SYMBOLS[outcome]} ${length} ${OUTCOME_WORDS[outcome]}`),
    );
    const row = `  ${heading}: ${tally.join(', ')}`;
    const rows = stripVTControlCharacters(row).length <= columns ? [row] : [`  ${heading}:`, `    ${tally.join(', ')}`];
    return own.length === 0 ? [] : rows;
  });
}

const WORST_FIRST: readonly VerdictOutcome[] = ['failed', 'could-not-check', 'blocked'];

/** Each cause once, with what it stopped: failures first. */
function causeList({ causes, checks, leaks, overall }: Verdict, page: Page): string[][] {
  const told = causes.map((cause) => {
    const stopped = checks.filter(({ id }) => cause.checks.includes(id));
    const rank = Math.min(...stopped.map(({ outcome }) => WORST_FIRST.indexOf(outcome)));
    // What is left behind is listed with the command that removes it.
    const isListed = leaks.length > 0 && stopped.every(({ scenario }) => scenario === UNWAIVABLE);
    return { rank, rows: causeRows({ ...cause, ...(isListed && { remedy: undefined }) }, stopped, page) };
  });
  return overall === 'could-not-run' ? [] : told.toSorted((a, b) => a.rank - b.rank).map(({ rows }) => rows);
}

/** What is wrong, why, what to do, and what could not be looked at for it. */
function causeRows(
  { cause, remedy, blocked }: Pick<CauseVerdict, 'cause' | 'blocked'> & { readonly remedy?: string | undefined },
  stopped: readonly CheckVerdict[],
  page: Page,
): string[] {
  const { columns, palette } = page;
  const red = stopped.filter(({ outcome }) => outcome !== 'blocked');
  const unseen = [...stopped.filter(({ outcome }) => outcome === 'blocked').map(({ id }) => id), ...blocked];
  const [only] = red;
  const blockers = [...new Set(stopped.flatMap(({ by }) => by ?? []))].join(', ');
  const why = [
    ...(cause === `blocked by ${blockers}` ? [] : wrap(cause, columns, '    ')),
    ...(remedy === undefined ? [] : wrap(`→ ${remedy}`, columns, '    ')),
  ];
  if (only === undefined) {
    return [...blockedRows(unseen, firstLine(blockers), page), ...why];
  }
  return [
    ...red.flatMap((check) => titleOf(check, page)),
    ...why,
    ...(red.length === 1 ? guideOf(only, columns).map((row) => palette('dim', row)) : []),
    ...(unseen.length === 0 ? [] : blockedRows(unseen, red.length === 1 ? only.id : 'these', page)),
  ];
}

function blockedRows(ids: readonly string[], by: string, { palette, columns }: Page): string[] {
  return [
    `${palette('yellow', SYMBOLS.blocked)} ${plural(ids.length, 'check')} blocked by ${palette('bold', by)}`,
    ...wrap(ids.join(', '), columns, '    '),
  ];
}

function titleOf({ id, claim, outcome }: CheckVerdict, { palette, columns }: Page): string[] {
  const [head = '', ...rest] = wrap(`${SYMBOLS[outcome]} ${id}: ${claim}`, columns - 2);
  const mark = `${SYMBOLS[outcome]} ${id}`;
  const styled = `${palette(OUTCOME_STYLES[outcome], SYMBOLS[outcome])} ${palette('bold', id)}${head.slice(mark.length)}`;
  return [styled, ...rest.map((row) => `  ${row}`)];
}

function guideOf({ guide }: CheckVerdict, columns: number): string[] {
  return wrap(`guide, ${guide.section}: ${guide.line}`, columns, '    ');
}

function notApplicable({ checks, overall }: Verdict, { columns, palette }: Page): string[] {
  const alike = checks.filter(({ outcome }) => outcome === 'not-applicable' && overall !== 'could-not-run');
  return [...Map.groupBy(alike, ({ cause }) => cause).values()].flatMap((group) => {
    const ids = group.map(({ id }) => id).join(', ');
    const verb = group.length === 1 ? 'does' : 'do';
    const text = `${SYMBOLS['not-applicable']} ${ids} ${verb} not apply: ${firstLine(group[0]?.cause ?? '')}`;
    return wrap(text, columns, '  ').map((row, at) => palette('dim', at === 0 ? row.trimStart() : row));
  });
}

function problemList({ problems, overall }: Verdict, { columns, palette }: Page): string[] {
  return problems.length === 0 || overall === 'could-not-run'
    ? []
    : [
        palette('bold', 'The evidence cannot be believed as it is:'),
        ...problems.flatMap((problem) => wrap(`- ${problem}`, columns, '  ')),
      ];
}

function leakList({ leaks }: Verdict, sweepCommand: string, { columns, palette }: Page): string[] {
  if (leaks.length === 0) {
    return [];
  }
  const rows = leaks.map(
    ({ layer, kind, name, id, unswept }) =>
      `  ${visibleLine(`${layer} ${kind} ${name} (${id})`)}${unswept ? '' : ', removed afterwards'}`,
  );
  const advice = leaks.some(({ unswept }) => unswept) ? wrap(`→ ${sweepCommand}`, columns, '  ') : [];
  return [palette('bold', palette('red', 'Left behind:')), ...rows, ...advice];
}

function totals({ counts, traffic, overall }: Verdict, { reportPath, logsPath }: RenderOptions): string[] {
  const report = [
    ...(reportPath === undefined ? [] : [`report: ${reportPath}`]),
    ...(logsPath === undefined ? [] : [`logs of the services: ${logsPath}/, and in the report under Attachments`]),
  ];
  if (overall === 'could-not-run') {
    return report;
  }
  const { requests, repeated, waits, polls, waitedMs, commands, clients } = traffic;
  const again = repeated === 0 ? '' : ` (${repeated} of them sent again, because they were put off or not answered)`;
  const started = clients && [`${plural(clients.calls, 'client call')} took ${duration(clients.ms)} in all, mostly to start`];
  return [
    `${plural(counts.assertions, 'assertion')}, ${plural(requests, 'request')}${again}, ${plural(commands, 'command')}, ${plural(waits, 'wait')} (${plural(polls, 'poll')}, ${duration(waitedMs)})`,
    ...(started ?? []),
    ...report,
  ];
}
