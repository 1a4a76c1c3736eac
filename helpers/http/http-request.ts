import { type ClientRequest, type IncomingMessage, request as overHttp, Agent as PlainAgent } from 'node:http';
import { request as overHttps, Agent as SecureAgent } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { explained, ownCertificate } from './certificates.ts';

export interface Outgoing {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ReadableStream<Uint8Array> | undefined;
  readonly signal: AbortSignal;
  /** A longer reply is not read whole. Any length when absent. */
  readonly mostBytes?: number;
  /** False where streamed data is sent without asking whether it is wanted. */
  readonly asksFirst?: boolean;
  /** The proxy to go by; none when absent. */
  readonly proxy?: string | undefined;
}

export interface Incoming {
  readonly status: number;
  readonly headers: Headers;
  /** Reads the rest. Throws as sendRequest does, or Unreadable. */
  readonly text: () => Promise<string>;
  /** Reads the rest and hands it over as it comes. Throws as sendRequest does, or Unreadable. */
  readonly pieces: (see: (piece: Buffer) => void) => Promise<void>;
  /** Throws Unreadable. */
  readonly stream: () => ReadableStream<Uint8Array>;
}

/**
 * Sends one request on a connection of its own and gives the reply once its headers are there. Follows no redirect. Throws the system's error,
 * or the signal's reason. Data that is streamed is sent once the other side asks for it, or says nothing for a second (RFC 9110 §10.1.1): who refuses
 * it without reading it closes the connection, and what was said is lost with it. Who does not know that question answers 417 to it. Not `fetch`: when a connection closes while a large reply is
 * still being read, that ends the process (nodejs/undici#5360, in Node 24 up to at least 24.21).
 */
export function sendRequest(
  url: string,
  { method, headers, body, signal, mostBytes = Number.POSITIVE_INFINITY, asksFirst = true, proxy }: Outgoing,
): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    const isSecure = url.startsWith('https:');
    const open = isSecure ? overHttps : overHttp;
    const Agent = isSecure ? SecureAgent : PlainAgent;
    const agent = proxy === undefined ? false : new Agent({ proxyEnv: { http_proxy: proxy, https_proxy: proxy } });
    const reason = (error: unknown) => (signal.aborted ? signal.reason : error) as Error;
    const fail = (error: unknown) => void explained(error, url).then((told) => reject(reason(told)));
    const length = typeof body === 'string' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    const expecting = body === undefined || typeof body === 'string' || !asksFirst ? {} : { expect: '100-continue' };
    const all = { ...length, ...expecting, ...headers };
    const outgoing = open(url, { ...ownCertificate(), method, headers: all, agent, signal });
    outgoing.on('error', fail);
    const sending =
      body === undefined || typeof body === 'string' ? undefined : onceWanted(body, outgoing, asksFirst ? SILENCE_MS : 0, fail);
    outgoing.on('response', (reply) => {
      sending?.leave(reply);
      resolve({
        status: reply.statusCode ?? 0,
        headers: headersOf(reply),
        text: () => whole(reply, mostBytes).catch((error: unknown) => Promise.reject(reason(error))),
        pieces: (see) => piecesOf(reply, mostBytes, see).catch((error: unknown) => Promise.reject(reason(error))),
        stream: () => Readable.toWeb(assertPlain(reply)) as ReadableStream<Uint8Array>,
      });
    });
    if (sending === undefined) {
      outgoing.end(body);
    }
  });
}

const SILENCE_MS = 1000;

/** Sends the data when the other side wants it; what answers before that does not. */
function onceWanted(
  body: ReadableStream<Uint8Array>,
  outgoing: ClientRequest,
  silenceMs: number,
  fail: (error: unknown) => void,
) {
  let isBegun = false;
  const send = () => {
    if (!isBegun) {
      isBegun = true;
      pipeline(Readable.fromWeb(body), outgoing).catch(fail);
    }
  };
  const silence = setTimeout(send, silenceMs);
  outgoing.once('continue', send);
  outgoing.once('close', () => clearTimeout(silence));
  return {
    leave: (reply: IncomingMessage) => {
      clearTimeout(silence);
      if (!isBegun) {
        isBegun = true;
        void body.cancel();
        reply.once('close', () => outgoing.destroy());
      }
    },
  };
}

/** A reply whose bytes cannot be used, with what to do. */
export class Unreadable extends Error {
  override name = 'Unreadable';
  readonly advice: string;

  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}

const MIB = 1024 ** 2;

async function whole(reply: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  await piecesOf(reply, mostBytes, (piece) => void chunks.push(piece));
  return Buffer.concat(chunks).toString('utf8');
}

async function* bounded(reply: IncomingMessage, mostBytes: number): AsyncGenerator<Buffer> {
  assertPlain(reply);
  let bytes = 0;
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      // Leaving the loop closes the connection.
      const advice = 'Look at what answers there: no list of a service is that long.';
      throw new Unreadable(`it is longer than ${Math.floor(mostBytes / MIB)} MiB`, advice);
    }
    yield chunk;
  }
}

/** Requests ask for no encoding (RFC 9110 §12.5.3). */
function assertPlain(reply: IncomingMessage): IncomingMessage {
  const encoding = reply.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    reply.destroy();
    const advice = 'Look at what answers there: a proxy before the service compresses replies for which nobody asked it.';
    throw new Unreadable(`it is encoded as ${encoding}, though \`identity\` was asked for`, advice);
  }
  return reply;
}

async function piecesOf(reply: IncomingMessage, mostBytes: number, see: (piece: Buffer) => void): Promise<void> {
  for await (const piece of bounded(reply, mostBytes)) {
    see(piece);
  }
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  }
  return headers;
}
