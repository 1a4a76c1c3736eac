import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../helpers/claims.ts';
import { readEvidence } from '../helpers/evidence.ts';
import { CannotRun, messageOf } from '../helpers/failure.ts';
import type { Redactor } from '../helpers/redact.ts';
import { generateAllure } from './allure/allure.ts';
import type { AllureProcess } from './allure/process.ts';
import { maskFolder } from './masked-files.ts';
import { toJunit } from './sign-off/junit.ts';
import { fingerprint, type Remade, signOff } from './sign-off/sign-off.ts';
import { signOffPage } from './sign-off/sign-off-page.ts';
import { LANGUAGES } from './sign-off/sign-off-words.ts';
import { renderTrend } from './terminal/render-trend.ts';
import { type TrendPoint, trendOf } from './verdict/trend.ts';
import { computeVerdict, type RunFacts } from './verdict/verdict.ts';
import { type Verdict, verdictSchema } from './verdict/verdict-schema.ts';

export interface ReportInput {
  /** The run's folder, which holds evidence.ndjson and journal.ndjson. */
  readonly runDir: string;
  readonly manifest: Manifest;
  readonly facts: RunFacts;
  readonly redactor: Redactor;
  /** Told about each form of the report that could not be made. */
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal;
  /** The newest run of the same cluster before this one that was accepted. */
  readonly previous?: Verdict | undefined;
  /** The runs of the same cluster before this one, oldest first, and their folders. */
  readonly earlier?: readonly { readonly point: TrendPoint; readonly dir: string }[];
  /** Allure, started beforehand to save time. Used up by this. */
  readonly allure?: AllureProcess;
}

export interface Reports {
  readonly verdict: Verdict;
  /** The page for people; absent when it could not be made. */
  readonly html?: string;
  /** One sentence per form that could not be made. */
  readonly missing: readonly string[];
  /** Only when there were pages already that name other checksums. */
  readonly remade?: Remade;
}

/** The files of a run that only ever grow: reports read them and never touch them. */
const APPEND_ONLY = new Set(['evidence.ndjson', 'journal.ndjson']);

/**
 * Judges a run from the files in its folder and writes verdict.json, junit.xml, allure/index.html and the sign-off, as text and as pages, there.
 * A form that cannot be made is told and noted, and does not lose the others. All are made of a verdict that is masked text by text.
 */
export async function writeReports(input: ReportInput): Promise<Reports> {
  const { runDir, manifest, facts, redactor, say, signal, allure, previous, earlier = [] } = input;
  const evidencePath = join(runDir, 'evidence.ndjson');
  const evidence = existsSync(evidencePath) ? readEvidence(evidencePath) : { lines: [], torn: 0 };
  const { lines } = evidence;
  const verdict = maskVerdict(computeVerdict({ ...facts, manifest, ...evidence }), redactor);
  const missing: string[] = [];
  const attempt = async <T>(form: string, make: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await make();
    } catch (error) {
      const sentence = redactor.clean(`${form} could not be made: ${messageOf(error)}`);
      missing.push(sentence);
      say(`${sentence}\n`);
      return undefined;
    }
  };
  const files = [...APPEND_ONLY, 'verdict.json', 'junit.xml', 'allure/index.html'].map((file) => join(runDir, file));
  const changed = existsSync(join(runDir, 'sign-off.md')) ? changesOf(files) : () => undefined;
  const write = (file: string, text: string) => writeFileSync(join(runDir, file), text);
  await attempt('masking', () => maskFolder(runDir, APPEND_ONLY, redactor));
  await attempt('verdict.json', () => write('verdict.json', `${JSON.stringify(verdict, null, 2)}\n`));
  await attempt('junit.xml', () => write('junit.xml', toJunit(verdict)));
  const title = `${verdict.notSelected.length > 0 ? 'Partial acceptance' : 'Acceptance'} of ${verdict.target.title}`;
  const optional = { ...(signal === undefined ? {} : { signal }), ...(allure === undefined ? {} : { allure }) };
  const history = {
    earlier: earlier.map(({ dir }) => dir),
    trend: earlier.length === 0 ? undefined : renderTrend(trendOf([...earlier.map(({ point }) => point), verdict])),
  };
  const html = await attempt('allure/index.html', () =>
    generateAllure({ runDir, verdict, lines, title, redactor, ...history, ...optional }),
  );
  const remade = changed();
  const signed = { verdict, files, fields: manifest.fields, missing, remade };
  await attempt('sign-off.md', () => write('sign-off.md', signOff(signed)));
  for (const language of LANGUAGES) {
    const file = language === 'en' ? 'sign-off.html' : `sign-off.${language}.html`;
    await attempt(file, () => write(file, signOffPage({ ...signed, language, previous })));
  }
  return { verdict, missing, ...(html === undefined ? {} : { html }), ...(remade === undefined ? {} : { remade }) };
}

/** Remembers what these files are, and gives later which have become others. */
function changesOf(files: readonly string[]): () => Remade | undefined {
  const before = files.flatMap((file) => {
    const sum = fingerprint(file);
    return sum === undefined ? [] : [{ file, sum }];
  });
  return () => {
    const earlier = before.filter(({ file, sum }) => fingerprint(file) !== sum);
    return earlier.length === 0 ? undefined : { at: new Date().toISOString(), earlier };
  };
}

/** Reads a run's verdict back. Throws CannotRun when the folder holds none that this version understands. */
export function readVerdict(runDir: string): Verdict {
  const path = join(runDir, 'verdict.json');
  try {
    return verdictSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const advice = 'Name a run that has ended, by its folder under reports/runs.';
    throw new CannotRun('this run has no verdict that can be read', { file: path, reason: messageOf(cause) }, advice, { cause });
  }
}

/** The checks that there were when a run was judged: those that the suite has got since are no part that it left out. */
export function knownTo({ checks: judged }: Verdict, manifest: Manifest): Manifest {
  const ids = new Set(judged.map(({ id }) => id));
  const checks = manifest.checks.filter(({ id }) => ids.has(id));
  return {
    ...manifest,
    checks,
    scenarios: manifest.scenarios.filter(({ id }) => checks.some(({ scenario }) => scenario === id)),
  };
}

/** What a verdict was computed from besides the evidence, so that it can be computed again. */
export function factsOf(verdict: Verdict): RunFacts {
  const { runId, target, checks, runner, leaks, startedAt, endedAt, cannotRun, waivers } = verdict;
  const selection = checks.filter(({ selected }) => selected).map(({ id }) => id);
  return {
    runId,
    target,
    selection,
    runner,
    leaks,
    startedAt,
    endedAt,
    waivers,
    ...(cannotRun === undefined ? {} : { cannotRun }),
  };
}

/** What programs read of a verdict, and what comes from the manifest. */
const STRUCTURE = new Set(
  ['runId', 'id', 'check', 'scenario', 'outcome', 'overall', 'kind', 'layer', 'startedAt', 'endedAt', 'expires', 'signal'].concat(
    ['claim', 'remedy', 'section', 'line'],
  ),
);

/** Only what was seen or said is masked: a secret may be any word, also one of the suite's own. */
function maskVerdict(verdict: Verdict, redactor: Redactor): Verdict {
  const ids = new Set(verdict.checks.map(({ id }) => id));
  const masked = redactor.maskValues(verdict, (field, text) => STRUCTURE.has(field) || (field === 'by' && ids.has(text)));
  return verdictSchema.parse({ ...masked, chapters: verdict.chapters, scenarios: verdict.scenarios });
}
