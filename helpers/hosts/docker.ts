import { execa } from 'execa';
import { shellLine } from '../commands.ts';
import { Failure } from '../failure.ts';
import { shell } from '../shell.ts';
import type { CommandResult, Host, HostRecord, PathFacts, RunOptions } from './host.ts';
import type { LocalOptions } from './local.ts';

const KEPT_OUTPUT = 4096;
const MOST_BYTES = 256 * 1024 * 1024;
/** What O_DIRECT asks of offsets and lengths on any drive. */
const ALIGNMENT = 4096;
const KILL_AFTER_S = 2;

/** Prints what `$1` is, its size in bytes, whether it is a link, and where it leads: one a line. */
const INSPECT = `
  [ -e "$1" ] || { echo missing; exit 0; }
  if [ -b "$1" ]; then echo block-device; blockdev --getsize64 "$1"
  elif [ -f "$1" ]; then echo file; stat -Lc %s "$1"
  elif [ -d "$1" ]; then echo directory; echo 0
  else echo other; echo 0; fi
  if [ -L "$1" ]; then echo link; readlink -f "$1"; else echo itself; fi`;

/** Prints the bytes \`$2\` to \`$2 + $3\` of the device, past the page cache that an earlier attachment may have left. */
const READ = 'exec dd if="$1" iflag=direct,skip_bytes,count_bytes,fullblock bs=4M skip="$2" count="$3" status=none';
const COMPARE = `set -o pipefail; ${READ.replace('exec ', '')} | cmp -n "$3" - /dev/zero`;
const WRITE = 'exec dd of="$1" bs=1M oflag=seek_bytes seek="$2" conv=nocreat,notrunc,fsync status=none';

/** A container as a host of the deployment, through `docker exec`. */
export class DockerHost implements Host {
  readonly name: string;
  readonly client: number;
  readonly devices: string;
  readonly makesBlockDevices = true;
  readonly onExecution?: NonNullable<Host['onExecution']>;
  readonly #container: string;
  readonly #options: LocalOptions;

  constructor(record: HostRecord, container: string, options: LocalOptions) {
    this.name = record.name;
    this.client = record.client;
    this.devices = record.devices;
    this.#container = container;
    this.#options = options;
    if (options.onExecution !== undefined) {
      this.onExecution = options.onExecution;
    }
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    const started = performance.now();
    const { environment, redactor } = this.#options;
    const result = told(await shell(this.#exec(argv, options), { signal: this.#options.signal, ...options, environment }));
    const tidy = (text: string) => redactor?.mask(text) ?? text;
    this.onExecution?.({
      command: tidy(shellLine(argv)),
      host: this.name,
      exitCode: result.exitCode,
      ms: Math.round(performance.now() - started),
      output: tidy(`${result.stdout}${result.stderr}`).slice(-KEPT_OUTPUT),
    });
    return result;
  }

  async read(path: string, offset: number, length: number, signal = this.#options.signal): Promise<Buffer> {
    const { from, count } = await this.#aligned(path, offset, length);
    const bytes = await this.#pipe(['sh', '-c', READ, 'read', path, `${from}`, `${count}`], undefined, signal);
    const piece = bytes.subarray(offset - from, offset - from + length);
    if (piece.length < length) {
      const details = { path, host: this.name, at: offset + piece.length, wanted: length - piece.length };
      throw new Failure('a read came back short', details, 'Look into the kernel log: dmesg');
    }
    return piece;
  }

  async firstNonZero(path: string, offset: number, length: number, signal = this.#options.signal): Promise<number | undefined> {
    const { from, count } = await this.#aligned(path, offset, length);
    if (from !== offset || count !== length) {
      const bytes = await this.read(path, offset, length, signal);
      const found = bytes.findIndex((byte) => byte !== 0);
      return found === -1 ? undefined : offset + found;
    }
    const argv = ['bash', '-c', COMPARE, 'compare', path, `${from}`, `${count}`];
    const { exitCode, stdout, stderr } = await shell(this.#exec(argv, {}), { signal, environment: this.#options.environment });
    const [, byte] = /differ: (?:byte|char) (\d+)/.exec(stdout) ?? [];
    if (exitCode !== 0 && byte === undefined) {
      throw new Failure(
        `${path} could not be read`,
        { host: this.name, stderr: stderr.trim() },
        'Look into the kernel log: dmesg',
      );
    }
    return byte === undefined ? undefined : offset + Number(byte) - 1;
  }

  async write(path: string, offset: number, data: Uint8Array, signal = this.#options.signal): Promise<void> {
    const size = await this.#deviceSize(path);
    if (offset + data.length > size) {
      const details = { path, size, wanted: `bytes ${offset} to ${offset + data.length}` };
      throw new Failure('the device ends before the bytes that should be written', details, 'Compare its size with StorPool’s.');
    }
    await this.#pipe(['sh', '-c', WRITE, 'write', path, `${offset}`], data, signal);
  }

  async inspect(path: string): Promise<PathFacts> {
    const { stdout } = await this.#quietly(['sh', '-c', INSPECT, 'inspect', path]);
    const [kind, size, how, target] = stdout.split('\n');
    if (kind === 'block-device' || kind === 'file') {
      const plain = kind === 'file' ? { plain: how === 'itself' } : {};
      return { kind, size: Number(size), ...plain, ...(how === 'link' && target !== undefined ? { target } : {}) };
    }
    return { kind: kind === 'missing' || kind === 'directory' ? kind : 'other' };
  }

  async deviceNames(): Promise<string[]> {
    const trees = [this.devices, `${this.devices}-byid`];
    const { stdout } = await this.#quietly(['find', ...trees, '-mindepth', '1', '-maxdepth', '1', '-printf', '%f\\n']);
    return stdout.split('\n').filter(Boolean).toSorted();
  }

  /** For the suite's own looks, which are no commands that a person would type. */
  #quietly(argv: readonly string[]): Promise<CommandResult> {
    return shell(this.#exec(argv, {}), { signal: this.#options.signal, environment: this.#options.environment });
  }

  /** A command in a container outlives the client that asked for it, so that its time limit is kept inside. */
  #exec(argv: readonly string[], { input, timeoutMs }: RunOptions): string[] {
    const limit = timeoutMs === undefined ? [] : ['timeout', '-k', `${KILL_AFTER_S}`, `${timeoutMs / 1000}`];
    return ['docker', 'exec', ...(input === undefined ? [] : ['-i']), this.#container, ...limit, ...argv];
  }

  async #aligned(path: string, offset: number, length: number): Promise<{ from: number; count: number }> {
    const size = await this.#deviceSize(path);
    if (offset + length > size) {
      const details = { path, size, wanted: `bytes ${offset} to ${offset + length}` };
      throw new Failure('the device ends before the bytes that should be read', details, 'Compare its size with StorPool’s.');
    }
    const from = offset - (offset % ALIGNMENT);
    const end = Math.min(size, Math.ceil((offset + length) / ALIGNMENT) * ALIGNMENT);
    return { from, count: end - from };
  }

  async #deviceSize(path: string): Promise<number> {
    const { kind, size = 0, target } = await this.inspect(path);
    if (kind === 'block-device') {
      return size;
    }
    throw new Failure(
      `${path} on ${this.name} is no block device`,
      { found: kind === 'missing' ? 'nothing' : `a ${kind}`, target },
      kind === 'missing'
        ? 'Check that the volume is attached to this host and that storpool_block runs: storpool attach list'
        : 'Move it out of the way before the volume is attached: whatever was written there is not in StorPool.',
    );
  }

  /** Bytes in, bytes out. Throws Failure when the command does not end well. */
  async #pipe(argv: readonly string[], input: Uint8Array | undefined, signal: AbortSignal | undefined): Promise<Buffer> {
    const [file = '', ...rest] = this.#exec(argv, input === undefined ? {} : { input });
    const { stdout, stderr, exitCode } = await execa(file, rest, {
      env: this.#options.environment,
      extendEnv: false,
      encoding: 'buffer',
      maxBuffer: MOST_BYTES,
      reject: false,
      stripFinalNewline: false,
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    });
    signal?.throwIfAborted();
    if (exitCode !== 0) {
      const details = { command: shellLine(argv), exit: exitCode, stderr: Buffer.from(stderr).toString().trim() };
      throw new Failure(`${this.name} could not ${argv[3]} ${argv[4]}`, details, 'Look into the kernel log: dmesg');
    }
    return Buffer.from(stdout);
  }
}

// Docker's own exit codes for a program that is not there (126, 127) come with this text.
function told(result: CommandResult): CommandResult {
  return /^OCI runtime exec failed/.test(result.stderr) ? { ...result, exitCode: undefined } : result;
}
