import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Outcome } from './claims.ts';
import { type ChainCheck, ChainedFile, checkChain, closingOf } from './evidence-chain.ts';
import type { Measurement } from './load.ts';
import type { Kept, Redactor } from './redact.ts';

/** One thing that was looked at: `subject` was `actual`; `expected` is absent for notes. */
export interface Observation {
  readonly subject: string;
  readonly actual: unknown;
  readonly expected?: unknown;
  readonly holds?: boolean;
  /** One of several alike things that was not looked at, and `actual` says why: no defect, but whoever signs must know. */
  readonly leftOut?: boolean;
  /** What this is one case of, in a proof's words, where the subject does not tell it. */
  readonly rule?: string;
}

/** One HTTP exchange, already masked. Bodies are cut at a few KiB. */
export interface Exchange {
  /** Whose it is; absent in evidence of older runs. */
  readonly service?: string;
  readonly method: string;
  readonly url: string;
  readonly status: number | undefined;
  readonly ms: number;
  /** Sent once more, because it had been put off (503, 429, StorPool's `transient`) or its reply was lost. */
  readonly again?: boolean;
  readonly requestId?: string;
  readonly request?: string;
  readonly reply?: string;
}

/** One command that was run, already masked. */
export interface Execution {
  readonly command: string;
  readonly host: string;
  readonly exitCode: number | undefined;
  readonly ms: number;
  readonly output: string;
}

/** Told each command that was run, and its words as they are. */
export type RecordExecution = (execution: Execution, argv: readonly string[]) => void;

/** One wait: the sequence of states seen, how often it asked, and the time spent asking and idling. */
export interface Wait {
  readonly what: string;
  readonly states: readonly { readonly state: string; readonly atMs: number }[];
  readonly polls: number;
  readonly ms: number;
}

/** What one scenario had to do with one service, what was taken away afterwards included. */
export interface ServiceTraffic {
  readonly service: string;
  readonly requests: number;
  /** Of these, those that were sent once more. */
  readonly repeated: number;
  /** How often which hindrance came in place of an answer: `503`, `no reply`, … */
  readonly hindered: Readonly<Record<string, number>>;
}

/** How often command-line clients were started, and how long all of them took together. */
export interface ClientCalls {
  readonly calls: number;
  readonly ms: number;
}

interface Base {
  /** ISO time. */
  readonly at: string;
  readonly scenario: string;
}

export interface StepEvidence extends Base {
  readonly type: 'step';
  readonly step: string;
  readonly title: string;
  readonly command?: string;
  readonly state: 'started' | 'done' | 'failed';
  readonly ms?: number;
  readonly error?: string;
  readonly exchanges?: readonly Exchange[];
  readonly executions?: readonly Execution[];
  readonly waits?: readonly Wait[];
}

export interface CheckEvidence extends Base {
  readonly type: 'check';
  readonly check: string;
  readonly outcome: Outcome;
  /** How many assertions were evaluated; `passed` with 0 is not believed by the verdict. */
  readonly assertions: number;
  readonly seen: readonly Observation[];
  /** Why it is not `passed`, for a person: what happened, without what to do about it. */
  readonly cause?: string;
  /** What to do about that cause, when it says so itself; about an assertion that does not hold the manifest does. */
  readonly remedy?: string;
  /** For `blocked`: the check or step that stopped the scenario. */
  readonly by?: string;
  readonly ms: number;
}

/** What a load came to. */
export interface MeasurementEvidence extends Base, Measurement {
  readonly type: 'measurement';
}

/**
 * One line of a run's `evidence.ndjson`, which only ever grows. The verdict is computed from these lines alone.
 */
export type Evidence =
  | (Base & { readonly type: 'scenario'; readonly state: 'started' })
  | (Base & {
      readonly type: 'scenario';
      readonly state: 'ended';
      readonly ms: number;
      readonly error?: string;
      readonly clients?: ClientCalls;
    })
  | StepEvidence
  | (Base & { readonly type: 'progress'; readonly step: string; readonly percent?: number; readonly text: string })
  | CheckEvidence
  | (Base & { readonly type: 'leak'; readonly kind: string; readonly id: string; readonly name: string; readonly layer: string })
  | MeasurementEvidence
  | (Base & { readonly type: 'traffic'; readonly services: readonly ServiceTraffic[] })
  | (Base & { readonly type: 'note'; readonly title: string; readonly text: string })
  /** The last line: what all before it come to. */
  | (Base & { readonly type: 'closed'; readonly lines: number; readonly sha256: string });

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;
export type NewEvidence = WithoutTime<Evidence>;

/** Where evidence goes: a file in a run, an array in a proof. */
export type EvidenceSink = (line: NewEvidence) => void;

/** Fields of a line itself that programs read. A secret may be any word, also one of these. */
const STRUCTURE = new Set(['at', 'type', 'scenario', 'state', 'step', 'check', 'outcome', 'kind', 'layer', 'id']);
/** What stopped a scenario is a check, or an error in words. */
const isCheck = (text: string) => /^[a-z\d-]+\.[a-z\d-]+$/.test(text);
const isRead: Kept = (field, text, depth) => depth === 1 && (STRUCTURE.has(field) || (field === 'by' && isCheck(text)));

/** Appends each line, its texts masked, in one write, so that several worker processes can share the file. */
export function fileSink(path: string, redactor: Redactor): EvidenceSink {
  const file = new ChainedFile(path);
  return (line) => file.append(redactor.maskValues({ at: new Date().toISOString(), ...line }, isRead));
}

/** Writes the last line, once nobody else writes any more. A run that has no evidence gets none by this. */
export function closeEvidence(path: string): void {
  if (existsSync(path)) {
    const line = { at: new Date().toISOString(), type: 'closed', scenario: 'run', ...closingOf(readFileSync(path)) } as const;
    new ChainedFile(path).append(line satisfies Evidence);
  }
}

/** Collects lines in memory. */
export function memorySink(lines: Evidence[]): EvidenceSink {
  return (line) => void lines.push({ at: new Date().toISOString(), ...line } as Evidence);
}

export interface ReadEvidence {
  readonly lines: Evidence[];
  /** Lines that are not JSON; a killed writer leaves at most one at the end. */
  readonly torn: number;
  readonly chain: ChainCheck;
}

/** Reads a run's evidence back. */
export function readEvidence(path: string): ReadEvidence {
  const bytes = readFileSync(path);
  const lines: Evidence[] = [];
  let torn = 0;
  for (const text of bytes.toString('utf8').split('\n')) {
    if (text === '') {
      continue;
    }
    try {
      lines.push(JSON.parse(text) as Evidence);
    } catch {
      torn += 1;
    }
  }
  return { lines, torn, chain: checkChain(bytes, basename(dirname(path))) };
}
