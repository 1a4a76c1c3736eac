import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { KnownField } from '../../helpers/claims.ts';
import { shown, table } from '../markdown.ts';
import { duration, firstLine, OUTCOME_WORDS, overallInWords } from '../terminal/text.ts';
import { measuredInWords, measuredLoads } from '../verdict/measured.ts';
import type { CheckVerdict, Verdict } from '../verdict/verdict-schema.ts';

export interface SignOffInput {
  readonly verdict: Verdict;
  /** Files whose fingerprints stand in the document, so that it can be told which run was signed. Missing ones are named so. */
  readonly files: readonly string[];
  /** What was compared after each operation. */
  readonly fields?: readonly KnownField[];
  /** Forms of the report that could not be made, and why. */
  readonly missing?: readonly string[];
  readonly remade?: Remade | undefined;
}

/** That a run's pages were written before, and which files were others then: who signed those signed for other checksums. */
export interface Remade {
  /** ISO time. */
  readonly at: string;
  readonly earlier: readonly { readonly file: string; readonly sum: string }[];
}

/** A page of Markdown that somebody can sign: what was judged, each check with its outcome and the guide's line, fingerprints. */
export function signOff({ verdict, files, fields = [], missing = [], remade }: SignOffInput): string {
  const sections = [
    `# ${marks(verdict)}Acceptance of ${shown(verdict.target.title)}: ${overallInWords(verdict.overall)}`,
    waiverSection(verdict),
    listSection('Warnings', verdict.warnings),
    table(
      ['', ''],
      identity(verdict).map((row) => row.map(shown)),
    ),
    ...verdict.chapters.map(({ number, title }) => chapterSection(`${number} ${title}`, ofChapter(verdict, number))),
    chapterSection('The run itself', ofChapter(verdict, 0)),
    listSection('Why the evidence cannot be believed', verdict.problems),
    listSection(
      'Left behind',
      verdict.leaks.map(
        ({ layer, kind, name, id, unswept }) => `${layer} ${kind} ${name} (${id})${unswept ? '' : ', removed afterwards'}`,
      ),
    ),
    listSection('Measured with fio', measuredLoads(verdict).map(measuredInWords)),
    listSection('Reports that could not be made', missing),
    `## Fingerprints\n\n${table(
      ['file', 'SHA-256'],
      files.map((file) => [shown(basename(file)), fingerprint(file) ?? 'missing']),
    )}`,
    remade === undefined ? '' : remadeSection(remade),
    listSection('Checks of the guide that were not selected', verdict.notSelected),
    marks(verdict) === '' ? SIGNATURES : '',
    fieldsSection(fields),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function remadeSection({ at, earlier }: Remade): string {
  const rows = earlier.map(({ file, sum }) => [shown(basename(file)), sum]);
  return `## Made again on ${shown(at)}\n\nAn earlier page has other checksums:\n\n${table(['file', 'SHA-256 before'], rows)}`;
}

/** What a page may not be taken for: half a run for a whole one, a mock for a cluster. */
function marks({ notSelected, target }: Verdict): string {
  const mock = { embedded: 'MOCK: ', container: 'MOCK STORPOOL: ' }[target.kind] ?? '';
  return `${notSelected.length > 0 ? 'PARTIAL, NOT FOR SIGN-OFF: ' : ''}${mock}`;
}

function identity({ runId, target, startedAt, endedAt, counts, overall, cannotRun }: Verdict): string[][] {
  const time = duration(Date.parse(endedAt) - Date.parse(startedAt));
  return [
    ['run', runId],
    ['target', `${target.kind}: ${target.title}`],
    ...Object.entries(target.facts),
    ['begun', startedAt],
    ['ended', `${endedAt} (${time})`],
    ['verdict', overallInWords(overall)],
    ...(cannotRun === undefined ? [] : [['could not run', cannotRun]]),
    [
      'checks',
      `${counts.passed} of ${counts.selected} passed, ${counts['not-applicable']} not applicable, ${counts.assertions} assertions`,
    ],
  ];
}

function ofChapter({ checks }: Verdict, number: number): CheckVerdict[] {
  return checks.filter(({ chapter, selected }) => selected && chapter === number);
}

function chapterSection(title: string, checks: readonly CheckVerdict[]): string {
  const rows = checks.map((check) => {
    const { id, claim, guide } = check;
    return [shown(id), shown(claim), outcomeOf(check), shown(`${guide.section}: ${guide.line}`)];
  });
  return rows.length === 0 ? '' : `## ${title}\n\n${table(['check', 'claim', 'outcome', 'guide'], rows)}`;
}

/** Before everything else: whoever signs signs for these too. */
function waiverSection({ checks }: Verdict): string {
  const rows = checks.flatMap(({ id, waived, cause }) =>
    waived === undefined
      ? []
      : [
          [
            ...[id, `${OUTCOME_WORDS[waived.outcome]}: ${firstLine(cause ?? '')}`, waived.waiver.reason].map(shown),
            ...[waived.waiver.owner, waived.waiver.expires].map(shown),
            linkTo(waived.waiver.link),
          ],
        ],
  );
  const head = ['check', 'what was seen', 'why it is waived', 'by', 'until', 'link'];
  const list = rows.length === 0 ? 'None.' : table(head, rows);
  return `## Waivers\n\n${list}`;
}

function outcomeOf({ outcome, cause, by, waived }: CheckVerdict): string {
  if (waived !== undefined) {
    return `**waived** until ${shown(waived.waiver.expires)}`;
  }
  const why = outcome === 'blocked' ? `by ${firstLine(by ?? '')}` : firstLine(cause ?? '');
  return outcome === 'passed' ? 'passed' : `**${OUTCOME_WORDS[outcome]}** ${shown(why)}`.trim();
}

/** Last, because it is long and the same for every run. */
function fieldsSection(fields: readonly KnownField[]): string {
  const rows = fields.map(({ layer, kind, name, rule, isCompared }) => [
    shown(`${layer} ${kind}`),
    shown(name),
    isCompared ? shown(rule) : `**not compared:** ${shown(rule)}`,
  ]);
  const title = '## Appendix: what each layer is expected to tell, after each operation, of everything that the run made';
  return rows.length === 0 ? '' : `${title}\n\n${table(['of', 'field', 'expected'], rows)}`;
}

function listSection(title: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : `## ${title}\n\n${rows.map((row) => `- ${shown(row)}`).join('\n')}`;
}

const SIGNATURES = `## Signatures\n\n${table(
  ['', 'name', 'date', 'signature'],
  [
    ['carried out by', '', '', ''],
    ['accepted by', '', '', ''],
  ],
)}`;

/** Only to another page. */
function linkTo(link: string | undefined): string {
  return link !== undefined && /^https?:\/\/[^\s<>|]+$/.test(link) ? `<${link}>` : shown(link ?? '');
}

/** SHA-256 of a file in hexadecimal digits; undefined when there is none. */
export function fingerprint(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'EISDIR'].includes(String(error.code))) {
      return;
    }
    throw error;
  }
}
