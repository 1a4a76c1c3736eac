import { type Chapter, LAST_CHAPTER_OF_GUIDE, type Manifest } from '../helpers/claims.ts';
import type { Settings } from '../helpers/config/config.ts';
import { nearestWord } from '../helpers/config/nearest-word.ts';
import { CannotRun } from '../helpers/failure.ts';

/** What a run consists of: ids, in the manifest's order. */
export interface Selection {
  readonly scenarios: string[];
  readonly checks: string[];
}

/** The scenario of checks that concern the run as a whole: they are part of every run. */
const ALWAYS = 'run';

const ALL = 'all';

/** What is played when nobody wishes for anything: the guide's own chapters, or all there is. */
export type ByDefault = 'guide' | typeof ALL;

/** Real drivers are what the scenarios beyond the guide are for. */
export function byDefault({ target }: Pick<Settings, 'target'>): ByDefault {
  return target === 'container' ? ALL : 'guide';
}

/**
 * Finds what `--only` asks for: chapters by number, folder or name, scenarios and checks by id, or `all`; without what `--exclude` leaves out. A
 * check brings its scenario along, a scenario all of its checks. Throws CannotRun for a word that means nothing, and when nothing is left.
 */
export function select(
  manifest: Manifest,
  only: readonly string[],
  unasked: ByDefault = 'guide',
  exclude: readonly string[] = [],
): Selection {
  const [words, unwanted] = [wordsOf(only), wordsOf(exclude)];
  const wanted = new Set((words.length === 0 ? [unasked] : words).flatMap((word) => checksOf(manifest, word)));
  for (const id of unwanted.flatMap((word) => checksOf(manifest, word))) {
    wanted.delete(id);
  }
  const checks = manifest.checks.filter(({ id, scenario }) => scenario === ALWAYS || wanted.has(id));
  const concerned = new Set(checks.map(({ scenario }) => scenario));
  const scenarios = manifest.scenarios.map(({ id }) => id).filter((id) => concerned.has(id));
  if (scenarios.length === 0) {
    if (unwanted.length > 0) {
      throw new CannotRun('nothing is left to play', { exclude: unwanted.join(', ') }, 'Leave out less.');
    }
    const advice = 'Choose a chapter, a scenario or a check of one besides.';
    throw new CannotRun(`${words.join(', ')} is part of every run, but makes none by itself`, {}, advice);
  }
  return {
    scenarios,
    checks: checks.map(({ id }) => id),
  };
}

const wordsOf = (given: readonly string[]) => given.flatMap((word) => word.split(',')).filter((word) => word !== '');

function checksOf(manifest: Manifest, word: string): string[] {
  if (word === ALL || word === 'guide') {
    const last = word === ALL ? Infinity : LAST_CHAPTER_OF_GUIDE;
    const played = new Set(
      unasked(manifest)
        .filter(({ chapter }) => chapter <= last)
        .map(({ id }) => id),
    );
    return manifest.checks.filter(({ scenario }) => played.has(scenario)).map(({ id }) => id);
  }
  const chapter = manifest.chapters.find((candidate) => chapterNames(candidate).includes(word.toLowerCase()));
  const ids = idsOf(manifest, word, chapter);
  if (ids.length > 0) {
    return ids;
  }
  if (chapter !== undefined) {
    const what = `chapter ${chapter.number} of the guide has no checks yet`;
    throw new CannotRun(what, { chapter: chapter.title }, 'See what there is with `npm run acceptance -- list`.');
  }
  const near = nearestWord(word, [
    ALL,
    ...manifest.chapters.flatMap(chapterNames),
    ...scenarioIds(manifest),
    ...checkIds(manifest),
  ]);
  const advice = near === undefined ? '' : `Did you mean ${near}? `;
  throw new CannotRun(
    `there is no chapter, scenario or check called ${word}`,
    {},
    `${advice}See all with \`npm run acceptance -- list\`.`,
  );
}

function idsOf(manifest: Manifest, word: string, chapter: Chapter | undefined): string[] {
  const inChapter = new Set(
    unasked(manifest)
      .filter((scenario) => scenario.chapter === chapter?.number)
      .map(({ id }) => id),
  );
  return manifest.checks
    .filter(({ id, scenario }) => id === word || scenario === word || inChapter.has(scenario))
    .map(({ id }) => id);
}

/** What is played with its chapter. */
const unasked = ({ scenarios }: Manifest) => scenarios.filter(({ isOnRequest = false }) => !isOnRequest);

function scenarioIds(manifest: Manifest): string[] {
  return manifest.scenarios.map(({ id }) => id);
}

function checkIds(manifest: Manifest): string[] {
  return manifest.checks.map(({ id }) => id);
}

/** `2`, `2-cinder-backend`, `cinder-backend` and the guide's own heading. */
function chapterNames({ number, folder, title }: Chapter): string[] {
  return [String(number), folder, folder.replace(/^\d+-/, ''), title.toLowerCase()];
}
