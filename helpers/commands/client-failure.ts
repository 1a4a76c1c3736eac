import { Failure } from '../failure.ts';
import type { CommandResult } from '../hosts/command-result.ts';
import { HttpFailure } from '../http/http-failure.ts';

/** A command-line client ended badly. */
export class ClientFailure extends Failure {
  override name = 'ClientFailure';
  /** The HTTP status that the client tells of, when it tells one. */
  readonly status: number | undefined;
  /** The client's own words. */
  readonly said: string;

  constructor(command: string, result: CommandResult) {
    const said = wordsOf(result);
    const why = result.timedOut ? 'it took too long' : (said.split('\n')[0] ?? '');
    const details = { command, exit: result.exitCode ?? 'killed', said: said || undefined };
    super(`${command.split(' ')[0]} did not do it: ${why || 'it says nothing'}`, details, adviceFor(result));
    this.status = statusIn(said);
    this.said = said;
  }
}

/** What a service answered when it refused, whether a client or a request of the suite's own asked; undefined for anything else. */
export function refusalOf(error: unknown): { readonly status: number; readonly said: string } | undefined {
  if (error instanceof HttpFailure) {
    return { status: error.status, said: error.said ?? `refused without a reason (${error.status})` };
  }
  return error instanceof ClientFailure && error.status !== undefined ? { status: error.status, said: error.said } : undefined;
}

const MOST_LINES = 12;

function wordsOf({ stdout, stderr }: CommandResult): string {
  // cinder tells each refusal on stdout, and on stderr only that there were some.
  return `${stdout.trim()}\n${stderr.trim()}`
    .split('\n')
    .filter((line) => line.trim() !== '' && !/CLI is deprecated/.test(line))
    .slice(-MOST_LINES)
    .join('\n');
}

/** `(HTTP 400)` of cinder and nova, `HTTP 404 Not Found` of glance, `BadRequestException: 400:` of openstacksdk. */
function statusIn(said: string): number | undefined {
  const found = /\bHTTP (\d{3})\b|Exception: (\d{3}):/.exec(said);
  return found === null ? undefined : Number(found[1] ?? found[2]);
}

function adviceFor({ exitCode, stderr }: CommandResult): string {
  if (stderr.includes('Traceback')) {
    return 'The client itself crashed: check its version, and report it to its makers.';
  }
  return exitCode === undefined
    ? 'Run it by hand with the variables of your openrc, and see what it waits for.'
    : 'Run it by hand with the variables of your openrc; `--debug` shows what it asks.';
}
