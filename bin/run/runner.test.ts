import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Redactor } from '../../helpers/redact.ts';
import { Runner } from './runner.ts';

function tempFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'acc-runner-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

function start(folder: string, script: string, onLogError = (error: unknown): unknown => expect.fail(String(error))): Runner {
  const log = join(folder, 'runner.log');
  return new Runner({ argv: ['-e', script], cwd: folder, log, redactor: new Redactor(['hunter22']), graceMs: 200, onLogError });
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
}

test('the runner hears what to run, and what it prints is kept without secrets', async () => {
  using folder = tempFolder();
  const script = `
    require('node:readline').createInterface({ input: process.stdin }).once('line', (line) => {
      console.log('told ' + line);
      console.error('oops');
      process.exit(3);
    });`;

  const runner = start(folder.path, script);
  runner.begin('hunter22');

  expect(await runner.ended).toEqual({ exitCode: 3, signal: null });
  const log = readFileSync(join(folder.path, 'runner.log'), 'utf8').trim().split('\n').toSorted();
  expect(log).toEqual(['oops', 'told ******']);
});

test('a secret that comes in pieces is kept no more than a whole one, nor what would steer a terminal', async () => {
  using folder = tempFolder();
  const script = `
    const bytes = [...Buffer.from('ä hunter22 \\x1b[2J\\n{"token": "unheard-of"}')];
    const next = () => bytes.length > 0 && process.stdout.write(Buffer.of(bytes.shift()), () => setImmediate(next));
    next();`;

  await start(folder.path, script).ended;

  const log = readFileSync(join(folder.path, 'runner.log'), 'utf8');
  expect(log).toBe('ä ****** \\x1b[2J\n{"token": "******"}\n');
});

test('a runner that is asked to stop and does not is killed with all that it started', async () => {
  using folder = tempFolder();
  const script = `
    process.on('SIGTERM', () => {});
    const child = require('node:child_process').spawn('sleep', ['300']);
    require('node:fs').writeFileSync('pids', JSON.stringify([process.pid, child.pid]));
    setInterval(() => {}, 1000);`;
  const runner = start(folder.path, script);
  const pids = () => JSON.parse(readFileSync(join(folder.path, 'pids'), 'utf8')) as number[];
  await expect.poll(() => pids().length).toBe(2);

  runner.stop();

  expect(await runner.ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
  await expect.poll(() => pids().every(isGone)).toBe(true);
});

test('what a runner leaves running when it ends is killed', async () => {
  using folder = tempFolder();
  const script = `
    const child = require('node:child_process').spawn('sleep', ['300'], { stdio: 'ignore' });
    require('node:fs').writeFileSync('pid', String(child.pid));
    child.unref();`;

  const end = await start(folder.path, script).ended;

  const pid = Number(readFileSync(join(folder.path, 'pid'), 'utf8'));
  expect(end).toEqual({ exitCode: 0, signal: null });
  await expect.poll(() => isGone(pid)).toBe(true);
});

test('a runner that is gone before it hears what to run tells so by its end', async () => {
  using folder = tempFolder();
  const runner = start(folder.path, 'process.exit(4)');

  const end = await runner.ended;
  runner.begin('too late');
  runner.stop();

  expect(end).toEqual({ exitCode: 4, signal: null });
});

test('a log that cannot be written is told, and the runner goes on without', async () => {
  using folder = tempFolder();
  mkdirSync(join(folder.path, 'runner.log'));
  const errors: unknown[] = [];

  const runner = start(
    folder.path,
    "for (let n = 0; n < 20_000; n += 1) console.log('x'.repeat(100)); process.exitCode = 5;",
    (error) => errors.push(error),
  );

  expect(await runner.ended).toEqual({ exitCode: 5, signal: null });
  expect(errors).toEqual([expect.objectContaining({ code: 'EISDIR' })]);
});
