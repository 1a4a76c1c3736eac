import { constants } from 'node:fs';
import { lstat, open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { shellLine } from '../commands.ts';
import type { RecordExecution } from '../evidence.ts';
import { Failure } from '../failure.ts';
import type { Redactor } from '../redact.ts';
import { shell } from '../shell.ts';
import { DeviceReader, type Readable } from './device-reader.ts';
import type { CommandResult, DeviceRange, Host, HostRecord, PathFacts, RunOptions, See } from './host.ts';

export interface LocalOptions {
  readonly redactor?: Redactor | undefined;
  readonly onExecution?: RecordExecution | undefined;
  /** What commands see of the environment: PATH and HOME at least. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const KEPT_OUTPUT = 4096;
const SECTOR = 512;

/** This machine as a host of the deployment. */
export class LocalHost implements Host {
  readonly name: string;
  readonly client: number;
  readonly devices: string;
  readonly makesBlockDevices: boolean;
  readonly onExecution?: RecordExecution;
  readonly #options: LocalOptions;
  readonly #reader = new DeviceReader();

  constructor(record: HostRecord, options: LocalOptions) {
    this.name = record.name;
    this.client = record.client;
    this.devices = record.devices;
    this.makesBlockDevices = record.files !== true;
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

  async read(path: string, offset: number, length: number, signal = this.#options.signal): Promise<Buffer> {
    return this.#reader.read(await this.#device(path), offset, length, signal);
  }

  async scan(path: string, range: DeviceRange, see: See, signal = this.#options.signal): Promise<void> {
    await this.#reader.scan(await this.#device(path), range, see, signal);
  }

  async firstNonZero(path: string, offset: number, length: number, signal = this.#options.signal): Promise<number | undefined> {
    return this.#reader.firstNonZero(await this.#device(path), offset, length, signal);
  }

  async write(path: string, offset: number, data: Uint8Array, signal = this.#options.signal): Promise<void> {
    signal?.throwIfAborted();
    const device = await this.#device(path);
    if (offset + data.length > device.size) {
      const details = { path, size: device.size, wanted: `bytes ${offset} to ${offset + data.length}` };
      throw new Failure('the device ends before the bytes that should be written', details, 'Compare its size with StorPool’s.');
    }
    // Without O_CREAT: a device that went away in the meantime must not become a plain file in its place.
    await using file = await open(device.path, constants.O_RDWR);
    let written = 0;
    while (written < data.length) {
      signal?.throwIfAborted();
      const { bytesWritten } = await file.write(data, written, data.length - written, offset + written);
      written += bytesWritten;
    }
    await file.sync();
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
      return { kind: 'block-device', size: await deviceSize(path, found.rdev), ...where };
    }
    if (found.isFile()) {
      return { kind: 'file', size: found.size, plain: itself.isFile(), ...where };
    }
    return { kind: found.isDirectory() ? 'directory' : 'other', ...where };
  }

  async deviceNames(): Promise<string[]> {
    const trees = await Promise.all([this.devices, `${this.devices}-byid`].map((tree) => unlessMissing(readdir(tree))));
    return trees.flatMap((names) => names ?? []).toSorted();
  }

  /** Refuses anything that is not a block device, or the mock's stand-in for one. */
  async #device(path: string): Promise<Readable> {
    const facts = await this.inspect(path);
    const { kind, size = 0, target } = facts;
    if (kind === 'block-device' || (kind === 'file' && !this.makesBlockDevices && isStandIn(path, target))) {
      return { path, size };
    }
    throw new Failure(
      `${path} on ${this.name} is no block device`,
      { found: kind === 'missing' ? 'nothing' : `a ${kind}`, target },
      kind === 'missing'
        ? 'Check that the volume is attached to this host and that storpool_block runs: storpool attach list'
        : 'Move it out of the way before the volume is attached: whatever was written there is not in StorPool.',
    );
  }
}

/** A mock without loop devices links its device names to regular files outside /dev. A plain file in the place of a link is none. */
function isStandIn(path: string, target: string | undefined): boolean {
  return target !== undefined && target !== path && !target.startsWith('/dev/');
}

/** Bytes, from sysfs: `stat` tells 0 for a device. */
async function deviceSize(path: string, rdev: number): Promise<number> {
  const major = (rdev >>> 8) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
  const sectors = await unlessMissing(readFile(`/sys/dev/block/${major}:${minor}/size`, 'utf8'));
  if (sectors === undefined) {
    throw new Failure(`the size of ${path} is not known`, { device: `${major}:${minor}` }, 'Check that /sys is mounted.');
  }
  return Number(sectors) * SECTOR;
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return;
    }
    throw error;
  }
}
