import { z } from 'zod';
import type { StorpoolAccess } from '../config/access.ts';
import { eventually } from '../eventually.ts';
import { Failure } from '../failure.ts';
import { type Answer, type Ask, Http } from '../http/http.ts';
import { HttpFailure, leavesOpen } from '../http/http-failure.ts';
import type { Watch } from '../http/openstack-api.ts';
import { urlPath } from '../http/url-path.ts';

/** StorPool's API refused a call. */
export class StorpoolFailure extends Failure {
  override name = 'StorpoolFailure';
  readonly call: string;
  /** Such as `objectDoesNotExist`, `objectExists`, `busy`, `invalidParam`. */
  readonly errorName: string;
  readonly descr: string;
  /** StorPool asks to try again. */
  readonly transient: boolean;
  readonly status: number;
  override readonly leavesOpen: boolean;

  constructor({ method, path }: Pick<Ask, 'method' | 'path'>, status: number, error: z.output<typeof errorSchema>['error']) {
    const call = path.slice(1);
    const tries = error.transient ? { transient: true } : {};
    super(`StorPool refused ${call}: ${error.name}: ${error.descr}`, { status, ...tries }, adviceFor(status, error));
    this.call = call;
    this.errorName = error.name;
    this.descr = error.descr;
    this.transient = error.transient;
    this.status = status;
    // A name that is not known is an answer, with whatever status it comes.
    this.leavesOpen = leavesOpen(method, status) && !NAMES.has(error.name);
  }
}

const NAMES = new Set(['objectDoesNotExist', 'objectExists', 'invalidParam']);

const NO_NAME = '(no error name)';
const NO_DESCRIPTION = '(no description)';
// StorPool reference §1.2: clients fill in what is missing from an error.
const errorSchema = z.object({
  error: z.object({
    name: z.string().default(NO_NAME),
    descr: z.string().default(NO_DESCRIPTION),
    transient: z.boolean().default(false),
  }),
});

/** StorPool's lists come whole: 150,000 volumes are some 200 MiB. */
const MOST_BYTES = 256 * 1024 ** 2;
const FIRST_PAUSE_MS = 200;
/** Python's bindings and os-brick give up after some 31 s (StorPool reference §1.2). */
const TRANSIENT_MS = 30_000;

/**
 * StorPool's management API, `/ctrl/1.0/<Query>[/<arg>]`. A call that StorPool answers with `transient: true` is repeated with growing
 * pauses and an unchanged body, and each repeat is told as such; what may be carried out twice also when something before the API put it off or lost
 * its reply, as when the management moves to another node.
 */
export class StorpoolApi {
  readonly #http: Http;
  readonly #watch: Watch;
  readonly #transientMs: number;

  constructor({ host, port, token }: StorpoolAccess, watch: Watch, transientMs = watch.patienceMs ?? TRANSIENT_MS) {
    watch.redactor?.learn(token);
    this.#watch = watch;
    this.#transientMs = transientMs;
    this.#http = new Http({
      ...watch,
      service: 'StorPool',
      mostBytes: MOST_BYTES,
      baseUrl: `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}/ctrl/1.0`,
      headers: { Authorization: `Storpool v1:${token}` },
      decides: (body) => errorSchema.safeParse(body).success,
    });
  }

  /** How many requests were sent, repeats included. */
  get requests(): number {
    return this.#http.requests;
  }

  get<T>(data: z.ZodType<T>, query: string, name?: string): Promise<T> {
    return this.#patiently(data, { method: 'GET', path: pathOf(query, name) });
  }

  /**
   * The rows of a list, what `pick` keeps of each: the list itself, which may be very long, is never held as a whole. With `names`, only the rows
   * that speak of one of them.
   */
  async list<T, R>(row: z.ZodType<T>, query: string, pick: (row: T) => R, names?: ReadonlySet<string>): Promise<R[]> {
    let rows: R[] = [];
    const speaksOf = (text: string) =>
      names === undefined || text.includes('\\') || names.values().some((name) => text.includes(name));
    await this.#members(z.array(z.never()), query, () => {
      rows = [];
      return (text, read) => void (speaksOf(text) && rows.push(pick(read(row, text, rows.length))));
    });
    return rows;
  }

  /** The entries of a map, by key; only those of these keys when there are any. Held no more than `list` does. */
  async map<T>(entry: z.ZodType<T>, query: string, keys?: ReadonlySet<string>): Promise<Map<string, T>> {
    const entries = new Map<string, T>();
    await this.#members(z.record(z.string(), z.never()), query, () => {
      entries.clear();
      return (text, read) => {
        const [quoted = '""'] = KEY.exec(text) ?? [];
        const key = JSON.parse(quoted) as string;
        if (keys?.has(key) !== false) {
          entries.set(key, read(entry, text.slice(text.indexOf(':', quoted.length) + 1), key));
        }
      };
    });
    return entries;
  }

  /** Hands over each member of the reply's data. What is wrong with one is thrown once the reply is over. */
  async #members(empty: z.ZodType, query: string, begin: () => (text: string, read: Read) => void): Promise<void> {
    const ask: Ask = { method: 'GET', path: pathOf(query, undefined) };
    const problems: unknown[] = [];
    const read: Read = (schema, text, at) => this.#http.fit(schema, ask, { body: parsed(text) }, ['data', at]);
    const members = () => {
      const take = begin();
      return (text: string) => {
        try {
          take(text, read);
        } catch (error) {
          problems.push(error);
        }
      };
    };
    await this.#patiently(empty, { ...ask, members });
    if (problems.length > 0) {
      throw problems[0];
    }
  }

  post<T>(data: z.ZodType<T>, query: string, { name, body, timeoutMs, passing, isOnce = false }: Post = {}): Promise<T> {
    const path = pathOf(query, name);
    const limit = timeoutMs === undefined ? {} : { timeoutMs };
    const ask: Ask = { method: 'POST', path, isSafe: !isOnce, ...(body === undefined ? {} : { body }), ...limit };
    return this.#patiently(data, ask, passing);
  }

  async #patiently<T>(data: z.ZodType<T>, ask: Ask, passing?: Passing): Promise<T> {
    const once = (tried: Ask) => this.#once(data, tried, passing?.isSo);
    let last = await once(ask);
    const { failure } = last;
    if (failure !== undefined) {
      let repeats = 0;
      const again = async () => {
        repeats += 1;
        last = await once({ ...ask, repeats });
        return last;
      };
      const withinMs = failure.transient ? this.#transientMs : (passing?.withinMs ?? 0);
      await this.#untilDone(ask, failure, withinMs, again).catch((error: unknown) => {
        throw last.failure ?? error;
      });
    }
    return last.data as T;
  }

  #untilDone(ask: Ask, first: StorpoolFailure, withinMs: number, read: () => Promise<Reply<unknown>>): Promise<unknown> {
    return eventually<Reply<unknown>>({
      what: `StorPool to carry out ${ask.path.slice(1)}`,
      read,
      describe: ({ failure }) =>
        failure === undefined ? 'done' : `${failure.transient ? 'transient ' : ''}${failure.errorName}`,
      until: ({ failure }) => failure === undefined,
      everyMs: FIRST_PAUSE_MS,
      withinMs,
      signal: this.#watch.signal,
      record: this.#watch.recordWait,
      advice: first.advice,
    });
  }

  /** The reply's data, or the failure when it may pass. Other failures are thrown. */
  async #once<T>(data: z.ZodType<T>, ask: Ask, passes: Passing['isSo'] = () => false): Promise<Reply<T>> {
    const answer = await this.#http.ask(ask).catch(asAnswer);
    // An error is told by its envelope, whatever the status says (StorPool reference §1.2).
    const said = errorSchema.safeParse(answer.body);
    if (!said.success) {
      return { data: this.#http.fit(z.object({ data }), ask, answer).data, failure: undefined };
    }
    const failure = new StorpoolFailure(ask, answer.status, said.data.error);
    if (!failure.transient && !passes(failure)) {
      throw failure;
    }
    return { data: undefined, failure };
  }
}

type Read = <T>(schema: z.ZodType<T>, text: string, at: string | number) => T;

/** What an entry of a map begins with. */
const KEY = /^"(?:[^"\\]|\\.)*"/;

type Reply<T> =
  | { readonly data: T; readonly failure: undefined }
  | { readonly data: undefined; readonly failure: StorpoolFailure };

export interface Post {
  readonly name?: string;
  readonly body?: unknown;
  readonly timeoutMs?: number;
  readonly passing?: Passing;
  /** It must not be carried out twice. Others may: attachments, tags and deletions come to the same, and StorPool's own clients ask again (StorPool reference §1.2). */
  readonly isOnce?: boolean;
}

/** Refusals that StorPool does not call transient and that pass all the same: asked again for so long. */
export interface Passing {
  readonly isSo: (failure: StorpoolFailure) => boolean;
  readonly withinMs: number;
}

/** An error status with StorPool's envelope is an answer like any other. */
function asAnswer(error: unknown): Answer {
  if (error instanceof HttpFailure && errorSchema.safeParse(error.body).success) {
    return { body: error.body, status: error.status, headers: new Headers(), requestId: undefined };
  }
  throw error;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Names go into the path as they are (StorPool reference §1.1), but for what would mean something else in a URL. */
function pathOf(query: string, name: string | undefined): string {
  return name === undefined ? `/${query}` : `/${query}${urlPath`/${name}`.replace(/%40|%3A/g, decodeURIComponent)}`;
}

function adviceFor(status: number, { name, descr }: z.output<typeof errorSchema>['error']): string {
  if (name === NO_NAME && descr === NO_DESCRIPTION) {
    return 'Perhaps something else than StorPool answers there: check SP_API_HTTP_HOST and SP_API_HTTP_PORT.';
  }
  if (status === 401 || status === 403) {
    return 'Check SP_AUTH_TOKEN: storpool_confshow SP_AUTH_TOKEN';
  }
  const known: Readonly<Record<string, string>> = {
    busy: 'Find what holds it open: storpool attach list, and on that host: lsof +D /dev/storpool',
    objectDoesNotExist: 'Check the name: storpool volume list, storpool snapshot list, storpool template list',
    objectExists: 'Something of that name exists: storpool volume list, storpool snapshot list',
    insufficientResources: 'Check free space and the drives: storpool template status, storpool disk list',
  };
  return known[name] ?? 'StorPool names the reason above; its state: storpool service list';
}
