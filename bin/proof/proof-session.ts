import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newRunId } from '../../fixtures/run/run.ts';
import { runsFolder } from '../runs-folder.ts';

/** Where a proof is made: its folder, its voice, and when to stop. */
export interface ProofSession {
  readonly dir: string;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  /** How far it is, on a line that is written over; nothing when nobody watches. */
  readonly progress: (text: string) => void;
  /** Since it began. */
  readonly seconds: () => number;
}

const CLEAR_LINE = '\r\u001b[K';

/** A folder of its own among the runs, the terminal, and Ctrl-C. */
export function openProofSession(): ProofSession & Disposable {
  const dir = join(runsFolder(), `proof-${newRunId(Date.now())}`);
  mkdirSync(dir, { recursive: true });
  const started = performance.now();
  const out = process.stdout;
  const stop = new AbortController();
  const hear = () => stop.abort(new Error('the proof was stopped'));
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  // Whoever read along has gone, as `| head` does: told late, so that somebody has to listen to the end.
  out.on('error', hear);
  const clear = out.isTTY ? CLEAR_LINE : '';
  return {
    dir,
    signal: stop.signal,
    say: (text) => void out.write(`${clear}${text}\n`),
    progress: (text) => void (out.isTTY && out.write(`${clear}${text}`)),
    seconds: () => Math.round((performance.now() - started) / 1000),
    [Symbol.dispose]: () => {
      process.off('SIGINT', hear);
      process.off('SIGTERM', hear);
    },
  };
}
