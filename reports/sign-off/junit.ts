import type { CheckVerdict, Verdict } from '../verdict/verdict-schema.ts';

/** A testcase's parts that differ by its outcome. */
interface Case {
  readonly name: string;
  readonly claim?: string;
  readonly classname: string;
  readonly ms: number;
  readonly assertions: number;
  readonly result?: { readonly kind: 'failure' | 'error' | 'skipped'; readonly type: string; readonly message: string };
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

/**
 * The verdict as JUnit XML: one testsuite per scenario, one testcase per check, named by its id, and a suite for the run itself. Failed checks are
 * failures; blocked ones and those that could not be checked are errors, so that a CI never takes them for green; what does not
 * apply or is waived is skipped, with the reason.
 */
export function toJunit(verdict: Verdict): string {
  const suites = [...scenarioSuites(verdict), runSuite(verdict)];
  const cases = suites.flatMap((suite) => suite.cases);
  const head = attributes({ name: `acceptance ${verdict.runId}`, ...tally(cases) });
  const timestamp = verdict.startedAt.replace(/(\.\d+)?Z$/, '');
  const body = suites.map((suite, index) => suiteXml(suite, { id: index, timestamp, hostname: verdict.target.title }));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${body.join('')}</testsuites>\n`;
}

function scenarioSuites({ scenarios, chapters, checks }: Verdict): Suite[] {
  return scenarios.map(({ id, chapter, title }) => {
    const folder = chapters.find(({ number }) => number === chapter)?.folder ?? String(chapter);
    const own = checks.filter(({ scenario, selected }) => selected && scenario === id);
    return { name: `${folder} / ${title}`, cases: own.map((check) => checkCase(check, `${folder}.${id}`)) };
  });
}

function checkCase(check: CheckVerdict, classname: string): Case {
  const base = { name: check.id, claim: check.claim, classname, ms: check.ms, assertions: check.assertions };
  const { outcome } = check;
  if (outcome === 'passed') {
    return base;
  }
  if (check.waived !== undefined) {
    const { reason, owner, expires } = check.waived.waiver;
    const message = `waived until ${expires} by ${owner}: ${reason}\n${check.cause ?? ''}`;
    return { ...base, result: { kind: 'skipped', type: outcome, message } };
  }
  const kind = outcome === 'failed' ? 'failure' : outcome === 'not-applicable' ? 'skipped' : 'error';
  const advice = check.remedy === undefined ? '' : `\n→ ${check.remedy}`;
  return { ...base, result: { kind, type: outcome, message: `${check.cause ?? outcome}${advice}` } };
}

/** Checks that belong to no scenario, and what is wrong with the run as a whole. */
function runSuite(verdict: Verdict): Suite {
  const known = new Set(verdict.scenarios.map(({ id }) => id));
  const stray = verdict.checks.filter(({ scenario, selected }) => selected && !known.has(scenario));
  const leaks = verdict.leaks.map(({ layer, kind, name, id }) => `${layer} ${kind} ${name} (${id})`);
  return {
    name: 'the run itself',
    cases: [
      ...stray.map((check) => checkCase(check, 'run')),
      ...runCase(
        'the run could begin',
        verdict.overall === 'could-not-run' ? [verdict.cannotRun ?? 'no scenario has started'] : [],
      ),
      ...runCase('the evidence is whole', verdict.problems),
      ...runCase('nothing was left behind', leaks),
    ],
  };
}

function runCase(name: string, wrong: readonly string[]): Case[] {
  const result = { kind: 'error', type: 'run', message: wrong.join('\n') } as const;
  return wrong.length === 0 ? [] : [{ name, classname: 'run', ms: 0, assertions: 1, result }];
}

function suiteXml({ name, cases }: Suite, more: Readonly<Record<string, string | number>>): string {
  const counts = tally(cases);
  const skipped = cases.filter(({ result }) => result?.kind === 'skipped').length;
  return `  <testsuite${attributes({ name, ...counts, skipped, ...more })}>\n${cases.map(caseXml).join('')}  </testsuite>\n`;
}

function caseXml({ name, claim, classname, ms, assertions, result }: Case): string {
  const about =
    claim === undefined ? '' : `      <properties><property${attributes({ name: 'claim', value: claim })}/></properties>\n`;
  const head = `    <testcase${attributes({ name, classname, time: seconds(ms), assertions })}>\n${about}`;
  return `${head}${result === undefined ? '' : resultXml(result)}    </testcase>\n`;
}

function resultXml(result: NonNullable<Case['result']>): string {
  const { kind, type, message } = result;
  const [first = ''] = message.split('\n', 1);
  const about = kind === 'skipped' ? { message: first } : { message: first, type };
  const text = kind === 'skipped' ? '/>' : `>${escapeXml(message)}</${kind}>`;
  return `      <${kind}${attributes(about)}${text}\n`;
}

function tally(cases: readonly Case[]) {
  const having = (kind: string) => cases.filter(({ result }) => result?.kind === kind).length;
  const time = seconds(cases.reduce((total, { ms }) => total + ms, 0));
  return { tests: cases.length, failures: having('failure'), errors: having('error'), time };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function attributes(pairs: Readonly<Record<string, string | number>>): string {
  return Object.entries(pairs)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Also replaces what XML 1.0 cannot hold at all: control characters and lone surrogates. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('\r', '&#13;');
}
