import { basename } from 'node:path';
import { LAST_CHAPTER_OF_GUIDE } from '../../helpers/claims.ts';
import { nanoseconds, whole } from '../../helpers/load.ts';
import { htmlPage, quoted } from '../html.ts';
import { duration, firstLine } from '../terminal/text.ts';
import { measuredInWords, measuredLoads } from '../verdict/measured.ts';
import { type CheckVerdict, isGreen, type Verdict, type VerdictOutcome } from '../verdict/verdict-schema.ts';
import { type List, moment, since } from './changes.ts';
import { fingerprint, type SignOffInput } from './sign-off.ts';
import { STYLE } from './sign-off-style.ts';
import { type Language, saidHere, WORDS, type Words } from './sign-off-words.ts';

export interface PageInput extends SignOffInput {
  readonly language: Language;
  /** The newest run of the same cluster before this one that was accepted. */
  readonly previous?: Verdict | undefined;
}

/** Rows of one list, and letters of one row. */
interface Room {
  readonly rows: number;
  readonly letters: number;
}
/** From all that one could wish for to what fits whatever went wrong. Lists without consequence are cut first. */
const ROOMS: readonly { readonly major: Room; readonly minor: Room }[] = [
  { major: { rows: 12, letters: 600 }, minor: { rows: 12, letters: 600 } },
  { major: { rows: 12, letters: 600 }, minor: { rows: 3, letters: 110 } },
  { major: { rows: 6, letters: 330 }, minor: { rows: 2, letters: 110 } },
  { major: { rows: 4, letters: 240 }, minor: { rows: 1, letters: 110 } },
  { major: { rows: 2, letters: 110 }, minor: { rows: 2, letters: 110 } },
];
/** Of A4, what the front has beside facts, chapters and lists taken off, and how high these are; the style's own sizes. */
const MM = { room: 190, fact: 3.8, chapter: 4.3, title: 5, line: 3.6 } as const;
/** In German there are a few fewer. */
const LETTERS_OF_A_LINE = 115;
/** Scenarios compare all that was promised, and all else, with what each layer tells of what they made. */
const OF_ALL_LAYERS = /\.layers$/;
/** What was promised of each volume. */
const PROMISED = 'template';
/** A fact that stands in the list of what was not looked at. */
const NOT_PLAYED = 'not played';
const LONGEST_FACT = 110;
const HALF_A_LINE = 40;

/** The page that is signed, as HTML that opens and prints without a network: all that matters on one page of A4, the checks as its annex. */
export function signOffPage(input: PageInput): string {
  const { verdict, language } = input;
  const words = WORDS[language];
  const title = `${words.title}: ${saidHere(words, verdict.target.title)}`;
  const body = `<section class="front">
${front(input, words)}
</section>
<section class="annex">
${annex(input, words)}
</section>`;
  return htmlPage({ language, title, style: STYLE, body });
}

function front(input: PageInput, words: Words): string {
  const { verdict } = input;
  const { target, overall, runId, startedAt, endedAt, counts } = verdict;
  const time = duration(Date.parse(endedAt) - Date.parse(startedAt));
  const facts: readonly (readonly [name: string, value: string, term?: string | undefined])[] = [
    [words.begun, moment(startedAt)],
    [words.ended, `${moment(endedAt)} (${time})`],
    [words.run, runId],
    ...Object.entries(target.facts)
      .filter(([name]) => name !== NOT_PLAYED)
      .flatMap(([name, value]) => [
        [words.labels[name] ?? name, saidHere(words, value), words.terms[name] ?? words.terms[value]] as const,
        ...(name === PROMISED ? [[words.found, found(verdict, words)] as const] : []),
      ]),
  ];
  const isGood = overall === 'accepted' || overall === 'accepted-with-waivers';
  return [
    `<h1>${quoted(words.title)}</h1>`,
    marked(verdict, words),
    `<p class="verdict ${isGood ? 'good' : 'bad'}">${quoted(words.overall[overall])}<small>${quoted(saidHere(words, target.title))}: ${quoted(countsOf(counts, words))}</small></p>`,
    `<dl>${facts.map(([name, value, term]) => fact(name, cut(value, LONGEST_FACT), term)).join('')}</dl>`,
    chapters(verdict, words),
    ...shortened(listsOf(input, words), MM.room - facts.length * MM.fact - verdict.chapters.length * MM.chapter, words),
    fingerprints(input, words),
    marks(verdict, words).length > 0 ? marked(verdict, words) : signatures(words),
  ].join('\n');
}

/** Whether what the run made has what was promised. */
function found(verdict: Verdict, { asPromised, outcomes }: Words): string {
  const all = selected(verdict).filter(({ id, outcome }) => OF_ALL_LAYERS.test(id) && outcome !== 'not-applicable');
  const other = all.filter(({ outcome }) => outcome !== 'passed').map(({ id, outcome }) => `${id}: ${outcomes[outcome]}`);
  return other.length > 0 ? other.join(', ') : all.length === 0 ? outcomes['could-not-check'] : asPromised(all.length);
}

/** A long one has a line of its own, and so has one with a term that is explained. */
function fact(name: string, value: string, term: string | undefined): string {
  const isWide = term !== undefined || value.length > HALF_A_LINE;
  const explained = term === undefined ? '' : ` <small>${quoted(term)}</small>`;
  return `<div${isWide ? ' class="wide"' : ''}><dt>${quoted(name)}</dt><dd>${quoted(value)}${explained}</dd></div>`;
}

/** All that is not as it should be, or has changed. */
function listsOf({ verdict, previous }: PageInput, words: Words): List[] {
  const { cannotRun, leaks, warnings, problems } = verdict;
  const lists: readonly List[] = [
    { title: words.overall['could-not-run'], rows: cannotRun === undefined ? [] : [cannotRun] },
    { title: words.red, rows: told(verdict, 'failed') },
    { title: words.left, rows: leaks.map(({ layer, kind, name, id }) => `${layer} ${kind} ${name} (${id})`) },
    { title: words.waived, rows: orNone(waivers(verdict, words), words) },
    { title: words.notLooked, rows: orNone([...notLooked(verdict).map((row) => saidHere(words, row)), ...problems], words) },
    { title: words.notApplicable, rows: notApplicable(verdict), isMinor: true },
    { title: words.warnings, rows: warnings },
    { title: words.measured, rows: measuredLoads(verdict, previous).map(measuredInWords) },
    since(previous, verdict, words),
  ];
  return lists.filter(({ rows }) => rows.length > 0);
}

/** As much of the lists as there is room for, in mm. */
function shortened(lists: readonly List[], room: number, { more }: Words): string[] {
  const within = (list: List, { rows: most, letters }: Room): List => {
    const left = list.rows.length - most;
    return { ...list, rows: [...list.rows.slice(0, most).map((row) => cut(row, letters)), ...(left > 0 ? [more(left)] : [])] };
  };
  const fitted = ROOMS.map(({ major, minor }) => lists.map((list) => within(list, list.isMinor === true ? minor : major)));
  return (fitted.find((some) => heightOf(some) <= room) ?? fitted.at(-1) ?? []).map(listed);
}

/** Of lists, in mm. */
function heightOf(lists: readonly List[]): number {
  const lines = lists.flatMap(({ rows }) => rows.map((row) => Math.ceil(row.length / LETTERS_OF_A_LINE)));
  return lists.length * MM.title + lines.reduce((sum, count) => sum + count, 0) * MM.line;
}

const listed = ({ title, rows }: List) =>
  `<h2>${quoted(title)}</h2><ul>${rows.map((row) => `<li>${quoted(row)}</li>`).join('')}</ul>`;

/** In place of signatures, too: nobody is to sign what was not looked at. */
const marked = (verdict: Verdict, words: Words) =>
  marks(verdict, words)
    .map((mark) => `<p class="mark">${quoted(mark)}</p>`)
    .join('\n');

/** What the page may not be taken for. */
function marks({ notSelected, target }: Verdict, words: Words): string[] {
  const mock = { embedded: words.mock, container: words.mockStorpool }[target.kind];
  return [...(notSelected.length > 0 ? [words.partial] : []), ...(mock === undefined ? [] : [mock])];
}

const OUTCOMES: readonly VerdictOutcome[] = ['passed', 'failed', 'blocked', 'could-not-check', 'waived', 'not-applicable'];

function countsOf(counts: Readonly<Record<VerdictOutcome, number>>, { outcomes }: Words): string {
  return OUTCOMES.flatMap((outcome) => (counts[outcome] === 0 ? [] : [`${counts[outcome]} ${outcomes[outcome]}`])).join(', ');
}

function chapters(verdict: Verdict, words: Words): string {
  const rows = [...verdict.chapters, { number: 0, title: words.theRun }].flatMap(({ number, title }) => {
    const own = selected(verdict).filter(({ chapter }) => chapter === number);
    const counts = Object.fromEntries(OUTCOMES.map((one) => [one, own.filter(({ outcome }) => outcome === one).length]));
    const mark = number === 0 || number > LAST_CHAPTER_OF_GUIDE ? '' : `${number} `;
    const said = countsOf(counts as Record<VerdictOutcome, number>, words);
    const isRed = own.some(({ outcome }) => !isGreen(outcome));
    return own.length === 0
      ? []
      : [`<tr${isRed ? ' class="bad"' : ''}><td>${quoted(plain(mark + title))}</td><td>${quoted(said)}</td></tr>`];
  });
  const head = `<thead><tr><th>${quoted(words.chapter)}</th><th>${quoted(words.checks)}</th></tr></thead>`;
  return `<table class="chapters">${head}<tbody>${rows.join('')}</tbody></table>`;
}

const selected = ({ checks }: Verdict) => checks.filter((check) => check.selected);

function told(verdict: Verdict, outcome: VerdictOutcome): string[] {
  const own = selected(verdict).filter((check) => check.outcome === outcome);
  return own.map(({ id, claim, cause = '' }) => `${id}: ${claim}. ${reason(cause)}`);
}

/** The first line of a cause is often how many things are wrong. */
const reason = (cause: string) =>
  cause
    .split('\n')
    .map((line) => line.trim())
    .slice(0, 2)
    .join(': ');

function waivers(verdict: Verdict, { by, until, found: head }: Words): string[] {
  return selected(verdict).flatMap(({ id, claim, cause = '', waived }) =>
    waived === undefined
      ? []
      : [
          `${id} (“${plain(claim)}”), ${by} ${waived.waiver.owner} ${until} ${waived.waiver.expires}: ${firstLine(waived.waiver.reason)} (${head}: ${reason(cause)})`,
        ],
  );
}

/** That there is none is told: a list that is not there might have been forgotten. */
const orNone = (rows: readonly string[], { none }: Words) => (rows.length === 0 ? [none] : rows);

/** What does not apply, with its reason once. */
function notApplicable(verdict: Verdict): string[] {
  const checks = selected(verdict).filter(({ outcome }) => outcome === 'not-applicable');
  const reasons = Map.groupBy(checks, ({ cause = '' }) => firstLine(cause));
  return [...reasons].map(([why, own]) => `${own.map(({ id }) => id).join(', ')}: ${why}`);
}

/** What could not be looked at, with what stopped it once; what was left out. */
function notLooked(verdict: Verdict): string[] {
  const blocked = Map.groupBy(
    selected(verdict).filter(({ outcome }) => outcome === 'blocked'),
    ({ by = '' }) => firstLine(by),
  );
  return [
    ...told(verdict, 'could-not-check'),
    ...[...blocked].map(([by, checks]) => `${checks.map(({ id }) => id).join(', ')}: ${by}`),
    ...(verdict.notSelected.length === 0 ? notPlayed(verdict) : [verdict.notSelected.join(', ')]),
  ];
}

/** Scenarios beyond the guide that were not asked for. */
function notPlayed({ target }: Verdict): string[] {
  const names = target.facts[NOT_PLAYED];
  return names === undefined ? [] : [`beyond the guide, only played when it is asked for: ${names}`];
}

function fingerprints({ files, remade }: PageInput, words: Words): string {
  const rows = files.map((file) => {
    const sum = fingerprint(file);
    return `<tr><td>${quoted(basename(file))}</td><td class="sum">${quoted(sum ?? words.missing)}</td></tr>`;
  });
  const again = remade && words.remade(moment(remade.at), remade.earlier.map(({ file }) => basename(file)).join(', '));
  const note = again === undefined ? '' : `<p><small>${quoted(again)}</small></p>`;
  return `<h2>${quoted(words.fingerprints)}</h2><table class="sums"><tbody>${rows.join('')}</tbody></table>${note}`;
}

function signatures(words: Words): string {
  const head = ['', words.name, words.date, words.signature].map((cell) => `<th>${quoted(cell)}</th>`).join('');
  const row = (who: string) => `<tr><td>${quoted(who)}</td><td></td><td></td><td></td></tr>`;
  return `<table class="signatures"><thead><tr>${head}</tr></thead><tbody>${row(words.carriedOut)}${row(words.accepted)}</tbody></table>`;
}

function annex(input: PageInput, words: Words): string {
  const { verdict, fields = [] } = input;
  const groups = [...verdict.chapters, { number: 0, title: words.theRun }].map(({ number, title }) => {
    const rows = selected(verdict).filter(({ chapter }) => chapter === number);
    return rows.length === 0 ? '' : `<h2>${quoted(`${number || ''} ${title}`.trim())}</h2>${checksTable(rows, words)}`;
  });
  const known = fields.map(({ layer, kind, name, rule, isCompared }) => {
    const said = isCompared ? quoted(rule) : `<b>${quoted(words.notCompared)}</b> ${quoted(rule)}`;
    return `<tr><td>${quoted(`${layer} ${kind}`)}</td><td>${quoted(name)}</td><td>${said}</td></tr>`;
  });
  const table = `<table><thead><tr><th></th><th>${quoted(words.field)}</th><th>${quoted(words.expected)}</th></tr></thead><tbody>${known.join('')}</tbody></table>`;
  const compared = known.length === 0 ? '' : `<h2>${quoted(words.compared)}</h2>${table}`;
  return `<h1>${quoted(words.annex)}</h1>${listsOf(input, words).map(listed).join('')}${chart(verdict, input.previous, words)}${groups.join('\n')}${compared}`;
}

/** Each load with a bar: as long as its share of the largest rate among the same load's, on all hosts and in the run before. */
function chart(verdict: Verdict, previous: Verdict | undefined, words: Words): string {
  const loads = measuredLoads(verdict, previous);
  if (loads.length === 0) {
    return '';
  }
  const rows = loads.map(({ name, host, now, before }) => {
    const most = Math.max(...loads.filter((one) => one.name === name).flatMap((one) => [one.now.iops, one.before?.iops ?? 0]));
    const bar = (iops: number, kind: string) =>
      `<div class="bar ${kind}" style="width:${((100 * iops) / most).toFixed(1)}%"></div>`;
    const cells = [name, host, whole(now.iops), before === undefined ? '' : whole(before.iops)].map(
      (cell) => `<td>${quoted(cell)}</td>`,
    );
    const { p50, p99, p999 } = now;
    const times = [p50, p99, p999].map((ns) => `<td>${quoted(nanoseconds(ns))}</td>`).join('');
    return `<tr>${cells.join('')}<td class="bars">${bar(now.iops, 'now')}${before === undefined ? '' : bar(before.iops, 'before')}</td>${times}</tr>`;
  });
  const head = [words.load, '', 'IOPS', words.before, '', 'p50', 'p99', 'p99.9']
    .map((cell) => `<th>${quoted(cell)}</th>`)
    .join('');
  return `<h2>${quoted(words.measured)}</h2><table class="loads"><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function checksTable(checks: readonly CheckVerdict[], words: Words): string {
  const rows = checks.map(({ id, claim, outcome, cause, by, guide }) => {
    const why = outcome === 'passed' ? '' : `<br><small>${quoted(outcome === 'blocked' ? (by ?? '') : (cause ?? ''))}</small>`;
    const said = `<td class="${isGreen(outcome) ? '' : 'bad'}">${quoted(words.outcomes[outcome])}</td>`;
    const where = `<small>${quoted(`${guide.section}: ${guide.line}`)}</small>`;
    return `<tr><td>${quoted(id)}</td><td>${quoted(plain(claim))}${why}</td>${said}<td>${where}</td></tr>`;
  });
  const head = [words.check, words.claim, words.outcome, words.guide].map((cell) => `<th>${quoted(cell)}</th>`).join('');
  return `<table class="checks"><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** Without the marks of code, which a page shows as they are. */
const plain = (text: string) => text.replaceAll('`', '');

/** Between words, where there are any. */
const cut = (text: string, longest: number) =>
  text.length > longest ? `${text.slice(0, longest).replace(/(?<=\S)\s+\S*$/, '')} …` : text;
