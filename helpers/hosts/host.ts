import type { RecordExecution } from '../evidence.ts';

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  readonly input?: string | Uint8Array;
  /** Told each chunk of the command's stdout as it comes. */
  readonly onOutput?: (text: string) => void;
}

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** undefined when the command could not be started or was killed. */
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;
}

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
  /** True where the device links may lead to regular files outside /dev: a mock without loop devices. Never on a real host. */
  readonly files?: boolean;
  /** The tree that stands for the host's file system, on a mock cluster. Never on a real host. */
  readonly root?: string;
  /** What it is there for; when absent, what runs on it tells. */
  readonly roles?: readonly ('controller' | 'hypervisor')[];
}

/** A part of a device, in bytes; both are multiples of 4096. */
export interface DeviceRange {
  readonly offset: number;
  readonly length: number;
}

/** Told each piece of what is read, and the offset at which it begins. */
export type See = (piece: Buffer, at: number) => void;

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
  /** Reads bytes of a device, past any cache that an earlier attachment left. Throws Failure on a short read. */
  read(path: string, offset: number, length: number, signal?: AbortSignal): Promise<Buffer>;
  /** Hands over the bytes of a range of a device in order, in pieces that begin at multiples of 4096 and are good only until `see` returns. */
  scan(path: string, range: DeviceRange, see: See, signal?: AbortSignal): Promise<void>;
  /** Writes bytes to an existing block device (or the mock's stand-in) and flushes them. Never creates a file. */
  write(path: string, offset: number, data: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** True when every byte of the range is zero; otherwise the offset of the first that is not. Reads all of it. */
  firstNonZero(path: string, offset: number, length: number, signal?: AbortSignal): Promise<number | undefined>;
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
