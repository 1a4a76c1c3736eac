import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { Http } from './http.ts';

const MIB = 1024 ** 2;
/** More than a connection holds by itself. */
const LARGE = 64 * MIB;

/** What was uploaded and how often anything of it was asked for, with a service that does as `handle` says when data is announced. */
async function uploadTo(handle: RequestListener) {
  let asked = 0;
  const server = createServer(handle);
  server.on('checkContinue', handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await using _ = { [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
  const { port } = server.address() as AddressInfo;
  const http = new Http({ service: 'Glance', baseUrl: `http://127.0.0.1:${port}`, requestMs: 60_000 });
  let left = LARGE;
  const stream = () =>
    new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          asked += 1;
          controller.enqueue(new Uint8Array(MIB));
          left -= MIB;
          if (left === 0) {
            controller.close();
          }
        },
      },
      { highWaterMark: 0 },
    );
  const answered = await http.ask({ method: 'PUT', path: '/file', stream }).then(
    ({ status }) => status,
    (error: unknown) => error,
  );
  return { asked, answered };
}

test('data that a service refuses before it reads it is not sent, and what it said is told', async () => {
  const { asked, answered } = await uploadTo((_request, response) => {
    response.writeHead(403, { connection: 'close' });
    response.end('not by upload');
  });
  expect(answered).toMatchObject({ status: 403, repeats: 0 });
  expect(asked).toBe(0);
});

test('a proxy that knows no such question is not asked again', async () => {
  const seen: (string | undefined)[] = [];
  const { answered } = await uploadTo((request, response) => {
    seen.push(request.headers.expect);
    if (request.headers.expect !== undefined) {
      response.writeHead(417, { connection: 'close' }).end();
      return;
    }
    void buffer(request).then((data) => response.writeHead(data.length === LARGE ? 204 : 400).end());
  });
  expect({ seen, answered }).toEqual({ seen: ['100-continue', undefined], answered: 204 });
});

test('it is sent once the service wants it', async () => {
  const { asked, answered } = await uploadTo((request, response) => {
    response.writeContinue();
    void buffer(request).then((data) => response.writeHead(data.length === LARGE ? 204 : 400).end());
  });
  expect({ asked, answered }).toEqual({ asked: LARGE / MIB, answered: 204 });
});

test('a service that says nothing of it gets it all the same', async () => {
  const { answered } = await uploadTo((request, response) => {
    void buffer(request).then((data) => response.writeHead(data.length === LARGE ? 204 : 400).end());
  });
  expect(answered).toBe(204);
});
