import type { RecordExecution } from '../evidence.ts';
import type { CommandResult, RunOptions } from './command-result.ts';
import type { Device, VolumeOfDevice } from './devices/device.ts';
import type { Unproved } from './devices/device-proof.ts';

/** How to reach a host with the system's OpenSSH. What is not said is left to `~/.ssh/config` and the agent. */
export interface SshRoute {
  /** A name that ssh knows, or `user@address`. */
  readonly destination: string;
  readonly port?: number;
  readonly identityFile?: string;
  /** Instead of `~/.ssh/config`. */
  readonly configFile?: string;
  /** Further arguments, such as `-o ProxyJump=bastion`. */
  readonly options?: readonly string[];
}

/** A host as data, before it is opened as a `Host`. */
export interface HostRecord {
  readonly name: string;
  /** SP_OURID */
  readonly client: number;
  readonly devices: string;
  readonly transport:
    | { readonly kind: 'local' }
    | { readonly kind: 'docker'; readonly container: string }
    | { readonly kind: 'ssh'; readonly route: SshRoute };
  /** True where the device links may lead to loop devices: a mock's. Never on a real host, whose loop devices are none of StorPool's. */
  readonly loops?: boolean;
  /** True where the device links may lead to regular files outside /dev: a mock without loop devices. Never on a real host. */
  readonly files?: boolean;
  /** The tree that stands for the host's file system, on a mock cluster. Never on a real host. */
  readonly root?: string;
  /** What it is there for; when absent, what runs on it tells. */
  readonly roles?: readonly ('controller' | 'hypervisor')[];
}

/** A machine of the deployment on which the suite looks at devices and runs the guide's commands. */
export interface Host {
  /** The node name, as StorPool's and OpenStack's configuration know it. */
  readonly name: string;
  /** SP_OURID: the StorPool client id of this host. */
  readonly client: number;
  /** Where StorPool's devices appear; `/dev/storpool` but for the mock. The by-id tree is its sibling `<devices>-byid`. */
  readonly devices: string;
  /** False only on the mock without loop devices, where the links under `devices` lead to files. */
  readonly makesBlockDevices: boolean;
  /** Runs one command; never throws for a non-zero exit. `argv` is never passed through a shell. */
  run(argv: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** Finds the device of a volume and proves that it is that volume's. The only way to read or write one. */
  prove(volume: VolumeOfDevice): Promise<Device | Unproved>;
  /** What the path is, not following the last link when `what` is 'link'. */
  inspect(path: string): Promise<PathFacts>;
  /** Names under the device directory and its by-id sibling. */
  deviceNames(): Promise<string[]>;
  /** Told each command that was run. */
  onExecution?: RecordExecution;
}

export interface PathFacts {
  readonly kind: 'missing' | 'block-device' | 'file' | 'directory' | 'other';
  /** Size of the device or file in bytes. */
  readonly size?: number;
  /** True when the path itself is a plain file: neither a link nor a device. */
  readonly plain?: boolean;
  /** Where the path leads when links are followed. */
  readonly target?: string;
}
