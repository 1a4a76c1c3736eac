import type { DiskFormat } from '../glance/disk-format.ts';
import type { DeviceRange } from '../hosts/command-result.ts';
import type { DeviceCommand } from '../hosts/devices/device.ts';

/** Metadata, such as the mark of the run that makes the thing. */
type Metadata = Readonly<Record<string, string>>;

/** Volumes, snapshots and servers are named as a person names them: by name or id. Sizes are GiB. */
export interface VolumeCommand {
  readonly name: string;
  readonly gib: number;
  readonly imageId?: string | undefined;
  readonly snapshotId?: string | undefined;
  readonly volumeType?: string | undefined;
  readonly metadata?: Metadata;
}

export interface SnapshotCommand {
  readonly name: string;
  readonly volume: string;
  readonly metadata?: Metadata;
}

export interface ImageCommand {
  readonly name: string;
  readonly file: string;
  readonly diskFormat?: DiskFormat;
  readonly metadata?: Metadata;
}

export interface ServerCommand {
  readonly name: string;
  readonly snapshotId: string;
  readonly flavor: string;
  /** `none`, `auto` or a network id. */
  readonly nic: string;
  readonly metadata?: Metadata;
}

type Argv = readonly string[];

export interface VolumeCommands {
  createVolume(volume: VolumeCommand): Argv;
  listVolumes(): Argv;
  showVolume(of: { readonly volume: string }): Argv;
  extendVolume(to: { readonly volume: string; readonly gib: number }): Argv;
  deleteVolume(of: { readonly volume: string }): Argv;
  createSnapshot(snapshot: SnapshotCommand): Argv;
  listSnapshots(): Argv;
  deleteSnapshot(of: { readonly snapshot: string }): Argv;
}

export interface ImageCommands {
  imageList(): Argv;
  uploadImage(image: ImageCommand): Argv;
  /** By id. */
  deleteImage(of: { readonly image: string }): Argv;
}

export interface ServerCommands {
  bootFromSnapshot(server: ServerCommand): Argv;
  showServer(of: { readonly server: string }): Argv;
  consoleLog(of: { readonly server: string }): Argv;
  deleteServer(of: { readonly server: string }): Argv;
}

export interface StorpoolCommands {
  storpoolVolumeList(): Argv;
  storpoolVolumeStatus(name?: string): Argv;
  storpoolSnapshotList(): Argv;
  attachHere(name: string): Argv;
  detachHere(name: string): Argv;
}

interface QemuImgCopy {
  readonly source: string;
  /** Of the source, as qemu-img calls it. */
  readonly format: string;
  readonly bytesPerSecond?: number;
}

export interface FileCommands {
  /** With `format` qemu-img does not guess it, which whoever made the image could turn against the host. */
  qemuImgInfo(file: string, format: string): Argv;
  /** `bytesPerSecond` slows the copy of a small image down enough to be watched (qemu-img's `-r`). */
  qemuImgConvert(copy: QemuImgCopy): DeviceCommand;
  /** Hands what was written to the device on to StorPool. */
  flush(): DeviceCommand;
  /** Bytes, in whole blocks of the device. */
  discard(range: DeviceRange): DeviceCommand;
  fileL(): DeviceCommand;
  fileSL(): DeviceCommand;
}

/** What the guide leaves open about volumes. */
export interface BeyondVolumeCommands {
  cloneVolume(clone: {
    readonly name: string;
    readonly gib: number;
    /** An id. */
    readonly source: string;
    readonly metadata?: Metadata;
  }): Argv;
  revertVolume(to: { readonly snapshot: string }): Argv;
  extendInUse(to: { readonly volume: string; readonly gib: number }): Argv;
  volumeToImage(of: { readonly volume: string; readonly image: string }): Argv;
  retypeVolume(to: { readonly volume: string; readonly type: string }): Argv;
}

interface OnServer {
  readonly server: string;
  /** An id. */
  readonly volume: string;
}

/** What it leaves open about servers. */
export interface BeyondServerCommands {
  bootFromVolume(server: Omit<ServerCommand, 'snapshotId'> & { readonly volume: string }): Argv;
  /** `isShared`: several servers may have it (multiattach). */
  attachToServer(what: OnServer & { readonly isShared?: boolean }): Argv;
  detachFromServer(what: OnServer): Argv;
  liveMigrate(to: { readonly server: string; readonly host: string }): Argv;
  stopServer(what: { readonly server: string }): Argv;
  hardReboot(what: { readonly server: string }): Argv;
}

type OfTheGuide = VolumeCommands & ImageCommands & ServerCommands & StorpoolCommands & FileCommands;

/**
 * The command lines of the guide, as argv. The only place in the suite that spells them: plan, report and (with `--clients`) the run
 * itself take them from here.
 */
export interface CommandBook extends OfTheGuide, BeyondVolumeCommands, BeyondServerCommands {}
