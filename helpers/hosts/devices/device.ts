import { Failure } from '../../failure.ts';
import type { CommandResult, DeviceRange, RunOptions, See } from '../command-result.ts';

/** A StorPool volume whose device is looked for on a host. */
export interface VolumeOfDevice {
  readonly name: string;
  readonly globalId: string;
  /** Bytes, as StorPool tells. */
  readonly size: number;
  /**
   * What the first block of a volume of this run holds, unless that block is all zeros. Looked at before the first write where a host has no
   * links by global id.
   */
  readonly mark: string;
}

/** What was found out about a device before it was used. Each use of it is proved by this again. */
export interface Identity {
  readonly volume: VolumeOfDevice;
  /** The links that led to it, the one by global id first. All of them must go on leading there. */
  readonly links: readonly [string, ...string[]];
  /** Where the links lead, such as `/dev/sp-3`. */
  readonly path: string;
  /** The kernel's number of it, `major:minor` in hexadecimal as `stat -c %t:%T` tells; of a mock's file `device:inode`. */
  readonly node: string;
  /** Bytes. */
  readonly size: number;
  /** False where the host has no links by global id. */
  readonly isById: boolean;
}

/** A command on a device, which only the device itself can be given; plan and report show it with the path that a person would type. */
export interface DeviceCommand {
  readonly on: (path: string) => readonly string[];
  readonly writes: boolean;
}

/** What a range must hold: bytes with this SHA-256, in hexadecimal, or, without one, zeros. */
export interface ExpectedRange extends DeviceRange {
  readonly sha256?: string;
}

/** A range that holds something else. */
export interface Mismatch {
  readonly range: ExpectedRange;
  /** Where the first byte is that should be zero and is not; the beginning of a range that has a sum. */
  readonly at: number;
}

/**
 * The device of one volume on one host. Only a host that has proved whose it is makes one (`Host.prove`), so that nothing can be read or
 * written by a path alone. Each use holds the device open (StorPool detaches no open device unless it is forced to), proves by what it holds
 * that it still is that volume's, acts, and proves it again: in one command on the host. Throws `NotTheDevice` when it is not.
 */
export abstract class Device {
  readonly #identity: Identity;
  readonly host: string;

  constructor(host: string, identity: Identity) {
    this.host = host;
    this.#identity = identity;
  }

  get identity(): Identity {
    return this.#identity;
  }

  /** Where its links lead: what commands are given. */
  get path(): string {
    return this.#identity.path;
  }

  /** Bytes, when it was proved. */
  get size(): number {
    return this.#identity.size;
  }

  /** By what it was found, for the evidence. */
  get proof(): string {
    const { links, path, node, isById } = this.#identity;
    const by = isById ? '' : '; no links by global id here: by its name, its size and, before the first write, its first block';
    return `${links[0]} → ${path} (${node})${by}`;
  }

  /** Reads bytes, past any cache that an earlier attachment left. Throws Failure on a short read. */
  abstract read(offset: number, length: number, signal?: AbortSignal): Promise<Buffer>;
  /** Hands over the bytes of a range in order, in pieces that begin at multiples of 4096 and are good only until `see` returns. */
  abstract scan(range: DeviceRange, see: See, signal?: AbortSignal): Promise<void>;
  /** Writes bytes and flushes them. */
  abstract write(offset: number, data: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** The offset of the first byte of the range that is not zero, or undefined. Reads all of it. */
  abstract firstNonZero(offset: number, length: number, signal?: AbortSignal): Promise<number | undefined>;
  /** Reads all of the ranges and tells which hold something else, in their order. */
  abstract compare(expected: readonly ExpectedRange[], signal?: AbortSignal): Promise<Mismatch[]>;
  /** Runs a command on it; never throws for a non-zero exit. */
  abstract run(command: DeviceCommand, options?: RunOptions): Promise<CommandResult>;
}

/** What was seen instead of the device. */
export interface Departure {
  /** What is not as it was, such as `/dev/storpool/NAME leads to /dev/sp-5, not to /dev/sp-3`. */
  readonly why: string;
  /** The links of other volumes that lead to the device that was proved, or to where its own links lead now. */
  readonly others: readonly string[];
}

/** A device is not, or is no longer, that of the volume. */
export class NotTheDevice extends Failure {
  override name = 'NotTheDevice';
}

/** Nothing has been read or written. */
export function refusal(host: string, { volume }: Identity, { why, others }: Departure): NotTheDevice {
  return new NotTheDevice(
    `the device of ${volume.name} is not the device of that volume any more`,
    { ...about(host, volume), found: why, 'now the device of': others.join(', ') || undefined },
    'Nothing was read or written. Find out which volume the device belongs to: storpool attach list.',
  );
}

/** Something was read or written while the device changed hands. */
export function unproved(host: string, { volume, path }: Identity, did: 'read' | 'written', departure: Departure): NotTheDevice {
  const others = departure.others.join(', ') || 'whatever volume it is attached for now: storpool attach list';
  return new NotTheDevice(
    `the device of ${volume.name} was another one after it was ${did} than before`,
    { ...about(host, volume), [did]: path, found: departure.why, ...(did === 'written' && { 'perhaps overwritten': others }) },
    did === 'written'
      ? 'What was written is not proved to be on this volume. Look at once whether the volumes named here still hold their data.'
      : 'What was read is not proved to be of this volume, and is not believed. Find out who led its links elsewhere.',
  );
}

/** Before the first write on a device that is known by its name alone. */
export function foreignContent(host: string, { volume, path }: Identity): NotTheDevice {
  return new NotTheDevice(
    `the device of ${volume.name} holds something that this run has not written`,
    { ...about(host, volume), device: path, 'its first block': `neither zeros nor of run ${volume.mark}` },
    'Nothing was written. This host has no links by global id, so that only the bytes can tell whose device it is: storpool attach list.',
  );
}

export function endsBefore(host: string, path: string, end: number): Failure {
  return new Failure(`${path} on ${host} ends before the bytes asked for`, { end }, 'Compare its size with StorPool’s.');
}

const about = (host: string, { globalId }: VolumeOfDevice) => ({ host, globalId });
