import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { shellLine } from '../../commands/commands.ts';
import { Failure } from '../../failure.ts';
import type { RemoteResult, RunOptions } from '../command-result.ts';
import type { Host, SshRoute } from '../host.ts';
import { RemoteHost, type RemoteOptions, type RemoteRecord } from '../remote.ts';
import { forLoginShell } from './login-shell.ts';
import { transportFailure } from './ssh-failure.ts';

export interface SshSettings extends RemoteOptions {
  /** What ssh sees of the environment: PATH, HOME, SSH_AUTH_SOCK. */
  readonly environment: Readonly<Record<string, string>>;
  /** Longest time to connect and to exchange keys. */
  readonly connectSeconds?: number;
  /** Keep one connection per host for further commands. Worth it from the second command on. */
  readonly share?: boolean;
  /** A folder of sockets for whoever is to share them; its owner removes it. */
  readonly sockets?: string;
}

const CONNECT_SECONDS = 10;
/** For a command without a limit of its own: nothing of ours stays behind on a host for ever. */
const LONGEST_SECONDS = 6 * 3600;
const KILL_AFTER_MS = 500;
const MOST_OUTPUT = 64 * 1024 ** 2;
/** A connection that nobody needs any more ends by itself. */
const IDLE_SECONDS = 20;
/** What ssh says where it could not share a connection and made one of its own (openssh-portable@V_9_2 mux.c). */
const OF_SHARING = /^(?:ControlSocket \S+ already exists, disabling multiplexing|mux_client_\w+: .*)\r?\n/gm;
/** Runs a command, and has timeout(1), whose child this shell is, end it with all that it started as soon as nobody holds its input open. */
const TETHER = `exec 4<&0 </dev/null
{ cat <&4 >/dev/null; kill -TERM "$PPID"; } >/dev/null 2>&1 &
watch=$!
"$@" 4<&-
code=$?
kill "$watch" 2>/dev/null
exit $code`;
/** Said before a command begins: what stands before it is of the login shell's own files, which may greet whoever comes. */
const BEGINS = 'acc-begins-here';
/** Devices are root's: who comes as another user gets them by the `sudo` that asks for no password, where there is one. In one line, for whatever shell reads it. */
const AS_ROOT = [
  'while read -r key uid rest; do case $key in Uid:) break;; esac; done </proc/self/status',
  'if [ "$uid" = 0 ]; then exec "$@"; fi',
  'if sudo -n true >/dev/null 2>&1 </dev/null; then exec sudo -n -- "$@"; fi',
  'exec "$@"',
].join('; ');
/**
 * A host may give whoever comes its operator's language (pam_env, and /etc/default/locale on Debian): kinds of files, and what differs, are known by their words.
 */
const IN_ENGLISH = ['env', 'LC_ALL=C'];
/** What people have set for sessions of their own: a command to begin with, ports that another session has taken already, something to run here. */
const NOT_INTERACTIVE = ['RemoteCommand=none', 'ClearAllForwardings=yes', 'PermitLocalCommand=no'].flatMap((one) => ['-o', one]);
/** The exit status by which ssh says that it, and not the command, went wrong. */
const TRANSPORT = 255;

/** A socket's path must fit into 104 bytes, so this is as short as it can be. */
export const socketsFolder = () => mkdtempSync(join(tmpdir(), 'acc-ssh-'));

/** This thread, whose connections are its own. */
const OWN = randomUUID();

/** One word a way: ssh's own %C knows nothing of keys, jump hosts and proxies, behind which the same name may be another machine. */
const wayOf = (route: SshRoute) =>
  createHash('sha256')
    .update(JSON.stringify([route, OWN]))
    .digest('hex')
    .slice(0, 12);

/** Hosts behind ssh, which share a folder for their connections' sockets. Disposing closes the connections. */
export class SshHosts implements AsyncDisposable {
  readonly #settings: SshSettings;
  readonly #sockets: string | undefined;
  readonly #opened: SshRoute[] = [];

  constructor(settings: SshSettings) {
    this.#settings = settings;
    this.#sockets = settings.sockets ?? (settings.share === true ? socketsFolder() : undefined);
  }

  open(record: RemoteRecord, route: SshRoute): Host {
    this.#opened.push(route);
    return new RemoteHost(record, (argv, options) => this.#run(record.name, route, argv, options), this.#settings);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#sockets !== undefined) {
      await Promise.all(
        this.#opened.map((route) => this.#ssh([...this.#arguments(route), '-O', 'exit', '--', route.destination], {})),
      );
      await (this.#settings.sockets === undefined && rm(this.#sockets, { recursive: true, force: true }));
    }
  }

  async #run(name: string, route: SshRoute, argv: readonly string[], options: RunOptions): Promise<RemoteResult> {
    // Without a terminal a remote command outlives its client, so it gets a deadline of its own over there.
    const seconds = options.timeoutMs === undefined ? LONGEST_SECONDS : Math.ceil(options.timeoutMs / 1000);
    const tethered = options.isTethered === true ? ['sh', '-c', TETHER, 'sh', ...argv] : argv;
    const line = shellLine(['sh', '-c', AS_ROOT, 'sh', ...IN_ENGLISH, 'timeout', '-k', '1', String(seconds), ...tethered]);
    const command = `echo ${BEGINS}; exec ${forLoginShell(line)}`;
    const result = await this.#ssh([...this.#arguments(route), '--', route.destination, command], options);
    const failure = result.exitCode === TRANSPORT ? transportFailure(name, route, result.stderr) : undefined;
    if (failure !== undefined) {
      throw failure;
    }
    // 124 is what timeout(1) answers when the command's time was up.
    return { ...result, timedOut: result.timedOut || (result.exitCode === 124 && options.timeoutMs !== undefined) };
  }

  #arguments(route: SshRoute): string[] {
    const { port, identityFile, configFile, options = [] } = route;
    const connect = this.#settings.connectSeconds ?? CONNECT_SECONDS;
    const sharing =
      this.#sockets === undefined
        ? ['-o', 'ControlMaster=no', '-o', 'ControlPath=none']
        : [
            '-o',
            'ControlMaster=auto',
            '-o',
            `ControlPath=${this.#sockets}/${wayOf(route)}%C`,
            '-o',
            `ControlPersist=${IDLE_SECONDS}`,
          ];
    return [
      ...(configFile === undefined ? [] : ['-F', configFile]),
      ...['-T', '-o', 'BatchMode=yes', '-o', `ConnectTimeout=${connect}`],
      ...['-o', 'ServerAliveInterval=5', '-o', 'ServerAliveCountMax=3', '-o', 'LogLevel=ERROR'],
      ...NOT_INTERACTIVE,
      ...sharing,
      ...(port === undefined ? [] : ['-p', String(port)]),
      ...(identityFile === undefined ? [] : ['-i', identityFile, '-o', 'IdentitiesOnly=yes']),
      ...options,
    ];
  }

  async #ssh(args: readonly string[], options: RunOptions): Promise<RemoteResult> {
    const { input, isTethered, signal, timeoutMs, onOutput } = options;
    signal?.throwIfAborted();
    const child = execa('ssh', args, {
      env: { LANG: 'C.UTF-8', ...this.#settings.environment },
      extendEnv: false,
      encoding: 'buffer',
      reject: false,
      stripFinalNewline: false,
      maxBuffer: MOST_OUTPUT,
      forceKillAfterDelay: KILL_AFTER_MS,
      // What is tethered ends at the end of its input, which is that of this process or of the connection.
      stdin: input === undefined && isTethered !== true ? 'ignore' : 'pipe',
      ...(input === undefined ? {} : { input }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    });
    if (onOutput !== undefined) {
      let greeting: Buffer | undefined = Buffer.alloc(0);
      child.stdout.on('data', (chunk: Buffer) => {
        const [said, isOver] = greeting === undefined ? [chunk, true] : withoutGreeting(Buffer.concat([greeting, chunk]));
        greeting = isOver ? undefined : said;
        if (isOver && said.length > 0) {
          onOutput(said.toString());
        }
      });
    }
    const { stdout, stderr, exitCode, timedOut, isCanceled, code } = await child;
    if (isCanceled) {
      signal?.throwIfAborted();
    }
    if (code === 'ENOENT') {
      throw new Failure(
        'ssh is not installed here',
        { command: 'ssh' },
        'Install OpenSSH’s client: apt-get install openssh-client',
      );
    }
    return {
      stdout: withoutGreeting(Buffer.from(stdout))[0],
      stderr: Buffer.from(stderr).toString().replace(OF_SHARING, ''),
      exitCode,
      timedOut,
    };
  }
}

/** What a command itself has said, and true once it has begun. */
function withoutGreeting(stdout: Buffer): readonly [said: Buffer, hasBegun: boolean] {
  const line = `${BEGINS}\n`;
  const at = stdout.indexOf(line);
  return at < 0 ? [stdout, false] : [stdout.subarray(at + line.length), true];
}
