import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { shellLine } from '../commands/commands.ts';
import { shell } from '../commands/shell.ts';
import type { RecordExecution } from '../evidence.ts';
import type { Redactor } from '../redact.ts';
import type { CommandResult, RunOptions } from './command-result.ts';
import type { Device, VolumeOfDevice } from './devices/device.ts';
import { type DeviceTrees, identify, idsOf, standInsOf, Unproved } from './devices/device-proof.ts';
import { DeviceReader } from './devices/device-reader.ts';
import { blockSize, LocalDevice, seeDevice, unlessMissing } from './devices/local-device.ts';
import type { Host, HostRecord, PathFacts } from './host.ts';

export interface LocalOptions {
  readonly redactor?: Redactor | undefined;
  readonly onExecution?: RecordExecution | undefined;
  /** What commands see of the environment: PATH and HOME at least. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const KEPT_OUTPUT = 4096;

/** This machine as a host of the deployment. */
export class LocalHost implements Host {
  readonly name: string;
  readonly client: number;
  readonly devices: string;
  readonly makesBlockDevices: boolean;
  readonly onExecution?: RecordExecution;
  readonly #options: LocalOptions;
  readonly #standIns: DeviceTrees['standIns'];
  readonly #reader = new DeviceReader();

  constructor(record: HostRecord, options: LocalOptions) {
    this.name = record.name;
    this.client = record.client;
    this.devices = record.devices;
    this.makesBlockDevices = record.files !== true;
    this.#standIns = standInsOf(record);
    this.#options = options;
    if (options.onExecution !== undefined) {
      this.onExecution = options.onExecution;
    }
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    const started = performance.now();
    const { environment, redactor } = this.#options;
    const result = await shell(argv, { signal: this.#options.signal, ...options, environment });
    const tidy = (text: string) => redactor?.mask(text) ?? text;
    const execution = {
      command: tidy(shellLine(argv)),
      host: this.name,
      exitCode: result.exitCode,
      ms: Math.round(performance.now() - started),
      output: tidy(`${result.stdout}${result.stderr}`).slice(-KEPT_OUTPUT),
    };
    this.onExecution?.(execution, argv);
    return result;
  }

  async prove(volume: VolumeOfDevice): Promise<Device | Unproved> {
    const { name, devices } = this;
    const identity = identify(volume, { devices, standIns: this.#standIns }, await seeDevice(devices, volume));
    if (identity instanceof Unproved) {
      return identity;
    }
    const run: Host['run'] = (argv, options) => this.run(argv, options);
    return new LocalDevice({ name, devices, reader: this.#reader, run, signal: this.#options.signal }, identity);
  }

  async inspect(path: string): Promise<PathFacts> {
    const itself = await unlessMissing(lstat(path));
    if (itself === undefined) {
      return { kind: 'missing' };
    }
    const target = itself.isSymbolicLink() ? await unlessMissing(realpath(path)) : undefined;
    const found = await unlessMissing(stat(path));
    if (found === undefined) {
      return { kind: 'missing' };
    }
    const where = target === undefined ? {} : { target };
    if (found.isBlockDevice()) {
      return { kind: 'block-device', size: await blockSize(found.rdev), ...where };
    }
    if (found.isFile()) {
      return { kind: 'file', size: found.size, plain: itself.isFile(), ...where };
    }
    return { kind: found.isDirectory() ? 'directory' : 'other', ...where };
  }

  async deviceNames(): Promise<string[]> {
    const trees = await Promise.all([this.devices, idsOf(this.devices)].map((tree) => unlessMissing(readdir(tree))));
    return trees.flatMap((names) => names ?? []).toSorted();
  }
}
