import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Evidence } from '../../helpers/evidence.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { overallInWords } from '../terminal/text.ts';
import type { Verdict } from '../verdict/verdict-schema.ts';
import { adapted } from './page.ts';
import { AllureProcess } from './process.ts';
import { stageAllure } from './staging.ts';

export interface AllureInput {
  /** The run's folder: `allure-results/` is read, `allure/index.html` is written. */
  readonly runDir: string;
  readonly verdict: Verdict;
  readonly lines: readonly Evidence[];
  readonly title: string;
  readonly redactor: Redactor;
  readonly signal?: AbortSignal;
  /** Folders of earlier runs on the same cluster, oldest first: their history is shown. */
  readonly earlier?: readonly string[];
  /** What the report has about them, as text. */
  readonly trend?: string | undefined;
  /** Allure, started beforehand to save time. Used up by this. */
  readonly allure?: AllureProcess;
}

/** Makes the report for people: one HTML file that opens offline. Gives its path. Throws Failure when Allure cannot make it. */
export async function generateAllure(input: AllureInput): Promise<string> {
  const { runDir, verdict, lines, redactor, title, earlier = [], trend } = input;
  await using allure = input.allure ?? new AllureProcess();
  const work = mkdtempSync(join(tmpdir(), 'acc-allure-'));
  try {
    const results = join(work, 'results');
    mkdirSync(results);
    stageAllure({ verdict, lines, redactor, runDir, trend, from: join(runDir, 'allure-results'), to: results });
    writeFileSync(
      join(work, 'allurerc.mjs'),
      configuration(work, `${redactor.clean(title)}: ${overallInWords(verdict.overall)}`, verdict),
    );
    writeFileSync(
      join(work, HISTORY),
      earlier
        .flatMap(historyOf)
        .map((point) => `${point}\n`)
        .join(''),
    );
    await allure.generate(work, input.signal);
    const html = adapted(readFileSync(join(work, 'report', 'index.html'), 'utf8'), verdict);
    const path = join(runDir, 'allure', 'index.html');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, html);
    keepHistory(join(work, HISTORY), runDir);
    return path;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** In Allure's own form: what it knows of one report in each line. Each run keeps what Allure added for it. */
const HISTORY = 'history.jsonl';
const ownHistory = (runDir: string) => join(runDir, 'allure', 'history.json');

/** What was kept of a run, on one line; nothing for one of older versions. */
function historyOf(runDir: string): string[] {
  try {
    return [JSON.stringify(JSON.parse(readFileSync(ownHistory(runDir), 'utf8')))];
  } catch {
    return [];
  }
}

function keepHistory(file: string, runDir: string): void {
  const [own] = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-1);
  writeFileSync(ownHistory(runDir), `${own}\n`);
}

function configuration(work: string, name: string, verdict: Verdict): string {
  const options = {
    singleFile: true,
    reportName: name,
    reportLanguage: 'en',
    groupBy: ['epic', 'feature'],
    stepTreeExpansion: 'expand_failed_only',
    // Chapters and scenarios begin with their number.
    defaultSortBy: 'name,asc',
  };
  const hideLabels = ['framework', 'language', 'host', 'thread', 'package'];
  const config = {
    name,
    output: join(work, 'report'),
    historyPath: join(work, HISTORY),
    hideLabels,
    variables: variablesOf(verdict),
    plugins: { awesome: { options } },
  };
  return `export default ${JSON.stringify(config)};\n`;
}

function variablesOf({ overall, runId, target, startedAt, counts }: Verdict): Record<string, string> {
  return {
    verdict: overallInWords(overall),
    run: runId,
    target: `${target.kind}: ${target.title}`,
    ...target.facts,
    'started at': startedAt,
    checks: `${counts.passed} of ${counts.selected} passed`,
    node: process.version,
  };
}
