import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { DockerSession } from './docker-session.ts';

/** A session through an engine that runs commands here, or that says what it is told to say and ends. */
async function enter(engine = '#!/bin/sh\nshift 3\nexec "$@"\n') {
  const dir = mkdtempSync(join(tmpdir(), 'acc-session-'));
  writeFileSync(join(dir, 'docker'), engine);
  chmodSync(join(dir, 'docker'), 0o755);
  const session = new DockerSession('box', { PATH: `${dir}:/usr/bin:/bin` });
  return { dir, session, isOpen: await session.isOpen, [Symbol.dispose]: () => rmSync(dir, { recursive: true }) };
}

test('commands at the same time each get their own input, output and exit code', async () => {
  using there = await enter();
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
  const echo = (code: number) => there.session.run(['sh', '-c', `cat; echo ${code} >&2; exit ${code}`], { input: bytes });

  const results = await Promise.all([echo(0), echo(1), echo(2)]);

  expect(results.map(({ exitCode, stderr, timedOut }) => [exitCode, stderr, timedOut])).toEqual([
    [0, '0\n', false],
    [1, '1\n', false],
    [2, '2\n', false],
  ]);
  expect(results.every(({ stdout }) => stdout.equals(bytes))).toBe(true);
});

test('a command gets a stream as it comes, and its end, also when it is given up', async () => {
  using there = await enter();
  const streams = [new PassThrough(), new PassThrough()] as const;
  const [first, second] = streams.map((input) => {
    const told = new PassThrough();
    const ended = there.session.run(['cat'], { input, onOutput: (text) => told.write(text) });
    return { ended, next: async () => String((await once(told, 'data'))[0]) };
  });
  for (const word of ['one', 'two']) {
    streams[0].write(word);
    expect(await first?.next()).toBe(word);
  }
  streams[0].end('three');
  streams[1].destroy();

  expect((await first?.ended)?.stdout.toString()).toBe('onetwothree');
  expect(await second?.ended).toMatchObject({ exitCode: 0 });
});

test('a command that does not read its input, or is not there, holds nobody up', async () => {
  using there = await enter();
  const deaf = there.session.run(['true'], { input: Buffer.alloc(1_000_000) });
  const missing = await there.session.run(['no-such-program'], {});

  expect(missing).toMatchObject({ exitCode: undefined, stderr: expect.stringContaining('no-such-program') });
  expect(await deaf).toMatchObject({ exitCode: 0 });
});

test('a command whose time is up ends, and so does what it started', async () => {
  using there = await enter();
  const late = await there.session.run(['sh', '-c', 'trap "" TERM; echo begun; sleep 100 & wait; wait'], { timeoutMs: 3000 });

  expect(late).toMatchObject({ exitCode: undefined, timedOut: true });
  expect(late.stdout.toString()).toBe('begun\n');
});

test('an aborted command is ended, and its caller hears the reason', async () => {
  using there = await enter();
  const abort = new AbortController();
  const begun = Promise.withResolvers<void>();
  const script = 'trap "echo asked to end; exit" TERM; echo begun; while :; do sleep 0.05; done';
  let heard = '';
  const onOutput = (text: string) => {
    heard += text;
    begun.resolve();
  };
  const running = there.session.run(['sh', '-c', script], { signal: abort.signal, onOutput });
  await begun.promise;
  abort.abort(new Error('enough'));

  await expect(running).rejects.toThrow('enough');
  expect(heard).toContain('asked to end');
});

test('when the container ends, its commands end with what Docker said', async () => {
  using there = await enter('#!/bin/sh\nshift 3\n"$@" 2>/dev/null\necho "container gone" >&2\n');
  const sleeping = there.session.run(['sleep', '3'], {});
  const result = await there.session.run(['sh', '-c', 'kill -9 $PPID'], {});

  expect(result).toMatchObject({ exitCode: undefined, stderr: expect.stringContaining('container gone') });
  expect((await sleeping).stderr).toContain('container gone');
  expect(there.session.isOver).toBe(true);
  expect((await there.session.run(['true'], {})).stderr).toContain('container gone');
});

test('a container without Python offers no session', async () => {
  using there = await enter('#!/bin/sh\necho \'exec: "python3": executable file not found\' >&2\nexit 127\n');

  expect(there.isOpen).toBe(false);
  expect(there.session.isOver).toBe(true);
});
