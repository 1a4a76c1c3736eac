import { stripVTControlCharacters } from 'node:util';
import { visibleLine } from '../../helpers/masking/visible.ts';
import type { CheckVerdict, Overall, Verdict, VerdictOutcome } from '../verdict/verdict-schema.ts';
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
    ...verdict.checks.filter(({ outcome }) => outcome === 'failed').map((check) => findings([check], page)),
    ...grouped(verdict, 'could-not-check').map((group) => findings(group, page)),
    ...grouped(verdict, 'blocked').map((group) => blockedBy(group, page)),
    notApplicable(verdict, page),
    problemList(verdict, page),
    leakList(verdict, options.sweepCommand, page),
    totals(verdict, options),
  ];
  return `${sections
    .filter(({ length }) => length > 0)
    .map((rows) => rows.join('\n'))
    .join('\n\n')}\n`;
}

function headline(verdict: Verdict, { palette, columns }: Page): string[] {
  const { overall, counts, target, cannotRun } = verdict;
  const [style, word] = WORDS[overall];
  const ms = Date.parse(verdict.endedAt) - Date.parse(verdict.startedAt);
  const began = overall !== 'could-not-run';
  const what = began ? `${plural(counts.selected, 'check')} on ${target.title} in ${duration(ms)}` : `on ${target.title}`;
  const more = began ? tally(counts) : (cannotRun ?? 'no scenario has started');
  return [`${palette('bold', palette(style, word))}  ${what}`, ...wrap(more, columns, '  ')];
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

/** Checks that ended alike for the same reason. */
function grouped({ checks, overall }: Verdict, outcome: VerdictOutcome): CheckVerdict[][] {
  const alike = checks.filter((check) => check.outcome === outcome && overall !== 'could-not-run');
  return [...Map.groupBy(alike, ({ by, cause }) => by ?? cause).values()];
}

/** What is wrong, why, and what to do. The advice is given only when all agree on it. */
function findings(group: readonly CheckVerdict[], { palette, columns }: Page): string[] {
  const [first] = group;
  const remedies = new Set(group.map(({ remedy }) => remedy));
  const [remedy] = remedies;
  return [
    ...group.flatMap((check) => titleOf(check, { palette, columns })),
    ...wrap(first?.cause ?? '', columns, '    '),
    ...(remedies.size === 1 && remedy !== undefined ? wrap(`→ ${remedy}`, columns, '    ') : []),
    ...(group.length === 1 && first ? guideOf(first, columns).map((row) => palette('dim', row)) : []),
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

function blockedBy(group: readonly CheckVerdict[], { palette, columns }: Page): string[] {
  const by = firstLine(group[0]?.by ?? 'something unnamed');
  const ids = group.map(({ id }) => id).join(', ');
  return [
    `${palette('yellow', SYMBOLS.blocked)} ${plural(group.length, 'check')} blocked by ${palette('bold', by)}`,
    ...wrap(ids, columns, '    '),
  ];
}

function notApplicable(verdict: Verdict, { columns, palette }: Page): string[] {
  return grouped(verdict, 'not-applicable').flatMap((group) => {
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
