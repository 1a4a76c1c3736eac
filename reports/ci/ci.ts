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
}

/** `accepted: 88 checks on the embedded mock cluster in 16.3 s` */
export function headlineOf({ overall, counts, target, startedAt, endedAt }: Verdict): string {
  const took = duration(Date.parse(endedAt) - Date.parse(startedAt));
  return `${overallInWords(overall)}: ${plural(counts.selected, 'check')} on ${target.title} in ${took}`;
}

/** What is red for one cause, and what to do about it. */
export function causeInWords({ cause, remedy }: Pick<CauseVerdict, 'cause' | 'remedy'>): string {
  return remedy === undefined ? cause : `${cause}\n→ ${remedy}`;
}
