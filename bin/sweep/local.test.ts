import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Journal, readJournal } from '../../fixtures/ledger/journal.ts';
import { newRunId, runFiles, WORK_FOLDER } from '../../fixtures/run/run.ts';
import { sweepLocal } from './local.ts';

test('with a killed run on an embedded cluster goes what its scenarios worked on in its folder', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'acc-sweep-local-'));
  const id = newRunId(Date.now());
  const { journal: path } = runFiles(dir);
  using journal = new Journal(path);
  const binding = { authUrl: 'http://127.0.0.1:9/v3', projectId: 'p', storpoolApi: '127.0.0.1:9' };
  journal.write({ type: 'run', run: id, target: 'embedded', prefix: 'os', binding });
  const work = join(dir, `${WORK_FOLDER}horizon`);
  mkdirSync(join(work, 'browser'), { recursive: true });
  const { header, entries } = readJournal(path);

  await sweepLocal(
    [{ id, dir, header: header as NonNullable<typeof header>, entries }],
    (run) => run === id,
    true,
    () => undefined,
  );

  expect(existsSync(work)).toBe(false);
  rmSync(dir, { recursive: true });
});
