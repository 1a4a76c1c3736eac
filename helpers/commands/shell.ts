import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import type { CommandResult, RunOptions } from '../hosts/command-result.ts';

export interface ShellOptions extends RunOptions {
  /** All that the command sees of the environment, besides LANG. Nothing of this process's own environment reaches it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const MOST_OUTPUT = 16 * 1024 * 1024;
const KILL_AFTER_MS = 2000;
const TETHER = '/usr/bin/setpriv';

/** Runs one command, without a shell. Never throws for the command's own failures; an abort throws the signal's reason. */
export async function shell(argv: readonly string[], options: ShellOptions): Promise<CommandResult> {
  const { environment, signal, timeoutMs, input, onOutput, cwd } = options;
  const [file = '', ...rest] = tethered(argv, environment);
  signal?.throwIfAborted();
  const running = execa(file, rest, {
    env: { LANG: 'C.UTF-8', ...environment },
    extendEnv: false,
    preferLocal: false,
    reject: false,
    // A Ctrl-C on a terminal, or timeout(1), reaches the whole group: what it ended would be told as a refusal beside the interruption.
    detached: true,
    stripFinalNewline: false,
    maxBuffer: MOST_OUTPUT,
    forceKillAfterDelay: KILL_AFTER_MS,
    stdin: input === undefined ? 'ignore' : 'pipe',
    ...(input === undefined ? {} : { input }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (onOutput !== undefined) {
    running.stdout?.on('data', (chunk: Buffer | string) => onOutput(String(chunk)));
  }
  using _ = endingAll(running.pid, signal, timeoutMs);
  const { stdout, stderr, exitCode, timedOut, isCanceled, ...ended } = await running;
  if (isCanceled) {
    signal?.throwIfAborted();
  }
  const why = exitCode === undefined && ended.failed ? `${ended.originalMessage ?? ended.shortMessage ?? 'it was killed'}\n` : '';
  return { stdout, stderr: `${stderr}${why}`, exitCode, timedOut };
}

/** Ends what the command has started with it: that would go on with its work, and be waited for while it holds the output open. */
function endingAll(pid: number | undefined, signal: AbortSignal | undefined, timeoutMs: number | undefined): Disposable {
  const endGroup = () => {
    try {
      if (pid !== undefined) {
        process.kill(-pid, 'SIGTERM');
      }
    } catch {
      // All of it has ended.
    }
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(endGroup, timeoutMs);
  signal?.addEventListener('abort', endGroup);
  return {
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', endGroup);
    },
  };
}

/**
 * Lets the kernel end the command with this thread, however that ends: a client of a killed run would make its volume when the run is swept
 * already. Where util-linux is there; a command that is not there is told by whoever would start it.
 */
function tethered(argv: readonly string[], { PATH = '' }: Readonly<Record<string, string>>): readonly string[] {
  const [file = ''] = argv;
  const places = file.includes('/') ? [file] : PATH.split(delimiter).map((folder) => join(folder, file));
  return existsSync(TETHER) && places.some((place) => existsSync(place)) ? [TETHER, '--pdeathsig', 'KILL', '--', ...argv] : argv;
}
