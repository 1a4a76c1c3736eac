import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { acquireLock } from '../../fixtures/run/lock.ts';
import { newRunId, runEnvironment, runFiles } from '../../fixtures/run/run.ts';
import type { Manifest } from '../../helpers/claims.ts';
import { typed } from '../../helpers/commands/commands.ts';
import { fromHere } from '../../helpers/config/named-file.ts';
import { closeEvidence, type Evidence, fileSink } from '../../helpers/evidence.ts';
import { asCannotRun, messageOf } from '../../helpers/failure.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { tailEvidence } from '../../reports/terminal/evidence-tail.ts';
import type { RunFacts } from '../../reports/verdict/verdict.ts';
import type { RunnerEnd } from '../../reports/verdict/verdict-schema.ts';
import { playedRunbooks } from '../../scenarios/manifest.ts';
import { assertRoomForRun } from '../machine.ts';
import type { Selection } from '../selection.ts';
import { type FoundLeak, settleAftermath } from './aftermath.ts';
import { type Begun, writeBegun } from './begun.ts';
import { type Carried, carriedInWords, carryOver } from './carried.ts';
import { FolderTrouble } from './folder-trouble.ts';
import { Interruption } from './interruption.ts';
import { longestFirst } from './order.ts';
import { type Looked, preflight } from './preflight.ts';
import { type Prepared, type Preparing, prepare } from './preparation.ts';
import { Runner } from './runner.ts';

export interface RunRequest extends Omit<Preparing, 'id' | 'dir' | 'say' | 'stack' | 'signal' | 'scenarios'> {
  /** Where the runs' folders are. */
  readonly runsDir: string;
  readonly manifest: Manifest;
  readonly selection: Selection;
  /** The ids of those of its scenarios that make something here; all when absent. */
  readonly making?: readonly string[];
  /** What an earlier run has played already, and the verdict is about as well. */
  readonly carried?: Carried | undefined;
  readonly keepOnFailure: boolean;
  /** Told of each line of evidence once it is written down. */
  readonly onEvidence?: (line: Evidence) => void;
  /** Judges the run, writes its reports, prints its end. Gives the exit code. */
  readonly conclude: (dir: string, facts: RunFacts, wasInterrupted: boolean) => Promise<number>;
}

const ROOT = join(import.meta.dirname, '..', '..');
const GRACE_MS = 5000;

/**
 * One run, from the lock to the exit code. The test runner is a child that is told what to run, watched, stopped on a signal, and cleaned up
 * after: its own hooks do not run when it is signalled. Throws CannotRun when nothing could be begun.
 */
export async function runAcceptance(request: RunRequest): Promise<number> {
  const startedAt = new Date();
  const id = newRunId(startedAt.getTime());
  const say = (text: string) => request.terminal.print(`${request.redactor.clean(text)}\n`);
  using interruption = new Interruption(say);
  using lock = acquireLock(request.runsDir, id);
  assertRoomForRun(request.runsDir);
  if (lock.takenOverFrom !== undefined) {
    say(
      `Run ${lock.takenOverFrom} was killed and may have left things behind.\n  → ${typed`npm run sweep -- ${lock.takenOverFrom}`}`,
    );
  }
  const dir = join(request.runsDir, id);
  mkdirSync(dir, { mode: 0o700 });
  const trouble = new FolderTrouble(dir, (text) => {
    say(`${text}\nNothing more is made; what this run made is removed.`);
    runner.stop();
  });
  const runner = startRunner(dir, request.redactor, trouble);
  interruption.signal.addEventListener('abort', () => runner.stop());
  await using stack = new AsyncDisposableStack();
  const course = { id, dir, runner, trouble, say, interruption };
  const scene = await begin(request, stack, course);
  if (scene === undefined) {
    return interruption.exitCode ?? 1;
  }
  const begun = { runId: id, ...askedFor(request, scene), startedAt: startedAt.toISOString() };
  trouble.attempt(() => begunIn(dir, begun, request));
  const { end, releases } = await play(request, scene, course);
  request.terminal.settle();
  const leaks = await request.terminal.saying('Looking whether anything is left …', async () => {
    const found = await aftermath(request, scene, { ...course, end });
    trouble.attempt(() => closeEvidence(runFiles(dir).evidence));
    await scene.gatherLogs?.().catch((error: unknown) => say(`The services' logs are not complete: ${messageOf(error)}`));
    return found;
  });
  const { facts: known, ...described } = begun.target;
  const target = { ...described, facts: { ...known, ...(releases !== '' && { releases }) } };
  const facts: RunFacts = {
    ...begun,
    target,
    runner: end,
    leaks: [...(request.carried?.leaks ?? []), ...leaks],
    endedAt: new Date().toISOString(),
  };
  const [exitCode] = await Promise.all([request.conclude(dir, facts, interruption.by !== undefined), stack.disposeAsync()]);
  return interruption.exitCode ?? exitCode;
}

/** What the verdict is about, and whose cluster it is. */
function askedFor({ carried, selection }: RunRequest, { description }: Prepared): Pick<Begun, 'target' | 'selection'> {
  if (carried === undefined) {
    return { target: description, selection: selection.checks };
  }
  const target = { ...description, facts: { ...description.facts, ...carriedInWords(carried) } };
  return { target, selection: [...carried.selection] };
}

/** Lays down what whoever judges a run that is killed needs to know. */
function begunIn(dir: string, begun: Begun, { carried, redactor }: RunRequest): void {
  writeBegun(dir, begun, redactor);
  if (carried !== undefined) {
    carryOver(carried, dir);
  }
}

/** What the parts of a run share. */
interface Course {
  readonly id: string;
  readonly dir: string;
  readonly runner: Runner;
  readonly trouble: FolderTrouble;
  readonly say: (text: string) => void;
  readonly interruption: Interruption;
}

/** The target that the run may begin on, or undefined after a signal. Until then nothing is made: whatever fails, the run cannot begin. */
async function begin(request: RunRequest, stack: AsyncDisposableStack, course: Course): Promise<Prepared | undefined> {
  const { id, dir, runner, interruption, say } = course;
  try {
    return await prepare({
      ...request,
      scenarios: request.making ?? request.selection.scenarios,
      id,
      dir,
      say,
      stack,
      signal: interruption.signal,
    });
  } catch (error) {
    runner.stop();
    await runner.ended;
    keepOnlyWhatTells(dir, interruption, say);
    if (interruption.by === undefined) {
      throw asCannotRun(error);
    }
    say('Nothing was made.');
    return;
  }
}

/** A run that never began leaves no folder, unless services did not come up: then their logs are all there is to look at. */
function keepOnlyWhatTells(dir: string, { by }: Interruption, say: (text: string) => void): void {
  const { services } = runFiles(dir);
  if (by === undefined && existsSync(services)) {
    say(`The services' logs are in ${relative(fromHere('.'), services)}/.`);
    return;
  }
  rmSync(dir, { recursive: true });
}

function startRunner(dir: string, redactor: Redactor, trouble: FolderTrouble): Runner {
  const script = join(import.meta.dirname, 'load-scenarios.ts');
  const onLogError = (error: unknown) => trouble.take(error);
  return new Runner({ argv: [script], cwd: ROOT, log: runFiles(dir).runnerLog, redactor, graceMs: GRACE_MS, onLogError });
}

interface Played {
  readonly end: RunnerEnd;
  readonly releases: string;
}

const NOTHING_TO_PLAY: RunnerEnd = { exitCode: 0, signal: null };

async function play(
  request: RunRequest,
  { target, choice: clients, image }: Prepared,
  { id, dir, runner, trouble, interruption: { signal } }: Course,
): Promise<Played> {
  const { manifest, keepOnFailure, terminal, redactor, environment: system, onEvidence } = request;
  const accept = (line: Evidence) => {
    terminal.accept(line);
    onEvidence?.(line);
  };
  using _tail = tailEvidence(runFiles(dir).evidence, accept, { fromEnd: true });
  const sink = trouble.guard(fileSink(runFiles(dir).evidence, redactor));
  const connecting = { redactor, environment: system, signal };
  const looking = preflight({ ...{ target, connecting, signal, manifest, sink }, selection: request.selection });
  const {
    left: scenarios,
    releases,
    convertsNoImages = false,
  } = await looking.catch(async (error: unknown) => {
    runner.stop();
    await runner.ended;
    if (!signal.aborted) {
      throw asCannotRun(error);
    }
    const nothing: Looked = { left: [], releases: '' };
    return nothing;
  });
  if (scenarios.length === 0) {
    runner.stop();
    await runner.ended;
    return { end: NOTHING_TO_PLAY, releases };
  }
  const order = longestFirst(scenarios, { runsDir: request.runsDir, target: target.kind, runbooks: playedRunbooks });
  const selection = { ...request.selection, scenarios: order };
  const environment = runEnvironment({
    id,
    dir,
    target: { ...target, convertsNoImages },
    selection,
    keepOnFailure,
    clients,
    ...(image && { image }),
  });
  runner.begin(JSON.stringify({ environment, folders: foldersOf(manifest, selection) }));
  return { end: await runner.ended, releases };
}

/** Only these are loaded: what is not selected costs nothing. */
function foldersOf({ chapters, scenarios }: Manifest, selection: Selection): string[] {
  const numbers = new Set(scenarios.filter(({ id }) => selection.scenarios.includes(id)).map(({ chapter }) => chapter));
  return chapters.filter(({ number }) => numbers.has(number)).map(({ folder }) => `scenarios/${folder}/`);
}

function aftermath(
  request: RunRequest,
  { target, clients, before }: Prepared,
  { id, dir, end, trouble, say, interruption }: Course & { readonly end: RunnerEnd },
): Promise<FoundLeak[]> {
  const wasCutShort = interruption.by !== undefined || end.signal !== null;
  const sink = trouble.guard(fileSink(runFiles(dir).evidence, request.redactor));
  const keep = request.keepOnFailure && !wasCutShort;
  return settleAftermath({ run: id, dir, target, clients, before, sink, wasCutShort, keep, say });
}
