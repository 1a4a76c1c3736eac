import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readJournal } from '../../fixtures/ledger/journal.ts';
import { runFiles } from '../../fixtures/run/run.ts';
import { type Clients, connect } from '../../fixtures/targets/clients.ts';
import { liveTarget } from '../../fixtures/targets/live.ts';
import { readSettings, systemEnvironment } from '../../helpers/config/config.ts';
import { eventually } from '../../helpers/eventually.ts';
import { Redactor } from '../../helpers/redact.ts';

export const COMMAND = join(import.meta.dirname, '..', 'acceptance.ts');
/** As `npm run` starts it: compiled code is kept, which is a third of what a start takes. */
export const REQUIRE_NODE = join(import.meta.dirname, '..', 'require-node.mjs');
export const PROMISES = {
  ...{ ACCEPTANCE_TEMPLATE: 'hybrid', ACCEPTANCE_REPLICATION: '3', ACCEPTANCE_FLAVOR: 'm1.small' },
  // Where clients are installed, they would act on a live cluster.
  ACCEPTANCE_CLIENTS: 'rest',
};
const LONG_MS = 180_000;

export type CommandEnvironment = Readonly<Record<string, string>>;

/** The command in a process of its own, with what it printed; `flags` are Node's. */
export class Command {
  readonly child: ChildProcess;
  readonly ended: Promise<number | string>;
  output = '';

  constructor(args: readonly string[], environment: CommandEnvironment, program = COMMAND, flags: readonly string[] = []) {
    const env = { ...systemEnvironment(), ...environment };
    const child = spawn(process.execPath, [...flags, '--import', REQUIRE_NODE, program, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    this.child = child;
    this.ended = once(child, 'close').then(([code, signal]) => (code as number | null) ?? (signal as string));
  }
}

/** A mock cluster served by another process, a folder for runs, and clients to look at what is there. */
export interface Served extends AsyncDisposable {
  readonly environment: CommandEnvironment;
  readonly clients: Clients;
  readonly runsDir: string;
}

export async function serveInAnotherProcess(args: readonly string[] = []): Promise<Served> {
  await using stack = new AsyncDisposableStack();
  const runsDir = stack.adopt(mkdtempSync(join(tmpdir(), 'acc-runs-')), (dir) => rmSync(dir, { recursive: true }));
  const { child, ended } = new Command(['mock', ...args], {});
  stack.defer(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const environment = { ...(await exportsOf(child)), ...PROMISES, ACCEPTANCE_RUNS_DIR: runsDir, ACCEPTANCE_TARGET: 'live' };
  const target = liveTarget(readSettings({}, environment), environment, runsDir);
  const clients = await connect(target, { redactor: new Redactor(), environment: systemEnvironment() });
  const rest = stack.move();
  return { environment, clients, runsDir, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}

export async function exportsOf({ stdout }: ChildProcess): Promise<Record<string, string>> {
  const exports: Record<string, string> = {};
  for await (const line of createInterface({ input: stdout ?? process.stdin })) {
    const [, name = '', value = ''] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
    exports[name] = value;
    if (name === 'ACCEPTANCE_HOSTS') {
      break;
    }
  }
  return exports;
}

/** Begins a run, and waits until its journal tells of so many things. */
export async function runUntil(
  things: number,
  args: readonly string[],
  { environment, runsDir, withinMs = LONG_MS }: Pick<Served, 'environment' | 'runsDir'> & { readonly withinMs?: number },
) {
  const known = new Set(readdirSync(runsDir));
  const command = new Command(args, environment);
  const latest = () => {
    const run = readdirSync(runsDir).find((name) => /^[0-9a-z]{16}$/.test(name) && !known.has(name));
    return run === undefined ? undefined : join(runsDir, run);
  };
  const count = (dir: string | undefined) => (dir === undefined ? 0 : readJournal(runFiles(dir).journal).entries.length);
  const found = await eventually({
    what: `${things} things in the journal`,
    read: () => Promise.resolve(latest()),
    describe: (dir) => String(count(dir)),
    until: (dir) => count(dir) >= things,
    unless: () => (command.child.exitCode === null ? undefined : command.output),
    slowestMs: 20,
    withinMs,
    advice: () => Promise.resolve(command.output),
  });
  return { command, dir: found ?? runsDir };
}
