import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Device, type VolumeOfDevice } from '../hosts/devices/device.ts';
import type { Host } from '../hosts/host.ts';

const MIB = 1024 ** 2;

/** A volume that is attached: its bytes, and where its two links lead. */
export interface AttachedVolume {
  readonly volume: VolumeOfDevice;
  readonly file: string;
  readonly target: string;
  readonly byName: string;
  readonly byId: string;
}

/** True when this process may make loop devices. */
export function hasLoops(): boolean {
  try {
    execFileSync('losetup', ['-f'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A host's device links in a folder of their own, leading to loop devices or to files. */
export class DeviceFolder implements AsyncDisposable {
  readonly dir: string;
  readonly devices: string;
  readonly #kind: 'loops' | 'files';
  readonly #loops: string[] = [];

  private constructor(dir: string, kind: 'loops' | 'files') {
    this.dir = dir;
    this.devices = join(dir, 'storpool');
    this.#kind = kind;
  }

  static async make(kind: 'loops' | 'files'): Promise<DeviceFolder> {
    const dir = await realpath(await mkdtemp(join(tmpdir(), 'acc-devices-')));
    const folder = new DeviceFolder(dir, kind);
    await mkdir(folder.devices);
    await mkdir(`${folder.devices}-byid`);
    return folder;
  }

  async attach(name: string, globalId: string, size = MIB): Promise<AttachedVolume> {
    const file = join(this.dir, `bytes-${globalId}`);
    writeFileSync(file, '');
    truncateSync(file, size);
    const target = this.#kind === 'files' ? file : this.#loop(file);
    const byName = join(this.devices, name);
    const byId = join(`${this.devices}-byid`, globalId);
    await this.lead(byName, target);
    await this.lead(byId, target);
    return { volume: { name, globalId, size, mark: 'run-of-test' }, file, target, byName, byId };
  }

  /** Leads a link somewhere in one step, as udev does. */
  async lead(link: string, target: string): Promise<void> {
    await symlink(target, `${link}.new`);
    await rename(`${link}.new`, link);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const loop of this.#loops) {
      execFileSync('losetup', ['-d', loop]);
    }
    await rm(this.dir, { recursive: true });
  }

  #loop(file: string): string {
    const loop = execFileSync('flock', ['/dev/loop-control', 'losetup', '-f', '--show', file], { encoding: 'utf8' }).trim();
    this.#loops.push(loop);
    return loop;
  }
}

/** The device of a volume. Throws when the host does not prove it. */
export async function provedDevice(host: Host, { volume }: AttachedVolume): Promise<Device> {
  const proved = await host.prove(volume);
  if (!(proved instanceof Device)) {
    throw new Error(proved.why);
  }
  return proved;
}

/** What a volume really holds, flushed by the device that stands on it. */
export async function bytesOf({ file, target }: AttachedVolume): Promise<Buffer> {
  if (target !== file) {
    execFileSync('blockdev', ['--flushbufs', target]);
  }
  return readFile(file);
}
