import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cloudBindingOf } from '../../fixtures/ledger/cloud-binding.ts';
import { Journal } from '../../fixtures/ledger/journal.ts';
import { runFiles } from '../../fixtures/run/run.ts';
import { liveTarget } from '../../fixtures/targets/live.ts';
import { readSettings } from '../../helpers/config/config.ts';
import { gib } from '../../helpers/units.ts';
import { Command, type Served, serveInAnotherProcess } from '../testing/supervised-run.ts';

const HOUR_MS = 3_600_000;
const GOOD = 'zzzzzzzz';

/** What lies in the place of a run's journal, or is written into it after a first line that is as it should be. */
const ODD: Readonly<Record<string, (journal: string) => void>> = {
  'a line is null': (journal) => appendFileSync(journal, 'null\n'),
  'a kind is not known': (journal) =>
    appendFileSync(journal, '{"type":"intent","at":"x","key":"a-1","kind":"share","name":"n","scenario":"a","details":{}}\n'),
  'a line is not JSON': (journal) => appendFileSync(journal, '\u0000\u0000garbage\n'),
  'an id is of nothing': (journal) => appendFileSync(journal, '{"type":"made","at":"x","key":"a-7","id":"v-7"}\n'),
  'a second intent hides the first': (journal) => {
    const intent = { type: 'intent', at: 'x', key: 'a-1', kind: 'volume', name: 'acc-a-1', scenario: 'a', details: {} };
    appendFileSync(journal, `${JSON.stringify(intent)}\n${JSON.stringify({ ...intent, name: 'acc-a-2' })}\n`);
  },
  'its target is not known': (journal) =>
    writeFileSync(
      journal,
      `${readFileSync(journal, 'utf8').replace('"live"', '"moon"')}{"type":"intent","at":"x","key":"a-1","kind":"volume","name":"acc-a","scenario":"a","details":{}}\n`,
      { mode: 0o600 },
    ),
  'it is garbage from the first line on': (journal) => writeFileSync(journal, 'what is this\n'),
  'it is a folder': (journal) => replace(journal, () => mkdirSync(journal)),
  'it is a link': (journal) => replace(journal, () => symlinkSync('/etc/passwd', journal)),
  'it is a link to nothing': (journal) => replace(journal, () => symlinkSync('/nonexistent', journal)),
  'it is a pipe': (journal) => replace(journal, () => execFileSync('mkfifo', [journal])),
  'others may write to it': (journal) => execFileSync('chmod', ['666', journal]),
};

function replace(journal: string, put: () => void): void {
  rmSync(journal);
  put();
}

async function begin({ runsDir, environment, clients }: Served, run: string): Promise<Journal> {
  const dir = join(runsDir, run);
  mkdirSync(dir, { mode: 0o700 });
  const target = liveTarget(readSettings({}, environment), environment, runsDir);
  const journal = new Journal(runFiles(dir).journal);
  journal.write({ type: 'run', run, target: 'live', prefix: 'os', binding: await cloudBindingOf(clients, target) });
  return journal;
}

test('whatever one journal is, the other runs are swept, and it is told by name, with exit code 3', async () => {
  await using served = await serveInAnotherProcess();
  const { volumes } = served.clients.cinder;
  const runs = Object.entries(ODD).map(([what, put], n) => ({ what, put, run: `odd${String(n).padStart(5, '0')}` }));
  for (const { put, run } of runs) {
    using journal = await begin(served, run);
    put(journal.path);
  }
  using good = await begin(served, GOOD);
  const name = `acc-${GOOD}-create-1`;
  const { id } = await volumes.create({ name, size: gib(1), metadata: { acceptance_run: GOOD } });
  await volumes.untilAvailable(id);
  good.write({ type: 'intent', key: 'create-1', kind: 'volume', name, scenario: 'create', details: {} });
  good.write({ type: 'made', key: 'create-1', id });

  const shown = new Command(['sweep'], { ...served.environment, ACCEPTANCE_YES: 'true' });
  const shownCode = await shown.ended;
  const there = await volumes.find(id);
  const sweep = new Command(['sweep', '--yes'], served.environment);
  const code = await sweep.ended;

  expect({ shownCode, there: there?.id, code }).toEqual({ shownCode: 3, there: id, code: 3 });
  expect(sweep.output).toContain(`run ${GOOD}: removed volume ${name} (${id})`);
  expect(await volumes.find(id)).toBeUndefined();
  expect(runs.filter(({ run }) => !sweep.output.includes(`run ${run}`)).map(({ what }) => what)).toEqual([]);
  expect(sweep.output).not.toMatch(/defect of the suite|\n {4}at /);
});

test('an intent that was written by a clock that was ahead keeps nobody waiting, and an intent without details is swept', async () => {
  await using served = await serveInAnotherProcess();
  using ahead = await begin(served, 'ahead000');
  const at = new Date(Date.now() + HOUR_MS).toISOString();
  const intent = { type: 'intent', at, key: 'a-1', kind: 'volume', name: 'acc-ahead000-a-1', scenario: 'a' };
  appendFileSync(ahead.path, `${JSON.stringify(intent)}\n`);

  const sweep = new Command(['sweep', '--yes'], served.environment);

  expect(await sweep.ended, sweep.output).toBe(0);
});

test('a variable that lets runs begin unasked shows what a sweep would remove, and removes nothing', async () => {
  await using served = await serveInAnotherProcess();
  using journal = await begin(served, GOOD);
  const name = `acc-${GOOD}-create-1`;
  const { id } = await served.clients.cinder.volumes.create({ name, size: gib(1), metadata: { acceptance_run: GOOD } });
  await served.clients.cinder.volumes.untilAvailable(id);
  journal.write({ type: 'intent', key: 'create-1', kind: 'volume', name, scenario: 'create', details: {} });
  journal.write({ type: 'made', key: 'create-1', id });

  const sweep = new Command(['sweep'], { ...served.environment, ACCEPTANCE_YES: 'true' });

  expect(await sweep.ended, sweep.output).toBe(3);
  expect(sweep.output).toContain(`run ${GOOD}: volume ${name} (${id})`);
  expect(await served.clients.cinder.volumes.find(id)).toBeDefined();
});
