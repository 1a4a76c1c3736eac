type Details = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * A result that a person must act on. The message reads: what happened, `key: value` details, `→ what to do`.
 * Details that are undefined are left out.
 */
export class Failure extends Error {
  readonly what: string;
  readonly details: Details;
  readonly advice: string;
  /** What happened and its details: the message without the advice. */
  readonly happened: string;
  /** True when a service would or could not answer a mere question, so that what was asked is not known. */
  readonly leavesOpen: boolean = false;

  constructor(what: string, details: Details, advice: string, options?: { cause?: unknown }) {
    const rows = Object.entries(details)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `  ${key}: ${within(String(value), '    ')}`);
    const happened = [within(what, '  '), ...rows].join('\n');
    super(`${happened}\n  → ${advice}`, options);
    this.name = 'Failure';
    this.happened = happened;
    this.what = what;
    this.details = details;
    this.advice = advice;
  }
}

/** What a service says in several lines must not pass for lines of this suite's own. */
function within(text: string, indent: string): string {
  return text.replace(/\n(?=\S)/g, `\n${indent}`);
}

/** The suite could not even try: wrong settings, no connection, a missing tool. The command exits 2, not 1. */
export class CannotRun extends Failure {
  override name = 'CannotRun';
}

/** A failure that came before anything could be made, as that; anything else as it is. */
export function asCannotRun(error: unknown): unknown {
  const isFailure = error instanceof Failure && !(error instanceof CannotRun);
  return isFailure ? new CannotRun(error.what, error.details, error.advice, { cause: error }) : error;
}

/** A check whose subject could not be observed. Never green, and not the same as a failed check. */
export class CouldNotCheck extends Failure {
  override name = 'CouldNotCheck';
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
