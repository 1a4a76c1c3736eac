import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readJournal } from '../../../fixtures/ledger/journal.ts';
import { lookAtAll, NEIGHBOUR, plantForeigners } from '../../../fixtures/proof/healthy/foreign-things.ts';
import { RawCloud } from '../../../fixtures/proof/healthy/raw-cloud.ts';
import { runFiles } from '../../../fixtures/run/run.ts';
import { liveTarget } from '../../../fixtures/targets/live.ts';
import type { Target } from '../../../fixtures/targets/target.ts';
import { readSettings, systemEnvironment } from '../../../helpers/config/config.ts';
import { eventually } from '../../../helpers/eventually.ts';

const COMMAND = join(import.meta.dirname, '..', '..', 'acceptance.ts');
const PROMISES = {
  ...{ ACCEPTANCE_TARGET: 'live', ACCEPTANCE_YES: 'true', ACCEPTANCE_CLIENTS: 'rest' },
  ...{ ACCEPTANCE_TEMPLATE: 'hybrid', ACCEPTANCE_REPLICATION: '3', ACCEPTANCE_FLAVOR: 'm1.small' },
};

const LAST_EXPORT = 'ACCEPTANCE_HOSTS';
const FIRST_PORT = 20_000;
const PORTS = 1000;
const PORT_TRIES = 5;
const GIB = 1024 ** 3;
const PATIENCE_MS = 60_000;
const QUICK_MS = 2;

/** The command in a process of its own, and what it printed. */
export interface Started {
  readonly child: ChildProcess;
  /** The exit code, or the name of the signal. */
  readonly ended: Promise<number | string>;
  readonly output: () => string;
}

/** A cluster in a process of its own, a folder for runs, and a view of both that owes nothing to the suite. */
export interface CrashSite extends AsyncDisposable {
  readonly runsDir: string;
  readonly target: Target;
  readonly cloud: RawCloud;
  /** Starts the command, as an operator would. */
  readonly start: (args: readonly string[]) => Started;
  /** Everything in the cloud and on its hosts. */
  readonly look: () => Promise<ReadonlyMap<string, string>>;
  /** Ends the cluster without a word, as a power cut does. */
  readonly cutPower: () => Promise<void>;
  /** Brings it back with all that it held, and with these faults of the catalogue. */
  readonly restore: (faults?: readonly string[]) => Promise<void>;
  /** Resolves once the run's journal tells that so many things are gone again. */
  readonly untilGone: (dir: string, things: number) => Promise<void>;
  /** Processes of this site's runs that are alive. */
  readonly processes: () => number[];
}

export async function openCrashSite(signal: AbortSignal): Promise<CrashSite> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.adopt(mkdtempSync(join(tmpdir(), 'acc-site-')), (path) => rm(path, { recursive: true, force: true }));
  const runsDir = join(dir, 'runs');
  const state = join(dir, 'cluster');
  let served = await serveSomewhere(state);
  stack.defer(() => served.stop('SIGTERM'));
  const environment = { ...served.exports, ...PROMISES, ACCEPTANCE_RUNS_DIR: runsDir };
  const target = liveTarget(readSettings({}, environment), environment, dir);
  const cloud = await RawCloud.open(target, signal);
  await moveIn(cloud, target);
  const rest = stack.move();
  return {
    ...{ runsDir, target, cloud },
    start: (args) => start(args, environment),
    look: async () => new Map([...(await lookAtAll(cloud, target)), ...devicesOf(target)]),
    cutPower: () => served.stop('SIGKILL'),
    restore: async (faults = []) => {
      served = await serveMock(state, served.portBase, faults);
    },
    untilGone: (dir, things) => untilGone(dir, things, signal),
    processes: () => processesOf(runsDir),
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

/** A neighbour at the seat, and things of others that look like a run's. */
async function moveIn(cloud: RawCloud, target: Target): Promise<void> {
  const template = target.promises.template ?? '';
  await cloud.storpool('POST', 'VolumeCreate', { name: NEIGHBOUR, size: GIB, template });
  const reassign = [{ volume: NEIGHBOUR, rw: [target.hosts[0]?.client] }];
  await cloud.storpool('POST', 'VolumesReassignWait', { reassign });
  await plantForeigners(cloud, target, 'stations');
}

function start(args: readonly string[], environment: Readonly<Record<string, string>>): Started {
  const env = { ...systemEnvironment(), ...environment };
  const child = spawn(process.execPath, [COMMAND, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code as number | null) ?? (signal as string));
  return { child, ended, output: () => output };
}

interface Mock {
  readonly portBase: number;
  readonly exports: Readonly<Record<string, string>>;
  readonly stop: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}

/** At fixed ports, so that a cluster that comes back is found where it was. */
async function serveSomewhere(state: string): Promise<Mock> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await serveMock(state, FIRST_PORT + 10 * Math.floor(Math.random() * PORTS), []);
    } catch (error) {
      if (tries === PORT_TRIES) {
        throw error;
      }
    }
  }
}

async function serveMock(state: string, portBase: number, faults: readonly string[]): Promise<Mock> {
  const planted = faults.length === 0 ? [] : ['--faults', ...faults];
  const argv = [COMMAND, 'mock', '--state', state, '--port-base', String(portBase), ...planted];
  const child = spawn(process.execPath, argv, { env: systemEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const exports: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name = '', value = ''] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
    exports[name] = value;
    if (name === LAST_EXPORT) {
      break;
    }
  }
  if (exports[LAST_EXPORT] === undefined) {
    throw new Error(`the mock cluster did not start: ${said}`);
  }
  const stop = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    await ended;
  };
  return { portBase, exports, stop };
}

async function untilGone(dir: string, things: number, signal: AbortSignal): Promise<void> {
  const gone = () => readJournal(runFiles(dir).journal).entries.filter((entry) => entry.gone).length;
  const before = gone();
  await eventually({
    what: `${things} things to be removed`,
    read: () => Promise.resolve(gone()),
    describe: String,
    until: (now) => now >= before + things,
    everyMs: QUICK_MS,
    slowestMs: QUICK_MS,
    withinMs: PATIENCE_MS,
    signal,
    advice: 'Look at what the sweep printed.',
  });
}

function devicesOf({ hosts }: Target): [string, string][] {
  return hosts.flatMap(({ name, devices }) =>
    [devices, `${devices}-byid`].flatMap((folder) =>
      readdirSync(folder).map((file): [string, string] => [`device ${file} on ${name}`, folder]),
    ),
  );
}

/** Processes whose environment names this folder of runs. */
export function processesOf(runsDir: string): number[] {
  return readdirSync('/proc')
    .filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(join('/proc', pid, 'environ'), 'utf8').includes(runsDir);
      } catch {
        return false;
      }
    })
    .map(Number);
}
