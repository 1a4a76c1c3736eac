import { type CheckChange, compareVerdicts } from '../verdict/comparison.ts';
import type { Verdict, VerdictOutcome } from '../verdict/verdict-schema.ts';
import { saidHere, type Words } from './sign-off-words.ts';

export interface List {
  readonly title: string;
  readonly rows: readonly string[];
  /** It may be cut before others are. */
  readonly isMinor?: boolean;
}

/** A fact that is a list, of which each part says where it came from. */
const SETTINGS = { name: 'settings', between: /(?<=\)), / } as const;

/** What is other than in the newest run of the same cluster before this one that was accepted. */
export function since(previous: Verdict | undefined, verdict: Verdict, words: Words): List {
  if (previous === undefined) {
    return { title: words.previous, rows: verdict.target.kind === 'live' ? [words.noPrevious] : [] };
  }
  const { worse, better, other, facts } = compareVerdicts(previous, verdict);
  const rows = [
    ...[...changedChecks(words.worse, worse, words), ...changedChecks(words.better, better, words)],
    ...changedChecks('', other, words),
    ...facts.map(({ name, before = '', after = '' }) => {
      const [was, is] = (name === SETTINGS.name ? differing(before, after) : [before, after]).map((value) =>
        value === '' ? '–' : saidHere(words, value),
      );
      return `${words.labels[name] ?? name}: ${was} → ${is}`;
    }),
  ];
  const title = `${words.previous} (${previous.runId}, ${words.ended} ${moment(previous.endedAt)})`;
  return { title, rows: rows.length === 0 ? [words.unchanged] : rows };
}

/** `worse: passed → failed: create.size, extend.size`: how they came out before and now, and which. */
function changedChecks(what: string, changes: readonly CheckChange[], { outcomes, notLooked: not }: Words): string[] {
  const inWords = (outcome: VerdictOutcome | undefined) => (outcome === undefined ? not.toLowerCase() : outcomes[outcome]);
  const alike = Map.groupBy(changes, ({ before, after }) => `${inWords(before)} → ${inWords(after)}`);
  return [...alike].map(([how, all]) => `${what && `${what}: `}${how}: ${all.map(({ id }) => id).join(', ')}`);
}

/** Of two lists only what is not in the other. */
function differing(before: string, after: string): readonly string[] {
  const [was = [], is = []] = [before, after].map((list) => list.split(SETTINGS.between));
  return [was.filter((part) => !is.includes(part)).join(', '), is.filter((part) => !was.includes(part)).join(', ')];
}

export const moment = (iso: string) => iso.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC');
