import { z } from 'zod';
import { eventually } from '../eventually.ts';
import type { Wait } from '../evidence.ts';
import { type Answer, type Ask, Http, type HttpOptions, type Wire } from './http.ts';
import { HttpFailure } from './http-failure.ts';
import { Newborn } from './newborn.ts';
import { onlyOnce } from './only-once.ts';
import { allPages, type Query, UnreadRows } from './pages.ts';

/** What every client of one run shares, with where the waits' evidence goes. */
export interface Watch extends Wire {
  readonly recordWait?: ((wait: Wait) => void) | undefined;
  /** What these clients have just made. */
  readonly newborn?: Newborn | undefined;
  /** Told the id of what was waited for, in the moment in which its service says that it is done; the wait ends once it returns. */
  readonly onDone?: ((id: string) => Promise<void>) | undefined;
}

/** A token for a project, as Keystone gave it. */
export interface Tokens {
  /** A token that is good for a while. */
  token(): Promise<string>;
  /** A new token in place of one that a service refused. */
  renew(refused: string): Promise<string>;
}

export interface ApiOptions {
  readonly http: Omit<HttpOptions, 'explain'> & Pick<Watch, 'newborn'>;
  readonly tokens: Tokens;
  /** Sent with each request, such as `volume 3.64`. */
  readonly microversion?: string;
}

const UNAUTHORISED = 401;
const NOT_FOUND = 404;
/** What a service answers to what it cannot do in the thing's present state. */
const NOT_NOW = new Set([400, 409]);

/**
 * One OpenStack service: its HTTP with a token, which is renewed once when the service answers 401. What was made a moment ago and is not found is
 * asked for again.
 */
export class OpenstackApi {
  readonly http: Http;
  /** What was negotiated, such as `volume 3.64`. */
  readonly microversion: string | undefined;
  /** Rows of its lists that could not be read. */
  readonly unread = new UnreadRows();
  readonly #tokens: Tokens;
  readonly #newborn: Newborn;

  constructor({ http, tokens, microversion }: ApiOptions) {
    this.#tokens = tokens;
    this.#newborn = http.newborn ?? new Newborn();
    this.microversion = microversion;
    const version = microversion === undefined ? {} : { 'OpenStack-API-Version': microversion };
    this.http = new Http({ ...http, headers: { ...http.headers, ...version }, explain: openstackMessage });
  }

  json<T>(schema: z.ZodType<T>, ask: Ask): Promise<T> {
    return this.#signed(ask, (signed) => this.http.json(schema, signed));
  }

  ask(ask: Ask): Promise<Answer> {
    return this.#signed(ask, (signed) => this.http.ask(signed));
  }

  download(ask: Ask): Promise<ReadableStream<Uint8Array>> {
    return this.#signed(ask, (signed) => this.http.download(signed));
  }

  /** undefined when the service says that there is no such thing; the path ends in its id. */
  async find<T>(schema: z.ZodType<T>, path: string): Promise<T | undefined> {
    return unlessMissing(path, () => this.json(schema, { method: 'GET', path }));
  }

  /** Makes something with a POST, once: when it was put off or its reply was lost, again only where `find` finds nothing. */
  async create<T extends { readonly id: string }>(
    schema: z.ZodType<T>,
    ask: Omit<Ask, 'method'>,
    find: () => Promise<T | undefined>,
  ): Promise<T> {
    const send = (repeats: number) => this.json(schema, { ...ask, method: 'POST', repeats });
    const made = await onlyOnce({ http: this.http, what: `POST ${ask.path}`, send, find });
    this.#newborn.add(made.id);
    return made;
  }

  /** These are told of by this service, and are another one's: what that does not know yet is asked for again. */
  hearOf(ids: Iterable<string>): void {
    for (const id of ids) {
      this.#newborn.hear(id);
    }
  }

  /** A POST that asks for something to be done, once: again only where `isDone` does not see it done or under way. */
  async act(ask: Omit<Ask, 'method'>, isDone: () => Promise<boolean>): Promise<void> {
    const send = async (repeats: number) => {
      await this.ask({ ...ask, method: 'POST', repeats });
      return true;
    };
    const find = async () => (await isDone()) || undefined;
    await onlyOnce({ http: this.http, what: `POST ${ask.path}`, send, find });
  }

  /** DELETE; false when the service says that it was not there. */
  async delete(path: string): Promise<boolean> {
    try {
      await this.ask({ method: 'DELETE', path });
      return true;
    } catch (error) {
      const repeats = error instanceof HttpFailure ? error.repeats : 0;
      if (isMissing(error, path)) {
        return repeats > 0;
      }
      if (error instanceof HttpFailure && NOT_NOW.has(error.status) && repeats > 0) {
        await this.#untilGoing(path, error);
        return true;
      }
      throw error;
    } finally {
      this.#newborn.forget(lastOf(path));
    }
  }

  /** A DELETE whose reply was lost is refused when it is repeated, because the thing is on its way already: that is looked for. */
  async #untilGoing(path: string, refused: HttpFailure): Promise<void> {
    await eventually({
      what: `${path} to be going`,
      read: () => unlessMissing(path, async () => (await this.ask({ method: 'GET', path })).body),
      describe: (body) => statusIn(body) ?? 'gone',
      until: (body) => body === undefined || statusIn(body)?.includes('delet') === true,
      withinMs: this.http.patienceMs,
      signal: this.http.signal,
      advice: '',
    }).catch(() => {
      this.http.signal?.throwIfAborted();
      throw refused;
    });
  }

  /** All pages of a list: `key` names the array in the reply, `<key>_links` holds the link to the next page. Rows of no known form are left out. */
  async list<T>(
    key: string,
    item: z.ZodType<T>,
    path: string,
    query: Query = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T[]> {
    const links = z.array(z.object({ rel: z.string(), href: z.string() })).optional();
    const page = z.object({ [key]: z.array(z.unknown()), [`${key}_links`]: links });
    const read = async (asked: Query) => {
      const found: Record<string, unknown> = await this.json(page, { method: 'GET', path, query: asked, headers });
      const next = (found[`${key}_links`] as z.infer<typeof links>)?.find(({ rel }) => rel === 'next')?.href;
      return { items: this.unread.readable(key, found[key] as unknown[], item), next };
    };
    return allPages({ what: `${this.http.service}'s list of ${key}`, query, read });
  }

  async #signed<T>(ask: Ask, send: (ask: Ask) => Promise<T>): Promise<T> {
    try {
      return await this.#once(ask, send);
    } catch (error) {
      return await this.#untilSeen(error, () => this.#once(ask, send));
    }
  }

  /** What was made a moment ago and is not found is asked for until it is seen, or until it would be: then it is not there. */
  async #untilSeen<T>(first: unknown, again: () => Promise<T>): Promise<T> {
    let missing = first;
    const unseenMs = () => this.#newborn.unseenMs(notFound(missing) ?? '');
    if (unseenMs() === 0) {
      throw first;
    }
    const found = await eventually<{ readonly value: T } | undefined>({
      what: `${this.http.service} to see what it has just made`,
      read: async () => {
        try {
          return { value: await again() };
        } catch (error) {
          missing = error;
          return;
        }
      },
      describe: (seen) => (seen === undefined ? 'not seen yet' : 'seen'),
      until: (seen) => seen !== undefined || unseenMs() === 0,
      withinMs: unseenMs(),
      signal: this.http.signal,
      advice: '',
    }).catch(() => {
      this.http.signal?.throwIfAborted();
      throw missing;
    });
    if (found === undefined) {
      throw missing;
    }
    return found.value;
  }

  async #once<T>(ask: Ask, send: (ask: Ask) => Promise<T>): Promise<T> {
    const token = await this.#tokens.token();
    const sign = (value: string): Ask => ({ ...ask, headers: { ...ask.headers, 'X-Auth-Token': value } });
    try {
      return await send(sign(token));
    } catch (error) {
      if (!(error instanceof HttpFailure) || error.status !== UNAUTHORISED) {
        throw error;
      }
      return send(sign(await this.#tokens.renew(token)));
    }
  }
}

/** What `read` gives, or undefined when the service says that there is no such thing. */
async function unlessMissing<T>(path: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isMissing(error, path)) {
      return;
    }
    throw error;
  }
}

/**
 * True when the service says that something of that path is not there. A proxy whose service is away answers 404 for everything, and whoever
 * believes that takes the volumes of others for forgotten ones: services name what they did not find, proxies at most its path.
 */
function isMissing(error: unknown, path: string): boolean {
  const said = notFound(error) ?? '';
  const id = lastOf(path);
  return said.includes(id) && !said.includes(`/${id}`);
}

/** What a service said when it did not find something. */
function notFound(error: unknown): string | undefined {
  return error instanceof HttpFailure && error.status === NOT_FOUND ? error.said : undefined;
}

const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

const stated = z.object({ status: z.string(), 'OS-EXT-STS:task_state': z.string().nullish() });

/** The state of what a GET showed, at the top or one level below. */
function statusIn(body: unknown): string | undefined {
  const shown = z.union([stated, z.record(z.string(), stated)]).safeParse(body);
  const one = shown.success ? stated.safeParse('status' in shown.data ? shown.data : Object.values(shown.data)[0]) : undefined;
  return one?.success === true ? `${one.data.status} ${one.data['OS-EXT-STS:task_state'] ?? ''}`.trim() : undefined;
}

const envelope = z.record(z.string(), z.object({ message: z.string() }));

/** The message in `{error|badRequest|itemNotFound|…: {message}}`, `{message}`, or Glance's HTML. */
export function openstackMessage(body: unknown): string | undefined {
  if (typeof body === 'string') {
    return plain(body);
  }
  const wrapped = envelope.safeParse(body);
  if (wrapped.success) {
    const said = Object.values(wrapped.data)[0]?.message;
    return said === undefined ? undefined : withoutEntities(said);
  }
  const bare = z.object({ message: z.string() }).safeParse(body);
  return bare.success ? plain(bare.data.message) : undefined;
}

function plain(html: string): string | undefined {
  const bare = html
    .replace(/<(title|head)>[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const text = withoutEntities(bare);
  return text === '' ? undefined : text;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Glance writes its messages for a browser: openstack/glance glance/common/wsgi.py, webob's HTTPException (html_escape). */
export function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return name === undefined ? characterOf(code, whole) : (ENTITIES[name] ?? whole);
  });
}

function characterOf(code: number, otherwise: string): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}
