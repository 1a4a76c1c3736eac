import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { listeningProcess } from './listening-process.ts';

test.for(['127.0.0.1', '::1'])('who listens on %s is found by its port, and nobody once it is closed', async (address) => {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;

  const listening = await listeningProcess(port);
  server.close();
  await once(server, 'close');

  expect(listening).toEqual({ pid: process.pid, program: expect.stringMatching(/./) });
  expect(await listeningProcess(port)).toBeUndefined();
});
