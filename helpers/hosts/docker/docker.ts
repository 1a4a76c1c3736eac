import { execa } from 'execa';
import type { RemoteResult, RunOptions } from '../command-result.ts';
import type { Host } from '../host.ts';
import { RemoteHost, type RemoteOptions, type RemoteRecord } from '../remote.ts';
import { DockerSession } from './docker-session.ts';

export interface DockerSettings extends RemoteOptions {
  /** What the docker command sees of the environment: PATH and HOME. */
  readonly environment: Readonly<Record<string, string>>;
}

const KILL_AFTER_MS = 500;
const MOST_OUTPUT = 64 * 1024 ** 2;
/** For a command without a limit of its own: in a container it outlives the client that asked for it. */
const LONGEST_SECONDS = 6 * 3600;
/** What timeout(1) answers when the command's time was up. */
const TIMED_OUT = 124;
/** Docker's own words when the program is not there; its exit status is then 126 or 127. */
const NOT_STARTED = /^OCI runtime exec failed|^timeout: failed to run command/;

/** A container as a host of the deployment, through `docker exec`: one for all commands where it has Python, else one for each. */
export function openDockerHost(record: RemoteRecord, container: string, settings: DockerSettings): Host {
  return new RemoteHost(record, (argv, options) => carryOut(container, argv, options, settings), settings);
}

/** One for each container and process, whoever asks. */
const sessions = new Map<string, DockerSession>();
/** Containers in which no session can be had. */
const withoutSession = new Set<string>();

async function carryOut(
  container: string,
  argv: readonly string[],
  options: RunOptions,
  settings: DockerSettings,
): Promise<RemoteResult> {
  const session = sessionOf(container, settings);
  if (session !== undefined && (await session.isOpen)) {
    return session.run(argv, options);
  }
  withoutSession.add(container);
  return enterOnce(container, argv, options, settings);
}

function sessionOf(container: string, { environment }: DockerSettings): DockerSession | undefined {
  if (withoutSession.has(container)) {
    return;
  }
  const known = sessions.get(container);
  if (known?.isOver === false) {
    return known;
  }
  const opened = new DockerSession(container, environment);
  sessions.set(container, opened);
  return opened;
}

async function enterOnce(
  container: string,
  argv: readonly string[],
  { input, signal, timeoutMs, onOutput }: RunOptions,
  { environment }: DockerSettings,
): Promise<RemoteResult> {
  const seconds = timeoutMs === undefined ? LONGEST_SECONDS : timeoutMs / 1000;
  const limited = ['timeout', '-k', '1', String(seconds), ...argv];
  const running = execa('docker', ['exec', ...(input === undefined ? [] : ['-i']), container, ...limited], {
    env: environment,
    extendEnv: false,
    encoding: 'buffer',
    reject: false,
    stripFinalNewline: false,
    maxBuffer: MOST_OUTPUT,
    forceKillAfterDelay: KILL_AFTER_MS,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  if (onOutput !== undefined) {
    running.stdout?.on('data', (chunk: Buffer) => onOutput(chunk.toString()));
  }
  const { stdout, stderr, exitCode, isCanceled } = await running;
  if (isCanceled) {
    signal?.throwIfAborted();
  }
  const said = Buffer.from(stderr).toString();
  return {
    stdout: Buffer.from(stdout),
    stderr: said,
    exitCode: NOT_STARTED.test(said) ? undefined : exitCode,
    timedOut: exitCode === TIMED_OUT && timeoutMs !== undefined,
  };
}
