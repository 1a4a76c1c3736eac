import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ClientChoice } from '../../fixtures/actions/choice.ts';
import { acquireLock } from '../../fixtures/lock.ts';
import { newRunId, runEnvironment, runFiles } from '../../fixtures/run.ts';
import type { ProvisionedTarget } from '../../fixtures/targets/target.ts';
import type { Manifest } from '../../helpers/claims.ts';
import { fileSink } from '../../helpers/evidence.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { tailEvidence } from '../../reports/tail.ts';
import type { TerminalReporter } from '../../reports/terminal.ts';
import type { RunFacts } from '../../reports/verdict.ts';
import type { RunnerEnd } from '../../reports/verdict-schema.ts';
import { assertRoomForRun } from '../machine.ts';
import type { Selection } from '../selection.ts';
import { type FoundLeak, settleAftermath } from './aftermath.ts';
import { Interruption } from './interruption.ts';
import { preflight } from './preflight.ts';
import { type Prepared, prepare } from './prepare.ts';
import { Runner } from './runner.ts';

export interface RunRequest {
  /** Where the runs' folders are. */
  readonly runsDir: string;
  readonly manifest: Manifest;
  readonly selection: Selection;
  readonly keepOnFailure: boolean;
  /** By which clients to act; undefined: by those that suit. */
  readonly actBy: ClientChoice['kind'] | undefined;
  readonly redactor: Redactor;
  /** What commands on hosts see. */
  readonly environment: Readonly<Record<string, string>>;
  readonly provision: (runId: string, signal: AbortSignal) => Promise<ProvisionedTarget>;
  /** Shows what is about to happen where; throws CannotRun when nobody agrees to it. */
  readonly approve: (scene: Prepared, runId: string) => Promise<void>;
  /** Judges the run, writes its reports, prints its end. Gives the exit code. */
  readonly conclude: (dir: string, facts: RunFacts, wasInterrupted: boolean) => Promise<number>;
  readonly terminal: TerminalReporter;
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
  const say = (text: string) => request.terminal.print(`${request.redactor.mask(text)}\n`);
  using lock = acquireLock(request.runsDir, id);
  assertRoomForRun(request.runsDir);
  if (lock.takenOverFrom !== undefined) {
    say(`Run ${lock.takenOverFrom} was killed and may have left things behind.\n  → npm run sweep -- ${lock.takenOverFrom}`);
  }
  const dir = join(request.runsDir, id);
  mkdirSync(dir, { mode: 0o700 });
  using interruption = new Interruption(say);
  const runner = startRunner(dir, request.redactor);
  interruption.signal.addEventListener('abort', () => runner.stop());
  await using stack = new AsyncDisposableStack();
  try {
    const scene = await prepare({ ...request, id, dir, say, stack, signal: interruption.signal });
    const end = await play(request, scene, { id, dir, runner, signal: interruption.signal });
    const leaks = await aftermath(request, scene, { id, dir, end, say, interruption });
    await scene.gatherLogs?.();
    const facts = factsOf(request, scene, { id, startedAt, end, leaks });
    const [exitCode] = await Promise.all([request.conclude(dir, facts, interruption.by !== undefined), stack.disposeAsync()]);
    return interruption.exitCode ?? exitCode;
  } catch (error) {
    runner.stop();
    await runner.ended;
    keepOnlyWhatTells(dir, interruption, say);
    if (interruption.exitCode === undefined) {
      throw error;
    }
    return interruption.exitCode;
  }
}

/** A run that never began leaves no folder, unless services did not come up: then their logs are all there is to look at. */
function keepOnlyWhatTells(dir: string, { by }: Interruption, say: (text: string) => void): void {
  const { journal, services } = runFiles(dir);
  const logs = by === undefined && existsSync(services);
  if (logs) {
    say(`The services' logs are in ${relative(process.cwd(), services)}/.`);
  }
  if (!existsSync(journal) && !logs) {
    rmSync(dir, { recursive: true });
  }
}

function startRunner(dir: string, redactor: Redactor): Runner {
  const script = join(import.meta.dirname, 'scenarios.ts');
  return new Runner({ argv: [script], cwd: ROOT, log: runFiles(dir).runnerLog, redactor, graceMs: GRACE_MS });
}

interface Playing {
  readonly id: string;
  readonly dir: string;
  readonly runner: Runner;
  readonly signal: AbortSignal;
}

const NOTHING_TO_PLAY: RunnerEnd = { exitCode: 0, signal: null };

async function play(
  request: RunRequest,
  { target, choice: clients }: Prepared,
  { id, dir, runner, signal }: Playing,
): Promise<RunnerEnd> {
  const { manifest, keepOnFailure, terminal, redactor, environment: system } = request;
  using _tail = tailEvidence(runFiles(dir).evidence, (line) => terminal.accept(line));
  const sink = fileSink(runFiles(dir).evidence, redactor);
  const connecting = { redactor, environment: system, signal };
  const scenarios = await preflight({ ...{ target, connecting, manifest, sink }, selection: request.selection });
  if (scenarios.length === 0) {
    runner.stop();
    await runner.ended;
    return NOTHING_TO_PLAY;
  }
  const selection = { ...request.selection, scenarios };
  const environment = runEnvironment({ id, dir, target, selection, keepOnFailure, clients });
  runner.begin(JSON.stringify({ environment, folders: foldersOf(manifest, selection) }));
  return await runner.ended;
}

/** Only these are loaded: what is not selected costs nothing. */
function foldersOf({ chapters, scenarios }: Manifest, selection: Selection): string[] {
  const numbers = new Set(scenarios.filter(({ id }) => selection.scenarios.includes(id)).map(({ chapter }) => chapter));
  return chapters.filter(({ number }) => numbers.has(number)).map(({ folder }) => `scenarios/${folder}/`);
}

interface Ended {
  readonly id: string;
  readonly dir: string;
  readonly end: RunnerEnd;
  readonly say: (text: string) => void;
  readonly interruption: Interruption;
}

function aftermath(request: RunRequest, scene: Prepared, { id, dir, end, say, interruption }: Ended): Promise<FoundLeak[]> {
  const wasCutShort = interruption.by !== undefined || end.signal !== null;
  const sink = fileSink(runFiles(dir).evidence, request.redactor);
  const { target, clients, before } = scene;
  const keep = request.keepOnFailure && !wasCutShort;
  return settleAftermath({ run: id, dir, target, clients, before, sink, wasCutShort, keep, say });
}

interface Outcome {
  readonly id: string;
  readonly startedAt: Date;
  readonly end: RunnerEnd;
  readonly leaks: readonly FoundLeak[];
}

function factsOf({ selection }: RunRequest, scene: Prepared, { id, startedAt, end, leaks }: Outcome): RunFacts {
  return {
    runId: id,
    target: scene.description,
    selection: selection.checks,
    runner: end,
    leaks,
    startedAt: startedAt.toISOString(),
    endedAt: new Date().toISOString(),
  };
}
