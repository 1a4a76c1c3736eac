import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Redactor } from '../../helpers/redact.ts';

export interface RunnerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunnerParts {
  /** A module and its arguments, run by this Node. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Where the runner's own output goes, masked. */
  readonly log: string;
  readonly redactor: Redactor;
  /** Ends the runner when it is aborted. */
  readonly signal: AbortSignal;
  readonly graceMs: number;
}

/**
 * Runs the test runner as a process group of its own, so that a Ctrl-C reaches this process alone and all of the group can be ended.
 * The runner holds the other end of a pipe and ends itself when this process dies without a word. Resolves when nothing of it is left.
 */
export async function runRunner(parts: RunnerParts): Promise<RunnerEnd> {
  const child = spawn(process.execPath, [...parts.argv], {
    cwd: parts.cwd,
    env: { ...process.env, ...parts.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const log = createWriteStream(parts.log, { flags: 'a', mode: 0o600 });
  const copied = Promise.all([child.stdout, child.stderr].map((stream) => copyMasked(stream, log, parts.redactor)));
  using _stopping = endOnAbort(child, parts);
  const end = await ended(child);
  signalGroup(child, 'SIGKILL');
  await copied;
  log.end();
  await finished(log);
  return end;
}

function ended(child: ChildProcess): Promise<RunnerEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function endOnAbort(child: ChildProcess, { signal, graceMs }: RunnerParts): Disposable {
  let impatience: NodeJS.Timeout | undefined;
  const stop = () => {
    signalGroup(child, 'SIGTERM');
    impatience = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  return {
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', stop);
      clearTimeout(impatience);
    },
  };
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}

async function copyMasked(from: Readable, to: NodeJS.WritableStream, redactor: Redactor): Promise<void> {
  for await (const line of createInterface({ input: from })) {
    to.write(`${redactor.mask(line)}\n`);
  }
}
