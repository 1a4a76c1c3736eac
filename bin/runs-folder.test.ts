import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CannotRun } from '../helpers/failure.ts';
import { assertPrivate, makePrivate } from './runs-folder.ts';
import { Command } from './testing/supervised-run.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

function scratch(): { folder: string; runs: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'acc-runs-'));
  const runs = join(folder, 'runs');
  mkdirSync(runs, { mode: 0o700 });
  return { folder, runs, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

function refusal(folder: string): string {
  try {
    assertPrivate(folder);
    return 'none';
  } catch (error) {
    return error instanceof CannotRun ? `${error.what} → ${error.advice}` : String(error);
  }
}

test('the folder of the runs is its user’s alone, or refused with the command that mends it', () => {
  using it = scratch();
  const link = join(it.folder, 'link');
  symlinkSync(it.runs, link);
  const seen = [refusal(it.runs), refusal(join(it.folder, 'not-there-yet')), refusal(link)];
  for (const mode of [0o777, 0o770]) {
    chmodSync(it.runs, mode);
    seen.push(refusal(it.runs));
  }
  chmodSync(it.runs, 0o755);
  seen.push(refusal(it.runs));
  if (isRoot) {
    chownSync(it.runs, NOBODY, NOBODY);
  }
  const others = refusal(it.runs);

  const writable = `the folder of the runs can be written to by others → Keep them out: chmod go-w ${it.runs}`;
  expect(seen).toEqual([
    'none',
    'none',
    `the folder of the runs is a link, which may be turned to anywhere → Name the folder itself: export ACCEPTANCE_RUNS_DIR=${it.runs}`,
    writable,
    writable,
    'none',
  ]);
  expect(others).toBe(isRoot ? `the folder of the runs belongs to another user → Take it over: chown -R 0 ${it.runs}` : 'none');
});

test.for(['run', 'sweep', 'report'])('%s refuses a folder that others may write to, and puts nothing there', async (name) => {
  using it = scratch();
  chmodSync(it.runs, 0o777);

  const command = new Command([name], { ACCEPTANCE_RUNS_DIR: it.runs });

  expect(await command.ended, command.output).toBe(2);
  expect(command.output).toContain(`chmod go-w ${it.runs}`);
  expect(readdirSync(it.runs)).toEqual([]);
});

test('a run’s files are its user’s alone', () => {
  using it = scratch();
  mkdirSync(join(it.runs, 'allure'), { mode: 0o755 });
  const files = ['verdict.json', 'allure/index.html'].map((file) => join(it.runs, file));
  for (const file of files) {
    writeFileSync(file, '', { mode: 0o644 });
  }

  makePrivate(it.runs);

  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
  expect([it.runs, join(it.runs, 'allure'), ...files].map(modeOf)).toEqual(['700', '700', '600', '600']);
});
