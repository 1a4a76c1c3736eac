import { shellLine } from '../commands.ts';
import type { RecordExecution } from '../evidence.ts';
import { Failure } from '../failure.ts';
import type { Redactor } from '../redact.ts';
import type { CommandResult, DeviceRange, Host, PathFacts, RunOptions, See } from './host.ts';

/** What a command on another machine gave, its output as it came. */
export interface RemoteResult extends Omit<CommandResult, 'stdout'> {
  readonly stdout: Buffer;
}

/** Carries out one command elsewhere, without a shell's splitting. Throws Failure when the way there is broken. */
export type Channel = (argv: readonly string[], options: RunOptions) => Promise<RemoteResult>;

export interface RemoteOptions {
  readonly redactor?: Redactor | undefined;
  readonly onExecution?: RecordExecution | undefined;
  readonly signal?: AbortSignal | undefined;
}

const KEPT_OUTPUT = 4096;
/** What O_DIRECT asks of offsets and lengths on any drive. */
const ALIGNMENT = 4096;
const KINDS: Readonly<Record<string, PathFacts['kind']>> = {
  'block special file': 'block-device',
  'regular file': 'file',
  'regular empty file': 'file',
  directory: 'directory',
};

// Each of these needs no more than POSIX sh, GNU or busybox stat, and GNU dd.
const INSPECT = `[ -e "$1" ] || exit 0
stat -c %F -- "$1"
stat -L -c '%F|%s' -- "$1"
readlink -f -- "$1"
[ ! -b "$1" ] || blockdev --getsize64 "$1"`;
const READ = 'exec dd if="$1" iflag=direct,skip_bytes,count_bytes bs=4M skip="$2" count="$3" status=none';
// A device that went away in the meantime must not become a plain file in its place: nocreat.
const WRITE = '[ -b "$1" ] && exec dd of="$1" oflag=seek_bytes conv=notrunc,nocreat,fsync bs=4M seek="$2" status=none';
const ZEROS = 'dd if="$1" iflag=direct,skip_bytes,count_bytes bs=4M skip="$2" count="$3" status=none | cmp -n "$3" - /dev/zero';

/** A host that is reached by commands alone. Its devices are real block devices. */
export class RemoteHost implements Host {
  readonly name: string;
  readonly client: number;
  readonly devices: string;
  readonly makesBlockDevices = true;
  readonly onExecution?: RecordExecution;
  readonly #channel: Channel;
  readonly #options: RemoteOptions;

  constructor(record: Pick<Host, 'name' | 'client' | 'devices'>, channel: Channel, options: RemoteOptions = {}) {
    this.name = record.name;
    this.client = record.client;
    this.devices = record.devices;
    this.#channel = channel;
    this.#options = options;
    if (options.onExecution !== undefined) {
      this.onExecution = options.onExecution;
    }
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    const result = await this.#carryOut(argv, options);
    const stdout = result.stdout.toString();
    return { ...result, stdout };
  }

  async read(path: string, offset: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    await this.#device(path, offset + length);
    const start = offset - (offset % ALIGNMENT);
    const end = Math.ceil((offset + length) / ALIGNMENT) * ALIGNMENT;
    const result = await this.#script(READ, [path, String(start), String(end - start)], { signal });
    const bytes = result.stdout.subarray(offset - start, offset - start + length);
    if (result.exitCode !== 0 || bytes.length !== length) {
      const details = { path, wanted: `bytes ${offset} to ${offset + length}`, got: bytes.length, said: result.stderr.trim() };
      throw new Failure(`a read on ${this.name} came back short`, details, 'Look into the kernel log there: dmesg');
    }
    return bytes;
  }

  async scan(path: string, { offset, length }: DeviceRange, see: See, signal?: AbortSignal): Promise<void> {
    see(await this.read(path, offset, length, signal), offset);
  }

  async write(path: string, offset: number, data: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#device(path, offset + data.length);
    const result = await this.#script(WRITE, [path, String(offset)], { signal, input: data });
    if (result.exitCode !== 0) {
      const details = { path, offset, length: data.length, said: result.stderr.trim() };
      throw new Failure(`a write on ${this.name} did not succeed`, details, 'Look into the kernel log there: dmesg');
    }
  }

  async firstNonZero(path: string, offset: number, length: number, signal?: AbortSignal): Promise<number | undefined> {
    await this.#device(path, offset + length);
    const head = Math.min(length, (ALIGNMENT - (offset % ALIGNMENT)) % ALIGNMENT);
    const first = head === 0 ? -1 : (await this.read(path, offset, head, signal)).findIndex((byte) => byte !== 0);
    if (first >= 0 || head === length) {
      return first >= 0 ? offset + first : undefined;
    }
    const result = await this.#script(ZEROS, [path, String(offset + head), String(length - head)], { signal });
    const differs = /differ: (?:byte|char) (\d+)/.exec(result.stdout.toString())?.[1];
    if (result.exitCode !== 0 && differs === undefined) {
      throw new Failure(
        `${path} on ${this.name} could not be read`,
        { said: result.stderr.trim() },
        'Look into the kernel log there: dmesg',
      );
    }
    return differs === undefined ? undefined : offset + head + Number(differs) - 1;
  }

  async inspect(path: string): Promise<PathFacts> {
    const result = await this.#script(INSPECT, [path], {});
    const [itself, followed, target, bytes] = result.stdout.toString().split('\n');
    if (itself === undefined || itself === '' || followed === undefined) {
      return { kind: 'missing' };
    }
    const [is = '', size = '0'] = followed.split('|');
    const kind = KINDS[is] ?? 'other';
    const where = itself === 'symbolic link' && target !== undefined ? { target } : {};
    if (kind === 'block-device') {
      return { kind, size: Number(bytes), ...where };
    }
    return kind === 'file' ? { kind, size: Number(size), plain: itself !== 'symbolic link', ...where } : { kind, ...where };
  }

  async deviceNames(): Promise<string[]> {
    const result = await this.#script('ls -1 -- "$1" "$2" 2>/dev/null', [this.devices, `${this.devices}-byid`], {});
    const names = result.stdout.toString().split('\n');
    return names.filter((name) => name !== '' && !name.endsWith(':')).toSorted();
  }

  #script(text: string, args: readonly string[], options: RunOptions): Promise<RemoteResult> {
    return this.#carryOut(['sh', '-c', text, 'sh', ...args], options);
  }

  async #carryOut(argv: readonly string[], options: RunOptions): Promise<RemoteResult> {
    const started = performance.now();
    const result = await this.#channel(argv, { ...options, signal: options.signal ?? this.#options.signal });
    const tidy = (text: string) => this.#options.redactor?.mask(text) ?? text;
    const output = result.stdout.subarray(0, KEPT_OUTPUT).toString();
    const execution = {
      command: tidy(shellLine(argv)),
      host: this.name,
      exitCode: result.exitCode,
      ms: Math.round(performance.now() - started),
      output: tidy(`${output}${result.stderr}`).slice(-KEPT_OUTPUT),
    };
    this.onExecution?.(execution, argv);
    return result;
  }

  /** Refuses anything that is not a block device which holds the range. */
  async #device(path: string, end: number): Promise<void> {
    const { kind, size = 0, target } = await this.inspect(path);
    if (kind !== 'block-device') {
      const details = { found: kind === 'missing' ? 'nothing' : `a ${kind}`, target };
      const advice = 'Check that the volume is attached to this host and that storpool_block runs: storpool attach list';
      throw new Failure(`${path} on ${this.name} is no block device`, details, advice);
    }
    if (end > size) {
      throw new Failure(
        `${path} on ${this.name} ends before the bytes asked for`,
        { size, end },
        'Compare its size with StorPool’s.',
      );
    }
  }
}
