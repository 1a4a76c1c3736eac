import { z } from 'zod';
import type { Wait } from '../evidence.ts';
import { type Answer, type Ask, Http, type HttpOptions, type Wire } from './http.ts';
import { HttpFailure } from './http-failure.ts';
import { allPages, type Query, UnreadRows } from './pages.ts';

/** What every client of one run shares, with where the waits' evidence goes. */
export interface Watch extends Wire {
  readonly recordWait?: ((wait: Wait) => void) | undefined;
}

/** A token for a project, as Keystone gave it. */
export interface Tokens {
  /** A token that is good for a while. */
  token(): Promise<string>;
  /** A new token in place of one that a service refused. */
  renew(refused: string): Promise<string>;
}

export interface ApiOptions {
  readonly http: Omit<HttpOptions, 'explain'>;
  readonly tokens: Tokens;
  /** Sent with each request, such as `volume 3.64`. */
  readonly microversion?: string;
}

const UNAUTHORISED = 401;
const NOT_FOUND = 404;

/** One OpenStack service: its HTTP with a token, which is renewed once when the service answers 401. */
export class OpenstackApi {
  readonly http: Http;
  /** What was negotiated, such as `volume 3.64`. */
  readonly microversion: string | undefined;
  /** Rows of its lists that could not be read. */
  readonly unread = new UnreadRows();
  readonly #tokens: Tokens;

  constructor({ http, tokens, microversion }: ApiOptions) {
    this.#tokens = tokens;
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

  /** DELETE; false when the service says that it was not there. */
  async delete(path: string): Promise<boolean> {
    return (await unlessMissing(path, () => this.ask({ method: 'DELETE', path }))) !== undefined;
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

/**
 * What `read` gives, or undefined when the service says that there is no such thing. A proxy whose service is away answers 404 for everything,
 * and whoever believes that takes the volumes of others for forgotten ones: services name what they did not find, proxies at most its path.
 */
async function unlessMissing<T>(path: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof HttpFailure && error.status === NOT_FOUND && names(error.said, path)) {
      return;
    }
    throw error;
  }
}

function names(said = '', path: string): boolean {
  const id = path.slice(path.lastIndexOf('/') + 1);
  return said.includes(id) && !said.includes(`/${id}`);
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
