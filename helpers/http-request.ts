import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

export interface Outgoing {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | ReadableStream<Uint8Array> | undefined;
  readonly signal: AbortSignal;
}

export interface Incoming {
  readonly status: number;
  readonly headers: Headers;
  /** Reads the rest. Throws as sendRequest does. */
  readonly text: () => Promise<string>;
  /** Reads the rest and hands it over as it comes. Throws as sendRequest does. */
  readonly pieces: (see: (piece: Buffer) => void) => Promise<void>;
  readonly stream: () => ReadableStream<Uint8Array>;
}

/**
 * Sends one request on a connection of its own and gives the reply once its headers are there. Follows no redirect. Throws the system's error,
 * or the signal's reason. Not `fetch`: when a connection closes while a large reply is still being read, that ends the process
 * (nodejs/undici#5360, in Node 24 up to at least 24.21).
 */
export function sendRequest(url: string, { method, headers, body, signal }: Outgoing): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    const open = url.startsWith('https:') ? overHttps : overHttp;
    const reason = (error: unknown) => (signal.aborted ? signal.reason : error) as Error;
    const fail = (error: unknown) => reject(reason(error));
    const length = typeof body === 'string' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    const outgoing = open(url, { method, headers: { ...length, ...headers }, agent: false, signal });
    outgoing.on('error', fail);
    outgoing.on('response', (reply) => {
      resolve({
        status: reply.statusCode ?? 0,
        headers: headersOf(reply),
        text: () => text(reply).catch((error: unknown) => Promise.reject(reason(error))),
        pieces: (see) => piecesOf(reply, see).catch((error: unknown) => Promise.reject(reason(error))),
        stream: () => Readable.toWeb(reply) as ReadableStream<Uint8Array>,
      });
    });
    if (body === undefined || typeof body === 'string') {
      outgoing.end(body);
    } else {
      pipeline(Readable.fromWeb(body), outgoing).catch(fail);
    }
  });
}

async function piecesOf(reply: IncomingMessage, see: (piece: Buffer) => void): Promise<void> {
  for await (const piece of reply as AsyncIterable<Buffer>) {
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
