import type { Excuse, ProofOutcome, ProofResult } from '../../helpers/proof/proof-result.ts';

/** What one assertion of a check was seen to do over the whole matrix. A rule is one assertion on however many hosts. */
export interface AssertionSeen {
  readonly check: string;
  readonly subject: string;
  /** The faults that made it false. */
  readonly faults: readonly string[];
}

/** Every assertion of the results, in the order in which it was first seen. */
export function assertionsOf(results: readonly ProofResult[]): AssertionSeen[] {
  const seen = new Map<string, { check: string; subject: string; faults: Set<string> }>();
  const known = (check: string, subject: string) => {
    const key = JSON.stringify([check, subject]);
    const found = seen.get(key) ?? { check, subject, faults: new Set<string>() };
    seen.set(key, found);
    return found;
  };
  const order = orderOf(results);
  for (const { fault, outcomes } of results) {
    for (const outcome of outcomes) {
      for (const subject of outcome.looked) {
        known(outcome.check, ruleOf(subject));
      }
      for (const subject of fault === undefined ? [] : falseIn(outcome, order)) {
        known(outcome.check, subject).faults.add(fault ?? '');
      }
    }
  }
  return [...seen.values()].map(({ check, subject, faults }) => ({ check, subject, faults: [...faults] }));
}

/** What did not hold. A wait that was given up stands for the assertion after it, which it made pointless to look at. */
function falseIn(
  { check, looked, wrong, gaveUp = false }: ProofOutcome,
  order: ReadonlyMap<string, readonly string[]>,
): string[] {
  const reached = new Set(looked.map(ruleOf));
  const next = gaveUp ? order.get(check)?.find((subject) => !reached.has(subject)) : undefined;
  return [...wrong.map(ruleOf), ...(next === undefined ? [] : [next])];
}

/** What each check asserts where it gets furthest, in order. */
function orderOf(results: readonly ProofResult[]): Map<string, readonly string[]> {
  const order = new Map<string, readonly string[]>();
  for (const { check, looked } of results.flatMap(({ outcomes }) => outcomes)) {
    if (looked.length > (order.get(check)?.length ?? 0)) {
      order.set(check, looked.map(ruleOf));
    }
  }
  return order;
}

/** What must be proven and is not, and excuses that are not needed. Only of `checks`. */
export function judgeAssertions(
  assertions: readonly AssertionSeen[],
  checks: readonly string[],
  excuses: readonly Excuse[],
): { unseen: AssertionSeen[]; idleExcuses: Excuse[] } {
  const never = assertions.filter(({ check, faults }) => checks.includes(check) && faults.length === 0);
  const isSame = (a: Pick<Excuse, 'check' | 'subject'>) => (b: Pick<Excuse, 'check' | 'subject'>) =>
    a.check === b.check && a.subject === b.subject;
  return {
    unseen: never.filter((assertion) => !excuses.some(isSame(assertion))),
    idleExcuses: checks.length === 0 ? [] : excuses.filter((excuse) => !never.some(isSame(excuse))),
  };
}

const HOST = /\b(?:controller|hypervisor-\d+)(?:\.[\w.]+)?(?![@\w])/g;

/** A subject without what differs from run to run, from host to host, and from one of several alike things to the next. */
function ruleOf(subject: string): string {
  return subject
    .replace(/acc-[0-9a-z]{8,16}-[a-z-]+-\d+(-root)?/g, 'NAME')
    .replace(HOST, 'HOST')
    .replace(/\b(?:cinder-volume|nova-compute|glance-api)\b/g, 'SERVICE')
    .replace(/\b(?:cinder|nova|glance)-(?:scheduler|conductor)\b/g, 'SERVICE')
    .replace(/^(HOST: groups (?:of|that)) (?:cinder|nova|glance|stack|root)\b/, '$1 USER')
    .replace(/\b127\.0\.0\.1:\d+/g, 'ADDRESS')
    .replace(/(^|[ (])\/(?:etc|usr|var|opt|snap|srv)\/[^ :)]+/g, '$1FILE')
    .replace(/\[(?:storpool|database)\]/g, '[SECTION]')
    .replace(/\b(node|server|client|client id|of) \d+\b/g, '$1 N')
    .replace(/ \((?:\d+|FILE:\d+)\)/g, '');
}
