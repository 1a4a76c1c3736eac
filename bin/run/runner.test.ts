import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Redactor } from '../../helpers/redact.ts';
import { runRunner } from './runner.ts';

function tempFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'acc-runner-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

function partsFor(folder: string, script: string, signal: AbortSignal = new AbortController().signal) {
  const log = join(folder, 'runner.log');
  const redactor = new Redactor(['hunter22']);
  return { argv: ['-e', script], env: { SECRET: 'hunter22' }, cwd: folder, log, redactor, signal, graceMs: 200 };
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
}

test('what the runner prints is kept, without secrets, and its exit code told', async () => {
  using folder = tempFolder();
  const script = 'console.log("token " + process.env.SECRET); console.error("oops"); process.exitCode = 3';

  const end = await runRunner(partsFor(folder.path, script));

  expect(end).toEqual({ code: 3, signal: null });
  const log = readFileSync(join(folder.path, 'runner.log'), 'utf8').trim().split('\n').toSorted();
  expect(log).toEqual(['oops', 'token ******']);
});

test('a runner that is asked to stop and does not is killed with all that it started', async () => {
  using folder = tempFolder();
  const script = `
    process.on('SIGTERM', () => {});
    const child = require('node:child_process').spawn('sleep', ['300']);
    require('node:fs').writeFileSync('pids', JSON.stringify([process.pid, child.pid]));
    setInterval(() => {}, 1000);`;
  const stop = new AbortController();
  const running = runRunner(partsFor(folder.path, script, stop.signal));
  const pids = () => JSON.parse(readFileSync(join(folder.path, 'pids'), 'utf8')) as number[];
  await expect.poll(() => pids().length).toBe(2);

  stop.abort();

  expect(await running).toEqual({ code: null, signal: 'SIGKILL' });
  await expect.poll(() => pids().every(isGone)).toBe(true);
});

test('what a runner leaves running when it ends is killed', async () => {
  using folder = tempFolder();
  const script = `
    const child = require('node:child_process').spawn('sleep', ['300'], { stdio: 'ignore' });
    require('node:fs').writeFileSync('pid', String(child.pid));
    child.unref();`;

  const end = await runRunner(partsFor(folder.path, script));

  const pid = Number(readFileSync(join(folder.path, 'pid'), 'utf8'));
  expect(end).toEqual({ code: 0, signal: null });
  await expect.poll(() => isGone(pid)).toBe(true);
});
