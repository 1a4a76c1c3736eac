import { Failure } from '../failure.ts';
import type { CommandResult } from '../hosts/command-result.ts';
import { HttpFailure, isForbidden, refusalAdvice } from '../http/http-failure.ts';
import { withoutEntities } from '../http/openstack-api.ts';

/** A command-line client ended badly. */
export class ClientFailure extends Failure {
  override name = 'ClientFailure';
  /** The HTTP status that the client tells of, when it tells one. */
  readonly status: number | undefined;
  /** The client's own words. */
  readonly said: string;
  override readonly leavesOpen: boolean;

  constructor(command: string, result: CommandResult) {
    const said = wordsOf(result);
    const status = statusIn(said);
    const why = result.timedOut ? 'it took too long' : headlineOf(said);
    const details = { command, exit: result.exitCode ?? 'killed', said: said || undefined };
    super(
      `${command.split(' ')[0]} did not do it: ${why || 'it says nothing'}`,
      details,
      adviceFor(command, result, { status, said }),
    );
    this.status = status;
    this.said = said;
    this.leavesOpen = status !== undefined && isForbidden({ status, said });
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

/** What it shows of a thing, as `glance image-create` does before it fails to upload. */
const TABLE = /^\s*(\+-[-+]*\+|\|.*\|)\s*$/;

function wordsOf({ stdout, stderr }: CommandResult): string {
  // cinder tells each refusal on stdout, and on stderr only that there were some.
  const lines = `${stdout.trim()}\n${stderr.trim()}`
    .split('\n')
    .filter((line) => line.trim() !== '' && !TABLE.test(line) && !/CLI is deprecated/.test(line));
  return withoutEntities(lines.slice(-MOST_LINES).join('\n'));
}

/** The line that tells of the error: a client may write other things before it. */
function headlineOf(said: string): string {
  const lines = said.split('\n');
  const [last = ''] = lines.slice(-1);
  return lines.find((line) => statusIn(line) !== undefined) ?? lines.find((line) => ERROR.test(line)) ?? last;
}

const ERROR = /\berror\b|exception\b|\bfailed\b|\bunable\b|\bcannot\b|\bno \w+ (found|with)\b/i;

/** `(HTTP 400)` of cinder and nova, `HTTP 404 Not Found` of glance, `BadRequestException: 400:` of openstacksdk. */
function statusIn(said: string): number | undefined {
  const found = /\bHTTP (\d{3})\b|Exception: (\d{3}):/.exec(said);
  return found === null ? undefined : Number(found[1] ?? found[2]);
}

const SERVICES: Readonly<Record<string, string>> = { cinder: 'Cinder', glance: 'Glance', nova: 'Nova', storpool: 'StorPool' };
/** By the first word of what the `openstack` client is told to do. */
const SERVICES_OF_OPENSTACK: Readonly<Record<string, string>> = {
  ...{ volume: 'Cinder', snapshot: 'Cinder', consistency: 'Cinder', image: 'Glance' },
  ...{ server: 'Nova', flavor: 'Nova', console: 'Nova', hypervisor: 'Nova', compute: 'Nova' },
};

/** Which service a client asked. */
function serviceOf(command: string): string | undefined {
  const [client = '', ...words] = command.split(' ');
  const ofOpenstack = words.flatMap((word) => SERVICES_OF_OPENSTACK[word] ?? [])[0];
  return client === 'openstack' ? ofOpenstack : SERVICES[client];
}

function adviceFor(
  command: string,
  { exitCode, stderr }: CommandResult,
  { status, said }: { readonly status: number | undefined; readonly said: string },
): string {
  const service = serviceOf(command);
  if (status !== undefined && service !== undefined) {
    return refusalAdvice(service, status, /\breq-[\da-f-]+/.exec(said)?.[0], said);
  }
  if (stderr.includes('Traceback')) {
    return 'The client itself crashed: check its version, and report it to its makers.';
  }
  return exitCode === undefined
    ? 'Run it by hand with the variables of your openrc, and see what it waits for.'
    : 'Run it by hand with the variables of your openrc; `--debug` shows what it asks.';
}
