import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { messageOf } from '../../helpers/failure.ts';
import { visible } from '../../helpers/masking/visible.ts';
import { shown, table } from '../markdown.ts';
import { OUTCOME_WORDS, SYMBOLS } from '../terminal/text.ts';
import { isGreen, type Verdict, type VerdictOutcome } from '../verdict/verdict-schema.ts';
import { type Ci, causeInWords, headlineOf } from './ci.ts';

/** GitHub shows ten of a kind for each step. */
const MOST_ANNOTATIONS = 10;

/** How GitHub takes its commands: https://github.com/actions/toolkit, packages/core/src/command.ts (escapeData, escapeProperty). */
const data = (text: string) => visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
const command = (name: string, title: string, text: string) => `::${name} title=${property(title)}::${data(text)}\n`;

/**
 * Folded lines, annotations and a summary. What services say may look like a command of GitHub's: while a run prints what they said, none is
 * obeyed. `summary` is the file that GitHub reads; without one there is none.
 */
export function github(say: (text: string) => void, summary: string | undefined): Ci {
  const token = randomUUID();
  let isOpen = false;
  let isDeaf = false;
  const deafen = () => {
    isDeaf = true;
    say(`::stop-commands::${token}\n`);
  };
  const listen = () => {
    if (isDeaf) {
      isDeaf = false;
      say(`::${token}::\n`);
    }
  };
  const close = () => {
    listen();
    if (isOpen) {
      isOpen = false;
      say('::endgroup::\n');
    }
  };
  return {
    open: (title) => {
      isOpen = true;
      say(`::group::${data(title)}\n`);
      deafen();
    },
    close: () => {
      close();
      deafen();
    },
    tell: (verdict, next) => {
      close();
      say(annotations(verdict));
      if (summary !== undefined) {
        say(summarise(summary, summaryOf(verdict, next)));
      }
    },
    refuse: (why, title) => {
      close();
      deafen();
      say(`${why}\n`);
      listen();
      say(command('error', title, why));
      if (summary !== undefined) {
        say(summarise(summary, `## ${title}\n\n${why.split('\n').map(shown).join('<br>')}\n`));
      }
    },
    [Symbol.dispose]: close,
  };
}

function annotations(verdict: Verdict): string {
  const { causes, checks, warnings, overall } = verdict;
  const ids = (wanted: readonly string[]) => wanted.join(', ');
  const errors = causes.map((cause) => command('error', ids(cause.checks), causeInWords(cause)));
  const waived = checks.flatMap(({ id, cause = '', waived: by }) =>
    by === undefined ? [] : [command('warning', `${id} is waived by ${by.waiver.owner} until ${by.waiver.expires}`, cause)],
  );
  const told = warnings.map((warning) => command('warning', 'Acceptance', warning));
  const isUnexplained = errors.length === 0 && !overall.startsWith('accepted');
  const unexplained = isUnexplained ? [command('error', 'Acceptance', verdict.cannotRun ?? headlineOf(verdict))] : [];
  return [...errors.slice(0, MOST_ANNOTATIONS), ...unexplained, ...[...waived, ...told].slice(0, MOST_ANNOTATIONS)].join('');
}

/** Gives what went wrong, as a line for the log: the verdict is not lost with it. */
function summarise(file: string, text: string): string {
  try {
    appendFileSync(file, text);
    return '';
  } catch (error) {
    return command('warning', 'Acceptance', `The summary could not be written: ${messageOf(error)}`);
  }
}

const OUTCOMES = Object.keys(OUTCOME_WORDS) as VerdictOutcome[];

/** The verdict as a page of Markdown: a row for each chapter, each cause, what is waived, what to do. */
function summaryOf(verdict: Verdict, next: readonly string[]): string {
  const selected = verdict.checks.filter((check) => check.selected);
  const used = OUTCOMES.filter((outcome) => selected.some((check) => check.outcome === outcome));
  const chapters = [...verdict.chapters, { number: 0, title: 'The run itself' }].flatMap(({ number, title }) => {
    const own = selected.filter(({ chapter }) => chapter === number);
    const counts = used.map((outcome) => String(own.filter((check) => check.outcome === outcome).length));
    const sign = own.every(({ outcome }) => isGreen(outcome)) ? '✅' : '❌';
    return own.length === 0 ? [] : [[sign, shown(`${number || ''} ${title}`.trim()), ...counts]];
  });
  const causes = verdict.causes.map((cause) => [
    shown([...cause.checks, ...cause.blocked].join(', ')),
    shown(cause.cause),
    shown(cause.remedy ?? ''),
  ]);
  const waived = selected.flatMap(({ id, waived: by }) =>
    by === undefined ? [] : [[id, by.waiver.reason, by.waiver.owner, by.waiver.expires].map(shown)],
  );
  const sections = [
    `## ${shown(headlineOf(verdict))}`,
    table(['', 'chapter', ...used.map((outcome) => `${SYMBOLS[outcome]} ${OUTCOME_WORDS[outcome]}`)], chapters),
    ...(causes.length === 0 ? [] : [table(['check', 'cause', 'what to do'], causes)]),
    ...(waived.length === 0 ? [] : [table(['waived', 'why', 'by', 'until'], waived)]),
    ...next.map((sentence) => `- ${shown(sentence)}`),
  ];
  return `${sections.join('\n\n')}\n`;
}
