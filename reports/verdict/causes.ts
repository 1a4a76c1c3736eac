import type { CauseVerdict, CheckVerdict, VerdictOutcome } from './verdict-schema.ts';

const RED: ReadonlySet<VerdictOutcome> = new Set(['failed', 'could-not-check', 'blocked']);

/**
 * Each cause once, with all that it stopped: a volume type that is not there is one cause, wherever it was asked for. Causes are equal when they
 * differ only in ids, names of this run, and times.
 */
export function causesOf(checks: readonly CheckVerdict[]): CauseVerdict[] {
  const red = checks.filter(({ outcome }) => RED.has(outcome));
  const stopping = new Set(red.filter(({ outcome }) => outcome !== 'blocked').map(({ id }) => id));
  const isBlockedByCheck = ({ outcome, by = '' }: CheckVerdict) => outcome === 'blocked' && stopping.has(by);
  const own = red.filter((check) => !isBlockedByCheck(check));
  return [...Map.groupBy(own, keyOf).values()].map((group) => {
    const [first] = group;
    const stopped = group.map(({ id }) => id);
    return {
      cause: first?.cause ?? '',
      ...(first?.remedy === undefined ? {} : { remedy: first.remedy }),
      checks: stopped,
      blocked: red.filter((check) => isBlockedByCheck(check) && stopped.includes(check.by ?? '')).map(({ id }) => id),
    };
  });
}

/** What is different each time that the same happens. */
const CHANCE: readonly (readonly [RegExp, string])[] = [
  [/\b[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}\b/gi, '<id>'],
  [/\bacc-[\da-z]{8,16}-[\w-]+/g, '<name>'],
  [/\breq-[\w-]+/g, '<request>'],
  [/\b\d+(?:\.\d+)? ?(?:ms|s|min|polls?)\b/g, '<time>'],
];

function keyOf({ cause = '', remedy = '' }: CheckVerdict): string {
  return CHANCE.reduce((text, [found, word]) => text.replace(found, word), `${cause}\n${remedy}`);
}
