import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One request as a test sees it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or text as it is. */
  readonly body?: unknown;
}

export interface AnsweringServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly seen: readonly Seen[];
}

/** A loopback server for unit tests, which answers as `answer` says; `cut` closes the connection instead. At any port when none is given. */
export async function answering(
  answer: (seen: Seen, nth: number) => Said | 'cut' | 'silence',
  address: '127.0.0.1' | '::1' = '127.0.0.1',
  at = 0,
): Promise<AnsweringServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      const said = answer(one, seen.push(one));
      if (said === 'cut') {
        response.destroy();
      } else if (said !== 'silence') {
        response.writeHead(said.status ?? 200, said.headers);
        response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(at, address, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    port,
    seen,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
