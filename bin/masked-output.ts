import { Failure, messageOf } from '../helpers/failure.ts';
import { visibleDrawing } from '../helpers/masking/visible.ts';
import type { Redactor } from '../helpers/redact.ts';
import { fitted } from '../reports/terminal/text.ts';
import { asTypedHere } from './seat.ts';

type Write = (chunk: string | Uint8Array, ...rest: unknown[]) => boolean;

/** How to write to stdout past the mask. */
let write: Write = process.stdout.write.bind(process.stdout) as Write;

/**
 * From now on all that this process says passes the mask, whoever says it: its own words, warnings of Node and of libraries, and errors that
 * nobody caught, which Node itself would write past every stream, with all that their objects hold.
 */
export function maskOutput(redactor: Redactor): void {
  write = process.stdout.write.bind(process.stdout) as Write;
  for (const stream of [process.stdout, process.stderr]) {
    const bare = stream.write.bind(stream) as Write;
    const shown = (text: string) => (stream.isTTY ? fitted(text, stream.columns) : text);
    const masked: Write = (chunk, ...rest) => bare(shown(visibleDrawing(asTypedHere(redactor.mask(textOf(chunk))))), ...rest);
    stream.write = masked;
  }
  // Node's own listener writes past the streams (node/lib/internal/process/warning.js); it is not there when warnings are switched off.
  if (process.listenerCount('warning') > 0) {
    process.removeAllListeners('warning');
    process.on('warning', ({ name, message }) => process.stderr.write(`${name}: ${message}\n`));
  }
  process.on('uncaughtException', (error) => {
    // A run, a sweep or the mock ends in order then: what it made goes first (Interruption).
    if (process.listenerCount('uncaughtException') > 1) {
      return;
    }
    process.stderr.write(`${inWords(error)}\n`);
    process.exit(1);
  });
}

/** Writes to stdout what programs read, whose texts are masked one by one, or what is there to be pasted with its secret. */
export function writeAsItIs(text: string): void {
  write(text);
}

/** Once all that was written so far has left this process, which a full pipe may put off, or cannot leave it any more. */
export function allWritten(): Promise<void> {
  return new Promise((resolve) => {
    write('', () => resolve());
  });
}

/** What went wrong; only a defect of the suite is shown with its origin. */
export function inWords(error: unknown): string {
  if (error instanceof Failure) {
    return error.message;
  }
  const origin = error instanceof Error ? (error.stack?.split('\n').slice(1, 5).join('\n') ?? '') : '';
  return `${messageOf(error)}\n${origin}\n  → This is a defect of the suite: please report it.`;
}

function textOf(chunk: string | Uint8Array): string {
  return typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
}
