import { partialInWords } from '../terminal/render-verdict.ts';
import { duration, overallInWords, plural } from '../terminal/text.ts';
import type { CauseVerdict, Verdict } from '../verdict/verdict-schema.ts';

/** What a CI shows besides the lines of a run. Disposing ends what was begun. */
export interface Ci extends Disposable {
  /** Before the lines of a run, which are to be folded. */
  readonly open: (title: string) => void;
  /** After them. */
  readonly close: () => void;
  /** What came out, with what to do now, a sentence each. */
  readonly tell: (verdict: Verdict, next: readonly string[]) => void;
  /** Says what broke off, and why. */
  readonly refuse: (why: string, title: string) => void;
}

/** `accepted: 88 checks on the embedded mock cluster in 16.3 s`; of half a run that it is one. */
export function headlineOf(verdict: Verdict): string {
  const { overall, counts, target, startedAt, endedAt } = verdict;
  const partial = partialInWords(verdict);
  const took = duration(Date.parse(endedAt) - Date.parse(startedAt));
  return `${overallInWords(overall)}: ${plural(counts.selected, 'check')} on ${target.title} in ${took}${partial && `; ${partial}`}`;
}

/** What is red for one cause, and what to do about it. */
export function causeInWords({ cause, remedy }: Pick<CauseVerdict, 'cause' | 'remedy'>): string {
  return remedy === undefined ? cause : `${cause}\n→ ${remedy}`;
}
