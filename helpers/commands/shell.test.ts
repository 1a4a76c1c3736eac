import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { shell } from './shell.ts';

const PATH = process.env['PATH'] ?? '';

/** A process that runs a command for a minute, and tells its own and the command's ids. */
const WAITING = `
  import { shell } from ${JSON.stringify(import.meta.resolve('./shell.ts'))};
  const environment = { PATH: process.env.PATH };
  void shell(['sh', '-c', 'echo $$; exec sleep 60'], { environment, onOutput: (text) => process.stdout.write(text) });
`;

/** A process that has ended and that nobody has asked about has no command line any more. */
const runs = (pid: string) => existsSync(`/proc/${pid}`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';

test('a command ends with the process that runs it, when that is killed', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WAITING], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [pid] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  expect(runs(pid)).toBe(true);

  child.kill('SIGKILL');
  await once(child, 'exit');

  await expect.poll(() => runs(pid)).toBe(false);
});

test('a Ctrl-C, which every process of the group gets, is left to this one to act on', async () => {
  const script = `process.on('SIGINT', () => process.stdout.write('heard\\n'));\n${WAITING}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: pid } = (await lines.next()) as { value: string };

  process.kill(-(child.pid ?? 0), 'SIGINT');

  expect(await lines.next()).toMatchObject({ value: 'heard' });
  expect(runs(pid)).toBe(true);
  child.kill('SIGKILL');
  await expect.poll(() => runs(pid)).toBe(false);
});

test.for(['aborted', 'out of time'])('what a command has started ends with it when it is %s', async (how) => {
  const enough = new AbortController();
  let pid = '';
  const ended = shell(['sh', '-c', 'sleep 60 & echo $!; wait'], {
    environment: { PATH },
    signal: enough.signal,
    ...(how === 'aborted' ? {} : { timeoutMs: 3000 }),
    onOutput: (text) => {
      pid = text.trim();
      if (how === 'aborted') {
        enough.abort();
      }
    },
  });

  const end = await ended.then(
    ({ timedOut }) => (timedOut ? 'out of time' : 'by itself'),
    () => 'aborted',
  );

  expect(end).toBe(how);
  expect(pid).toMatch(/^\d+$/);
  await expect.poll(() => runs(pid)).toBe(false);
});

test('a command keeps its name, its exit code and its words', async () => {
  const environment = { PATH };

  expect(await shell(['sh', '-c', 'echo "$0"; echo no >&2; exit 3', 'me'], { environment })).toMatchObject({
    ...{ exitCode: 3, stdout: 'me\n', stderr: 'no\n' },
  });
  expect(await shell(['no-such-command'], { environment })).toMatchObject({ stderr: expect.stringContaining('ENOENT') });
});
