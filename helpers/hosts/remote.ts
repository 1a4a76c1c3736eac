import { shellLine } from '../commands/commands.ts';
import type { RecordExecution } from '../evidence.ts';
import type { Redactor } from '../redact.ts';
import type { CommandResult, RemoteResult, RunOptions } from './command-result.ts';
import type { Device, VolumeOfDevice } from './devices/device.ts';
import { type DeviceTrees, identify, idsOf, standInsOf, Unproved } from './devices/device-proof.ts';
import { RemoteDevice, type RemoteParts, seeRemoteDevice } from './devices/remote-device.ts';
import type { Host, HostRecord, PathFacts } from './host.ts';

/** Carries out one command elsewhere, without a shell's splitting. Throws Failure when the way there is broken. */
export type Channel = (argv: readonly string[], options: RunOptions) => Promise<RemoteResult>;

export interface RemoteOptions {
  readonly redactor?: Redactor | undefined;
  readonly onExecution?: RecordExecution | undefined;
  readonly signal?: AbortSignal | undefined;
}

const KEPT_OUTPUT = 4096;
/** More than the mask looks at besides: a secret that was cut within would not be known as one. */
const MARGIN = 16_384;
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

/** A host as data, but for the way to it. */
export type RemoteRecord = Pick<HostRecord, 'name' | 'client' | 'devices' | 'loops'>;

/** A host that is reached by commands alone. Its devices are real block devices. */
export class RemoteHost implements Host {
  readonly name: string;
  readonly client: number;
  readonly devices: string;
  readonly makesBlockDevices = true;
  readonly onExecution?: RecordExecution;
  readonly #standIns: DeviceTrees['standIns'];
  readonly #channel: Channel;
  readonly #options: RemoteOptions;

  constructor(record: RemoteRecord, channel: Channel, options: RemoteOptions = {}) {
    this.name = record.name;
    this.client = record.client;
    this.devices = record.devices;
    this.#standIns = standInsOf(record);
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

  async prove(volume: VolumeOfDevice): Promise<Device | Unproved> {
    const { name, devices } = this;
    const script: RemoteParts['script'] = (text, args, options, shown) => this.#script(text, args, options, shown);
    const sight = await seeRemoteDevice({ name, devices, script }, volume);
    const identity = identify(volume, { devices, standIns: this.#standIns }, sight);
    return identity instanceof Unproved ? identity : new RemoteDevice({ name, devices, script, line: shellLine }, identity);
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
    const result = await this.#script('ls -1 -- "$1" "$2" 2>/dev/null', [this.devices, idsOf(this.devices)], {});
    const names = result.stdout.toString().split('\n');
    return names.filter((name) => name !== '' && !name.endsWith(':')).toSorted();
  }

  #script(text: string, args: readonly string[], options: RunOptions, shown?: string): Promise<RemoteResult> {
    return this.#carryOut(['sh', '-c', text, 'sh', ...args], options, shown);
  }

  async #carryOut(argv: readonly string[], options: RunOptions, shown = shellLine(argv)): Promise<RemoteResult> {
    const started = performance.now();
    const result = await this.#channel(argv, { ...options, signal: options.signal ?? this.#options.signal });
    const { redactor } = this.#options;
    const tidy = (text: string) => redactor?.mask(text) ?? text;
    const said = result.stdout.subarray(0, KEPT_OUTPUT + MARGIN).toString();
    const output = redactor?.maskStart(said, KEPT_OUTPUT) ?? said.slice(0, KEPT_OUTPUT);
    const execution = {
      command: tidy(shown),
      host: this.name,
      exitCode: result.exitCode,
      ms: Math.round(performance.now() - started),
      output: `${output}${tidy(result.stderr)}`.slice(-KEPT_OUTPUT),
    };
    this.onExecution?.(execution, argv);
    return result;
  }
}
