import { once } from 'node:events';
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Held {
  readonly path: RegExp;
  readonly act: () => Promise<void>;
}

/** What StorPool answers while its management service moves to another server (StorPool reference §1.2). */
const MOVING = JSON.stringify({ error: { name: 'busy', descr: 'The management service is moving', transient: true } });
const PUT_OFF_STATUS = 409;

/**
 * Stands before StorPool's API for the suite alone, so that something can be done to the cluster at an exact moment of a run: the first
 * request that fits is held until it is done. When nobody answers behind it, it hangs up, as would the API itself.
 */
export class Gate implements AsyncDisposable {
  readonly #server = createServer((request, response) => void this.#pass(request, response));
  readonly #behind: () => Promise<number>;
  #held: Held | undefined;
  #moves: { readonly path: RegExp; readonly ms: number } | undefined;
  #movedUntil = 0;

  private constructor(behind: () => Promise<number>) {
    this.#behind = behind;
  }

  /** `behind` tells the port of the API on this machine, which is another one after a restart of its container. */
  static async open(behind: () => Promise<number>): Promise<Gate> {
    const gate = new Gate(behind);
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    return gate;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Before the next request whose method and path fit is passed on, this happens, once. Resolves when it has happened. */
  hold(path: RegExp, act: () => Promise<void>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#held = { path, act: () => act().then(resolve, reject) };
    return promise;
  }

  /** From the next request that fits on, all are put off as `transient` for so long, in milliseconds. */
  putOff(path: RegExp, ms: number): void {
    this.#moves = { path, ms };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const held = this.#held;
    if (held?.path.test(`${request.method} ${request.url}`) === true) {
      this.#held = undefined;
      await held.act();
    }
    if (this.#isMoving(`${request.method} ${request.url}`)) {
      request.resume();
      response.writeHead(PUT_OFF_STATUS, { 'content-type': 'application/json' }).end(MOVING);
      return;
    }
    const port = await this.#behind().catch(() => undefined);
    if (port === undefined) {
      response.destroy();
      return;
    }
    const { method, url, headers } = request;
    const onward = ask({ host: '127.0.0.1', port, method, path: url, headers, agent: false }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  #isMoving(asked: string): boolean {
    if (this.#moves?.path.test(asked) === true) {
      this.#movedUntil = performance.now() + this.#moves.ms;
      this.#moves = undefined;
    }
    return performance.now() < this.#movedUntil;
  }
}
