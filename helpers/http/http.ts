import type { ReadableStream } from 'node:stream/web';
import type { z } from 'zod';
import { asking } from '../audience.ts';
import type { Exchange } from '../evidence.ts';
import { Failure } from '../failure.ts';
import type { Redactor } from '../redact.ts';
import { Patience } from './hindrance.ts';
import { HttpFailure, Unreachable } from './http-failure.ts';
import { type Incoming, sendRequest, Unreadable } from './http-request.ts';
import { type Proxies, proxyFor } from './proxies.ts';
import { cut, jsonOf, type Reading, read, requestIdOf, restOf } from './reply.ts';

/** What every client of one run shares. */
export interface Wire {
  /** Longest time for one request, in milliseconds. */
  readonly requestMs: number;
  /** For how long a request that is hindered is sent again, at the most, in milliseconds; 30 s when it is not said. */
  readonly patienceMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told each exchange, masked, and what was asked, as it is. */
  readonly record?: ((exchange: Exchange, asked: Ask) => void) | undefined;
  readonly redactor?: Redactor | undefined;
  /** Its services have answered before: who is not there is waited for from the first request on. */
  readonly isKnown?: boolean | undefined;
  /** By which proxies requests go, as the environment says. */
  readonly proxies?: Proxies | undefined;
}

export interface HttpOptions extends Wire {
  /** The service's name in messages, such as `Cinder`. */
  readonly service: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Finds the service's own message in the body of an error reply. */
  readonly explain?: (body: unknown) => string | undefined;
  /** A longer reply is refused; 64 MiB when absent. */
  readonly mostBytes?: number;
  /** True for the body of an error that says itself what comes of asking again. */
  readonly decides?: (body: unknown) => boolean;
}

export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** Appended to the base URL as it is. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Opens what is sent as it is, instead of `body`: once for each time that the request is sent. */
  readonly stream?: () => ReadableStream<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Begun with each reply: told each member of its field `data`; the answer's body is without them. */
  readonly members?: () => (member: string) => void;
  /** How often the same was sent before, and put off or not answered. */
  readonly repeats?: number;
  /** Of a POST: it may be carried out twice. */
  readonly isSafe?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly requestId: string | undefined;
  /** The JSON of the body, the text when it is not JSON, undefined when it is empty. */
  readonly body: unknown;
}

const BEGINNING = 80;
const [FIRST_FAILURE, UNEXPECTED] = [400, 417];
/** 300 is not among them: services answer it with the list of their versions. */
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_BYTES = 64 * 1024 ** 2; // A page of 1,000 servers has some 10 MiB.
const SAFE_METHODS: readonly Ask['method'][] = ['GET', 'HEAD', 'PUT', 'DELETE']; // RFC 9110 §9.2.2
/** How services tell this suite's requests from others in their logs. */
export const USER_AGENT = 'storpool-openstack-acceptance';
const COMMON_HEADERS = { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': USER_AGENT };

/**
 * One service over HTTP. An error status or a redirect, none of which is followed, throws HttpFailure, no answer throws Unreachable. What is put
 * off (503, 429, Cinder's 413 with a time to wait) or lost (502, 504, a connection that is cut) is sent again until the deadline of the step
 * around it, when it may be carried out twice: GET, HEAD, PUT, DELETE, and what the caller says so of; whatever could not be sent at all, to one who
 * has answered before, is sent again, too. The exchange tells of each time. Each request has a
 * connection of its own, because a kept one may be closed by the other side just as a POST goes out.
 */
export class Http {
  readonly service: string;
  readonly baseUrl: string;
  readonly #options: HttpOptions;
  readonly #patience: Patience;
  #asksFirst = true;
  #requests = 0;

  constructor(options: HttpOptions) {
    this.#patience = new Patience(options);
    this.service = options.service;
    this.baseUrl = options.baseUrl;
    this.#options = options;
  }

  /** How many requests were sent. */
  get requests(): number {
    return this.#requests;
  }

  /** For how long a request of now may be repeated, in milliseconds. */
  get patienceMs(): number {
    return this.#patience.ms;
  }

  get signal(): AbortSignal | undefined {
    return this.#options.signal;
  }

  /** Asks and reads the whole reply. Throws HttpFailure for a status of 400 or more and for a redirect, Failure for what cannot be read. */
  ask(ask: Ask): Promise<Answer> {
    return this.#patiently(ask, async (asked) => {
      using _ = asking(this.service);
      const started = performance.now();
      const response = await this.#send(asked, started);
      const { text, head, length } = await this.#read(asked, started, response);
      this.#record(asked, started, response, head, length);
      return this.#answer(asked, response, text);
    });
  }

  /** Asks and hands over the reply's bytes as they come. The caller reads them all. */
  download(ask: Ask): Promise<ReadableStream<Uint8Array>> {
    return this.#patiently(ask, async (asked) => {
      const started = performance.now();
      const response = await this.#send(asked, started);
      if (isRefused(response)) {
        const { text } = await this.#read(asked, started, response);
        this.#record(asked, started, response, text);
        this.#answer(asked, response, text);
      }
      this.#record(asked, started, response, '(data)');
      return this.#whole(asked, started, async () => response.stream());
    });
  }

  #patiently<T>(ask: Ask, once: (ask: Ask) => Promise<T>): Promise<T> {
    const isSafe = ask.isSafe ?? SAFE_METHODS.includes(ask.method);
    const what = `${this.service} to answer ${ask.method} ${ask.path}`;
    const { repeats: before = 0 } = ask;
    const send = (repeats: number) => once({ ...ask, repeats: before + repeats });
    return this.#patience.sent({ what, send, isSafe, signal: this.signal });
  }

  /** The body of the answer as `schema` reads it. Throws Failure when it does not fit, naming the field. */
  async json<T>(schema: z.ZodType<T>, ask: Ask): Promise<T> {
    return this.fit(schema, ask, await this.ask(ask));
  }

  /** An answer's body, or what stands in it `at` some place, as `schema` reads it. Throws Failure when it does not fit, naming the field. */
  fit<T>(
    schema: z.ZodType<T>,
    ask: Ask,
    { body, requestId, headers, status }: Pick<Answer, 'body'> & Partial<Answer>,
    at: readonly (string | number)[] = [],
  ): T {
    const result = schema.safeParse(body);
    if (result.success) {
      return result.data;
    }
    const [issue] = result.error.issues;
    throw new Failure(
      `${this.service} answered in a form that its documentation does not have`,
      {
        request: `${ask.method} ${ask.path}`,
        field: [...at, ...(issue?.path ?? [])].join('.') || '(whole body)',
        problem: issue?.message,
        status,
        'content-type': headers?.get('content-type') ?? undefined,
        begins: typeof body === 'string' ? JSON.stringify(body.slice(0, BEGINNING)) : undefined,
        requestId,
      },
      `Check that ${this.baseUrl} is ${this.service} and of a supported version.`,
    );
  }

  /** Sends it; once more, and without asking first whether the data is wanted, where something on the way knows no such question (RFC 9110 §10.1.1). */
  async #send(ask: Ask, started: number): Promise<Incoming> {
    const asked = ask.stream !== undefined && this.#asksFirst;
    const first = await this.#sendOnce(ask, started);
    const isAlone = asked && first.status === UNEXPECTED;
    this.#asksFirst &&= !isAlone;
    return isAlone ? this.#sendOnce(ask, started) : first;
  }

  async #sendOnce(ask: Ask, started: number): Promise<Incoming> {
    const { signal, requestMs, headers, mostBytes = MOST_BYTES } = this.#options;
    const deadline = AbortSignal.timeout(ask.timeoutMs ?? requestMs);
    this.#requests += 1;
    return this.#whole(ask, started, () =>
      sendRequest(this.#url(ask), {
        method: ask.method,
        headers: { ...COMMON_HEADERS, ...contentType(ask), ...headers, ...ask.headers },
        body: ask.stream?.() ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body)),
        mostBytes,
        asksFirst: this.#asksFirst,
        proxy: this.#proxy(ask),
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      }),
    );
  }

  /** The body. One that cannot be read is only told where the status says that more is wrong than that. */
  async #read(ask: Ask, started: number, response: Incoming): Promise<Reading> {
    try {
      return await this.#whole(ask, started, () => read(response, ask.members?.()));
    } catch (error) {
      if (error instanceof Failure && !(error instanceof Unreachable) && isRefused(response)) {
        return { text: '', head: '', length: 0 };
      }
      throw error;
    }
  }

  /** Runs a part of an exchange; no answer becomes an exchange without status and Unreachable. */
  async #whole<T>(ask: Ask, started: number, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      if (error instanceof Unreadable) {
        const request = `${ask.method} ${this.#url(ask)}`;
        throw new Failure(`the reply of ${this.service} cannot be read: ${error.message}`, { request }, error.advice, {
          cause: error,
        });
      }
      this.#record(ask, started, undefined);
      const { method, repeats } = ask;
      const ms = Math.round(performance.now() - started);
      const proxy = this.#proxy(ask);
      throw new Unreachable({ service: this.service, method, url: this.#url(ask), ms, repeats, proxy }, error);
    }
  }

  #answer(ask: Ask, response: Incoming, text: string): Answer {
    const body = jsonOf(text);
    const requestId = requestIdOf(response.headers);
    if (!isRefused(response)) {
      return { status: response.status, headers: response.headers, requestId, body };
    }
    throw new HttpFailure({
      service: this.service,
      method: ask.method,
      path: ask.path,
      status: response.status,
      requestId,
      said: this.#options.explain?.(body),
      location: REDIRECTS.has(response.status) ? (response.headers.get('location') ?? '(nowhere)') : undefined,
      body,
      repeats: ask.repeats,
      restMs: restOf(response),
      isFinal: this.#options.decides?.(body),
    });
  }

  #proxy(ask: Ask): string | undefined {
    return proxyFor(this.#url(ask), this.#options.proxies);
  }

  #url({ path, query }: Ask): string {
    const given = Object.entries(query ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return given.length === 0 ? `${this.baseUrl}${path}` : `${this.baseUrl}${path}?${new URLSearchParams(given).toString()}`;
  }

  #record(ask: Ask, started: number, response: Incoming | undefined, reply?: string, length?: number): void {
    const { record, redactor } = this.#options;
    if (record === undefined) {
      return;
    }
    const tidy = (text: string, whole = text.length) => cut(text, whole, redactor);
    const requestId = response === undefined ? undefined : requestIdOf(response.headers);
    const exchange = {
      service: this.service,
      method: ask.method,
      url: tidy(this.#url(ask)),
      status: response?.status,
      ms: Math.round(performance.now() - started),
      ...(requestId === undefined ? {} : { requestId }),
      ...(ask.repeats ? { again: true } : {}),
      ...(ask.body === undefined ? {} : { request: tidy(JSON.stringify(ask.body)) }),
      ...(ask.stream === undefined ? {} : { request: '(data)' }),
      ...(reply === undefined || reply === '' ? {} : { reply: tidy(reply, length) }),
    };
    record(exchange, ask);
  }
}

function isRefused({ status }: Incoming): boolean {
  return status >= FIRST_FAILURE || REDIRECTS.has(status);
}

function contentType(ask: Ask): Record<string, string> {
  return ask.body === undefined ? {} : { 'content-type': 'application/json' };
}
