import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import headless from '@xterm/headless';
import type { Cluster } from '../../fixtures/mock/cluster.ts';
import { serveMock } from '../../fixtures/mock/standalone.ts';
import { isRunId } from '../../fixtures/run/run.ts';
import { type Clients, connect } from '../../fixtures/targets/clients.ts';
import { liveTarget } from '../../fixtures/targets/live.ts';
import { readSettings, systemEnvironment } from '../../helpers/config/config.ts';
import { eventually } from '../../helpers/eventually.ts';
import { Redactor } from '../../helpers/redact.ts';
import { type CommandEnvironment, PROMISES } from './supervised-run.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const LARGE = { rows: 40, columns: 120 };
/** As a console has it. */
export const SMALL = { rows: 24, columns: 80 };
const LONG_MS = 180_000;

/** A mock cluster in this process, so that a test can hold it at a seam; for commands it is a live one. */
export interface Station extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly clients: Clients;
  readonly environment: CommandEnvironment;
  readonly runsDir: string;
}

export async function station(): Promise<Station> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.adopt(mkdtempSync(join(tmpdir(), 'acc-signals-')), (path) => rmSync(path, { recursive: true }));
  const { cluster, exports } = stack.use(await serveMock({ dir: join(dir, 'cluster'), portBase: 0, persist: false }));
  const runsDir = join(dir, 'runs');
  const environment = { ...exports, ...PROMISES, ACCEPTANCE_TARGET: 'live', ACCEPTANCE_RUNS_DIR: runsDir };
  const target = liveTarget(readSettings({}, environment), environment, runsDir);
  const clients = await connect(target, { redactor: new Redactor(), environment: systemEnvironment() });
  const rest = stack.move();
  return { cluster, clients, environment, runsDir, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}

/** The cluster stops at a seam until it is let go. */
export interface Hold extends Disposable {
  /** Resolves when somebody is held. */
  readonly met: Promise<void>;
  readonly release: () => void;
}

export function hold({ core }: Cluster, seam: string, skip = 0): Hold {
  const met = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  core.faults.add({
    ...{ id: `hold ${seam}`, kind: 'delay', cause: 'a test holds it', seam, skip },
    act: async (next, { signal }) => {
      met.resolve();
      signal.addEventListener('abort', () => released.resolve());
      await released.promise;
      return next();
    },
  });
  const release = () => {
    core.faults.remove(`hold ${seam}`);
    released.resolve();
  };
  return { met: met.promise, release, [Symbol.dispose]: release };
}

/** A command as a person types it, in a process group of its own. */
export class TypedCommand implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly ended: Promise<number | string>;
  output = '';

  constructor(argv: readonly [string, ...string[]], environment: CommandEnvironment) {
    const [file, ...args] = argv;
    const env = { ...systemEnvironment(), ...environment, npm_config_update_notifier: 'false' };
    this.child = spawn(file, args, { cwd: ROOT, env, stdio: 'pipe', detached: true });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    this.ended = once(this.child, 'close').then(([code, signal]) => (code as number | null) ?? (signal as string));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      process.kill(-(this.child.pid ?? 0), 'SIGKILL');
    }
    await this.ended;
  }
}

export function throughNpm(script: string, args: readonly string[], environment: CommandEnvironment): TypedCommand {
  return new TypedCommand(['npm', 'run', '--silent', script, '--', ...args], environment);
}

/** What a terminal shows at one moment. */
export interface Frame {
  readonly lines: readonly string[];
  /** Those that the terminal itself broke, since they were too long. */
  readonly broken: readonly string[];
}

/** `npm run …` on a terminal of its own, by util-linux's `script`, and what a person sees there. */
export class OnTerminal extends TypedCommand {
  /** All that was seen, in order. */
  readonly frames: Frame[] = [];
  readonly #screen: InstanceType<typeof headless.Terminal>;
  readonly #folder: string;

  constructor(script: string, args: readonly string[], environment: CommandEnvironment, { rows, columns } = LARGE) {
    const folder = mkdtempSync(join(tmpdir(), 'acc-terminal-'));
    const typed = ['npm', 'run', '--silent', script, '--', ...args].join(' ');
    const command = `stty rows ${rows} cols ${columns}; echo $$ > ${join(folder, 'pid')}; exec ${typed}`;
    super(['script', '--quiet', '--return', '--flush', '--echo', 'always', '--command', command, '/dev/null'], {
      TERM: 'xterm',
      ...environment,
    });
    this.#folder = folder;
    this.#screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.child.stdout?.on('data', (chunk: Buffer) => this.#screen.write(chunk, () => this.frames.push(this.#frame())));
  }

  #frame(): Frame {
    const { active } = this.#screen.buffer;
    const rows = Array.from({ length: this.#screen.rows }, (_, row) => active.getLine(active.baseY + row));
    const lines = rows.map((line) => line?.translateToString(true) ?? '');
    return { lines, broken: lines.filter((_, row) => rows[row + 1]?.isWrapped === true) };
  }

  /** What stands on the screen, and above it, without empty lines at the end. */
  async screen(): Promise<string> {
    await new Promise<void>((resolve) => this.#screen.write('', resolve));
    const { active } = this.#screen.buffer;
    const rows = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
    return rows.join('\n').trimEnd();
  }

  /** Presses keys. */
  type(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** npm's own process, which is whom a person kills. */
  get npm(): number {
    return Number(readFileSync(join(this.#folder, 'pid'), 'utf8'));
  }

  async until(text: string): Promise<void> {
    await eventually({
      what: `${text} on the screen`,
      read: () => this.screen(),
      describe: (screen) => `${screen.length} characters`,
      until: (screen) => screen.includes(text),
      unless: () => (this.child.exitCode === null ? undefined : this.output),
      withinMs: LONG_MS,
      slowestMs: 50,
      advice: () => this.screen(),
    });
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true });
  }
}

/** Processes whose environment names this folder of runs, but npm's. */
export function processesFor(runsDir: string): number[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && read(pid, 'environ').includes(runsDir) && read(pid, 'cmdline') !== '')
    .map(Number);
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(join('/proc', pid, file), 'utf8');
  } catch {
    return '';
  }
}

/** The runs that have a folder. */
export const runsIn = (runsDir: string): string[] => {
  try {
    return readdirSync(runsDir).filter(isRunId);
  } catch {
    return [];
  }
};
