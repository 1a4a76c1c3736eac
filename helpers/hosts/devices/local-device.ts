import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../failure.ts';
import type { CommandResult, DeviceRange, RunOptions, See } from '../command-result.ts';
import {
  type Departure,
  Device,
  type DeviceCommand,
  type ExpectedRange,
  endsBefore,
  foreignContent,
  type Identity,
  type Mismatch,
  refusal,
  unproved,
  type VolumeOfDevice,
} from './device.ts';
import { type AtLink, type DeviceSight, idsOf } from './device-proof.ts';
import type { DeviceReader, Readable } from './device-reader.ts';
import { FIRST_BLOCK, isClaimable } from './first-block.ts';

/** The host that has proved whose the device is. */
export interface LocalParts {
  readonly name: string;
  readonly devices: string;
  readonly reader: DeviceReader;
  readonly run: (argv: readonly string[], options?: RunOptions) => Promise<CommandResult>;
  readonly signal: AbortSignal | undefined;
}

const SECTOR = 512;
const HEX = 16;
/** What somebody has put in the place of the device must not hold us up: a FIFO would. */
const PATIENT_ONLY_WITH_DEVICES = constants.O_NONBLOCK;

/** A device of this machine. */
export class LocalDevice extends Device {
  readonly #host: LocalParts;
  #isClaimed: boolean;

  constructor(host: LocalParts, identity: Identity) {
    super(host.name, identity);
    this.#host = host;
    this.#isClaimed = identity.isById;
  }

  read(offset: number, length: number, signal = this.#host.signal): Promise<Buffer> {
    return this.#reading((from) => this.#host.reader.read(from, offset, length, signal));
  }

  scan(range: DeviceRange, see: See, signal = this.#host.signal): Promise<void> {
    return this.#reading((from) => this.#host.reader.scan(from, range, see, signal));
  }

  firstNonZero(offset: number, length: number, signal = this.#host.signal): Promise<number | undefined> {
    return this.#reading((from) => this.#host.reader.firstNonZero(from, offset, length, signal));
  }

  compare(expected: readonly ExpectedRange[], signal = this.#host.signal): Promise<Mismatch[]> {
    return this.#reading((from) => this.#host.reader.compare(from, expected, signal));
  }

  async write(offset: number, data: Uint8Array, signal = this.#host.signal): Promise<void> {
    await this.#claim(signal);
    // Without O_CREAT: a device that went away in the meantime must not become a plain file in its place.
    await this.#holding('written', constants.O_RDWR, async (file) => {
      if (offset + data.length > (await sizeOf(file))) {
        throw endsBefore(this.host, this.path, offset + data.length);
      }
      await writeAll(file, offset, data, signal);
    });
  }

  async run({ on, writes }: DeviceCommand, options: RunOptions = {}): Promise<CommandResult> {
    if (writes) {
      await this.#claim(options.signal);
    }
    return this.#holding(writes ? 'written' : 'read', constants.O_RDONLY, () => this.#host.run(on(this.path), options));
  }

  #reading<T>(read: (from: Readable) => Promise<T>): Promise<T> {
    return this.#holding('read', constants.O_RDONLY | constants.O_DIRECT, async (file) =>
      read({ path: this.path, size: await sizeOf(file), file }),
    );
  }

  /** Before the first write on a device that is known by its name alone. */
  async #claim(signal: AbortSignal | undefined): Promise<void> {
    if (!this.#isClaimed && !isClaimable(await this.read(0, FIRST_BLOCK, signal), this.identity.volume.mark)) {
      throw foreignContent(this.host, this.identity);
    }
    this.#isClaimed = true;
  }

  async #holding<T>(did: 'read' | 'written', flags: number, act: (file: FileHandle) => Promise<T>): Promise<T> {
    const before = await this.#departure();
    if (before !== undefined) {
      throw refusal(this.host, this.identity, before);
    }
    await using file = await this.#open(flags);
    const held = await this.#departure(file);
    if (held !== undefined) {
      throw refusal(this.host, this.identity, held);
    }
    // Also when it failed midway: what it did until then may have been done to another volume.
    const [done] = await Promise.allSettled([act(file)]);
    const after = await this.#departure(file);
    if (after !== undefined) {
      throw unproved(this.host, this.identity, did, after);
    }
    if (done.status === 'rejected') {
      throw done.reason;
    }
    return done.value;
  }

  async #open(flags: number): Promise<FileHandle> {
    const [link] = this.identity.links;
    try {
      return await open(link, flags | PATIENT_ONLY_WITH_DEVICES);
    } catch (error) {
      // Through the page cache where the file system knows no other way (tmpfs).
      if ((flags & constants.O_DIRECT) !== 0 && codeOf(error) === 'EINVAL') {
        return open(link, (flags & ~constants.O_DIRECT) | PATIENT_ONLY_WITH_DEVICES);
      }
      throw error;
    }
  }

  /** What is not as it was proved: where the links lead, and what is held open. */
  async #departure(file?: FileHandle): Promise<Departure | undefined> {
    const { links, path, node } = this.identity;
    for (const link of links) {
      const target = await unlessMissing(realpath(link));
      if (target !== path) {
        const why = target === undefined ? `${link} is gone` : `${link} leads to ${target}, not to ${path}`;
        return { why, others: await this.#others(target) };
      }
    }
    const now = file === undefined ? undefined : nodeOf(await file.stat());
    return now === undefined || now === node
      ? undefined
      : { why: `${path} is device ${now}, not ${node}`, others: await this.#others() };
  }

  /** The links of others to the device that was proved, and to where ours lead now. */
  async #others(target?: string): Promise<string[]> {
    const { volume, path } = this.identity;
    const [was, is] = await Promise.all([path, target].map((where) => leadingTo(this.#host.devices, where)));
    const own = [join(this.#host.devices, volume.name), join(idsOf(this.#host.devices), volume.globalId)];
    return [...new Set([...(was ?? []), ...(is ?? [])])].filter((link) => !own.includes(link));
  }
}

/** What this machine shows of a volume. */
export async function seeDevice(devices: string, { name, globalId }: VolumeOfDevice): Promise<DeviceSight> {
  const ids = idsOf(devices);
  const [tree, byId, byName] = await Promise.all([
    unlessMissing(stat(ids)),
    atLink(join(ids, globalId)),
    atLink(join(devices, name)),
  ]);
  const leading = await leadingTo(devices, (byId ?? byName)?.path);
  return { hasIds: tree !== undefined, byId, byName, leading };
}

async function atLink(link: string): Promise<AtLink | undefined> {
  const [itself, found, path] = await Promise.all([
    unlessMissing(lstat(link)),
    unlessMissing(stat(link)),
    unlessMissing(realpath(link)),
  ]);
  if (itself === undefined || found === undefined || path === undefined) {
    return;
  }
  const kind = found.isBlockDevice() ? 'block-device' : found.isFile() ? 'file' : 'other';
  const size = kind === 'block-device' ? await blockSize(found.rdev) : found.size;
  return { isLink: itself.isSymbolicLink(), kind, node: nodeOf(found), path, size };
}

/** Every link of either folder that leads to a path. */
async function leadingTo(devices: string, path: string | undefined): Promise<string[]> {
  if (path === undefined) {
    return [];
  }
  const trees = [devices, idsOf(devices)];
  const names = await Promise.all(trees.map((tree) => unlessMissing(readdir(tree))));
  const links = trees.flatMap((tree, i) => (names[i] ?? []).map((name) => join(tree, name)));
  const targets = await Promise.all(links.map((link) => unlessMissing(realpath(link))));
  return links.filter((_link, i) => targets[i] === path);
}

async function writeAll(file: FileHandle, offset: number, data: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
  let written = 0;
  while (written < data.length) {
    signal?.throwIfAborted();
    const { bytesWritten } = await file.write(data, written, data.length - written, offset + written);
    written += bytesWritten;
  }
  await file.sync();
}

interface Facts {
  readonly dev: number;
  readonly ino: number;
  readonly rdev: number;
  readonly size: number;
  isBlockDevice(): boolean;
}

function nodeOf(facts: Facts): string {
  if (!facts.isBlockDevice()) {
    return `${facts.dev}:${facts.ino}`;
  }
  const { major, minor } = numberOf(facts.rdev);
  return `${major.toString(HEX)}:${minor.toString(HEX)}`;
}

/** As glibc's gnu_dev_major and gnu_dev_minor. */
const numberOf = (rdev: number) => ({ major: (rdev >>> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >>> 12) & 0xfff00) });

async function sizeOf(file: FileHandle): Promise<number> {
  const facts = await file.stat();
  return facts.isBlockDevice() ? blockSize(facts.rdev) : facts.size;
}

/** Bytes, from sysfs: `stat` tells 0 for a device. */
export async function blockSize(rdev: number): Promise<number> {
  const { major, minor } = numberOf(rdev);
  const sectors = await unlessMissing(readFile(`/sys/dev/block/${major}:${minor}/size`, 'utf8'));
  if (sectors === undefined) {
    throw new Failure(`the size of device ${major}:${minor} is not known`, {}, 'Check that /sys is mounted.');
  }
  return Number(sectors) * SECTOR;
}

export async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) {
      return;
    }
    throw error;
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');
