import type { Readable } from 'node:stream';

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** A stream is handed on as it comes, and its end is the end of what the command reads. */
  readonly input?: string | Uint8Array | Readable;
  /** It ends when whoever asked for it does, also on another machine, instead of going on there by itself. Not beside `input`. */
  readonly isTethered?: boolean;
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

/** A part of a device, in bytes; both are multiples of 4096. */
export interface DeviceRange {
  readonly offset: number;
  readonly length: number;
}

/** Told each piece of what is read, and the offset at which it begins. */
export type See = (piece: Buffer, at: number) => void;

/** What a command on another machine gave, its output as it came. */
export interface RemoteResult extends Omit<CommandResult, 'stdout'> {
  readonly stdout: Buffer;
}
