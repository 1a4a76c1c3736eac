import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runFiles } from '../../fixtures/run/run.ts';
import { readEvidence } from '../../helpers/evidence.ts';
import { readVerdict } from '../../reports/report.ts';
import { runsIn } from './npm-for-tests.ts';
import { Command } from './supervised-run.ts';

const PATIENCE = { timeout: 300_000 };

function runsFolder() {
  const path = mkdtempSync(join(tmpdir(), 'acc-ways-'));
  const environment = { ACCEPTANCE_RUNS_DIR: path, ACCEPTANCE_CLIENTS: 'rest' };
  const type = async (...words: string[]) => {
    const command = new Command(words, environment);
    return { code: await command.ended, output: command.output };
  };
  const latest = () => runsIn(path).toSorted().at(-1) ?? '';
  return { path, environment, type, latest, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test(
  'after red: only what was red is played again; what has changed and how it went over the runs can be read',
  PATIENCE,
  async () => {
    using runs = runsFolder();

    // The embedded cluster keeps three copies.
    const red = await runs.type('run', '--only', 'create,delete', '--replication', '2');
    const first = runs.latest();
    const again = await runs.type('run', '--last-failed');
    const second = runs.latest();
    const compared = await runs.type('compare', first, second);
    const trend = await runs.type('trend');

    expect([red.code, again.code, compared.code, trend.code], red.output + again.output).toEqual([1, 0, 0, 0]);
    expect(red.output).toMatch(/npm\s+run\s+acceptance\s+--\s+--last-failed\n$/);
    expect(readVerdict(join(runs.path, second)).checks.map(({ id }) => id)).toEqual(
      readVerdict(join(runs.path, first)).checks.flatMap(({ id, outcome }) =>
        outcome === 'failed' || id.startsWith('run.') ? [id] : [],
      ),
    );
    expect(compared.output).toMatch(/Better\n {2}create\.template: failed → passed/);
    expect(trend.output).toMatch(/^2 runs on the embedded mock cluster[\s\S]*\n {2}create\.template +✖✔ /);
    expect(trend.output).toMatch(/\n {2}delete\.gone +✔· /);
    expect(readFileSync(join(runs.path, second, 'allure', 'history.json'), 'utf8')).toContain('"testResults"');
  },
);

/** Kills a run in which the boot goes on, as soon as a scenario has ended that is played besides. */
async function killed({ environment, latest, path }: ReturnType<typeof runsFolder>): Promise<string> {
  const command = new Command(['run', '--only', 'create,delete,boot'], environment);
  const ended = () => {
    const file = runFiles(join(path, latest())).evidence;
    const lines = latest() === '' ? [] : readOrNone(file);
    return lines.some((line) => line.type === 'scenario' && line.state === 'ended');
  };
  await expect.poll(ended).toBe(true);
  command.child.kill('SIGKILL');
  await command.ended;
  return latest();
}

function readOrNone(file: string) {
  try {
    return readEvidence(file).lines;
  } catch {
    return [];
  }
}

test('a killed run goes on with what it did not get to, where and as it was, and is accepted as a whole', PATIENCE, async () => {
  using runs = runsFolder();
  const first = await killed(runs);

  const report = await runs.type('report', first);
  const swept = await runs.type('sweep', '--yes');
  const other = await runs.type('resume', first, '--flavor', 'm1.tiny');
  const elsewhere = await runs.type('resume', first, '--target', 'live');
  const resumed = await runs.type('resume', first);
  const whole = readVerdict(join(runs.path, runs.latest()));

  expect([report.code, swept.code, resumed.code], report.output + resumed.output).toEqual([1, 0, 0]);
  expect(report.output.replaceAll(/\s+/g, ' ')).toContain(`npm run acceptance -- resume ${first}`);
  expect(whole).toMatchObject({ overall: 'accepted', problems: [] });
  expect(whole.target.facts['resumed from']).toMatch(new RegExp(`^${first}: [1-9]\\d* of \\d+ checks count as they were there$`));
  expect(whole.checks.map(({ id }) => id)).toEqual(readVerdict(join(runs.path, first)).checks.map(({ id }) => id));
  const { lines, chain } = readEvidence(runFiles(join(runs.path, runs.latest())).evidence);
  expect(chain.problems).toEqual([]);
  expect(lines.filter((line) => 'from' in line && line.from === first).length).toBeGreaterThan(3);

  expect([other.code, other.output]).toEqual([
    2,
    expect.stringMatching(/was another one than this\n {2}flavor: m1\.tiny, then m1\.small\n/),
  ]);
  expect([elsewhere.code, elsewhere.output]).toEqual([2, expect.stringContaining('this run was on target embedded')]);
  const nothing = await runs.type('resume');
  expect([nothing.code, nothing.output]).toEqual([2, expect.stringContaining('got to everything that it was asked for')]);
  const evidence = runFiles(join(runs.path, first)).evidence;
  writeFileSync(evidence, readFileSync(evidence, 'utf8').replace('"outcome":"passed"', '"outcome":"failed"'));
  const changed = await runs.type('resume', first);
  expect([changed.code, changed.output]).toEqual([2, expect.stringContaining('was changed, so that nothing of it counts')]);
});
