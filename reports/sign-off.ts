import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { duration, firstLine, OUTCOME_WORDS, overallInWords } from './text.ts';
import type { CheckVerdict, Verdict } from './verdict-schema.ts';

export interface SignOffInput {
  readonly verdict: Verdict;
  /** Files whose fingerprints stand in the document, so that it can be told which run was signed. Missing ones are named so. */
  readonly files: readonly string[];
  /** Forms of the report that could not be made, and why. */
  readonly missing?: readonly string[];
}

/** A page of Markdown that somebody can sign: what was judged, each check with its outcome and the guide's line, fingerprints. */
export function signOff({ verdict, files, missing = [] }: SignOffInput): string {
  const sections = [
    `# Acceptance of ${verdict.target.title}: ${overallInWords(verdict.overall)}`,
    waiverSection(verdict),
    table(['', ''], identity(verdict)),
    ...verdict.chapters.map(({ number, title }) => chapterSection(`${number} ${title}`, ofChapter(verdict, number))),
    chapterSection('The run itself', ofChapter(verdict, 0)),
    listSection('Why the evidence cannot be believed', verdict.problems),
    listSection(
      'Left behind',
      verdict.leaks.map(
        ({ layer, kind, name, id, unswept }) => `${layer} ${kind} ${name} (${id})${unswept ? '' : ', removed afterwards'}`,
      ),
    ),
    listSection('Reports that could not be made', missing),
    `## Fingerprints\n\n${table(
      ['file', 'SHA-256'],
      files.map((file) => [basename(file), fingerprint(file)]),
    )}`,
    `## Signatures\n\n${table(
      ['', 'name', 'date', 'signature'],
      [
        ['carried out by', '', '', ''],
        ['accepted by', '', '', ''],
      ],
    )}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function identity({ runId, target, startedAt, endedAt, counts, overall, cannotRun }: Verdict): string[][] {
  const time = duration(Date.parse(endedAt) - Date.parse(startedAt));
  return [
    ['run', runId],
    ['target', `${target.kind}: ${target.title}`],
    ...Object.entries(target.facts),
    ['from', `${startedAt} (${time})`],
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
  const rows = checks.map((check) => [check.id, check.claim, outcomeOf(check), `${check.guide.section}: ${check.guide.line}`]);
  return rows.length === 0 ? '' : `## ${title}\n\n${table(['check', 'claim', 'outcome', 'guide'], rows)}`;
}

/** Before everything else: whoever signs signs for these too. */
function waiverSection({ checks, warnings }: Verdict): string {
  const rows = checks.flatMap(({ id, waived, cause }) =>
    waived === undefined
      ? []
      : [
          [
            id,
            `${OUTCOME_WORDS[waived.outcome]}: ${firstLine(cause ?? '')}`,
            waived.waiver.reason,
            waived.waiver.owner,
            waived.waiver.expires,
            waived.waiver.link ?? '',
          ],
        ],
  );
  const head = ['check', 'what was seen', 'why it is waived', 'by', 'until', 'link'];
  const list = rows.length === 0 ? 'None.' : table(head, rows);
  return [`## Waivers\n\n${list}`, ...warnings.map((warning) => `- ${cell(warning)}`)].join('\n\n');
}

function outcomeOf({ outcome, cause, by, waived }: CheckVerdict): string {
  if (waived !== undefined) {
    return `**waived** until ${waived.waiver.expires}`;
  }
  const why = outcome === 'blocked' ? `by ${firstLine(by ?? '')}` : firstLine(cause ?? '');
  return outcome === 'passed' ? 'passed' : `**${OUTCOME_WORDS[outcome]}** ${why}`.trim();
}

function listSection(title: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : `## ${title}\n\n${rows.map((row) => `- ${cell(row)}`).join('\n')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

/** Text that stays in its cell and is shown as it is. */
function cell(text: string): string {
  return text.replace(/[\\|<>`]/g, (character) => `\\${character}`).replace(/\s*\n\s*/g, '; ');
}

function fingerprint(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return 'missing';
    }
    throw error;
  }
}
