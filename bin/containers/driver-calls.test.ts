import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Journal } from '../../fixtures/ledger/journal.ts';
import { runFiles } from '../../fixtures/run/run.ts';
import { driverCalls, readCallLog, renderDriverCalls, writeDriverCalls } from './driver-calls.ts';

const VOLUME = '2f1b6c1e-0000-4000-8000-000000000001';
const SNAPSHOT = '2f1b6c1e-0000-4000-8000-000000000002';
const at = (second: number) => new Date(second * 1000).toISOString();

const line = (second: number, operation: string, about: string[], from = 'controller', agent = '') =>
  `${JSON.stringify({ at: at(second), from, agent, service: 'storpool', operation: `storpool.${operation}`, about, status: 200, ms: 1 })}\n`;

/** The folder of a run that made a volume in one scenario and a snapshot in another. */
function playedRun() {
  const path = mkdtempSync(join(tmpdir(), 'acc-calls-'));
  using journal = new Journal(runFiles(path).journal);
  for (const [scenario, kind, id] of [
    ['create', 'volume', VOLUME],
    ['snapshot', 'snapshot', SNAPSHOT],
  ] as const) {
    journal.write({ type: 'intent', key: `${scenario}-1`, kind, name: `acc-${scenario}`, scenario, details: {} });
    journal.write({ type: 'made', key: `${scenario}-1`, id });
  }
  const check = (second: number, scenario: string, id: string) =>
    `${JSON.stringify({ at: at(second), type: 'check', scenario, check: id, outcome: 'passed', assertions: 1, seen: [], ms: 1 })}\n`;
  writeFileSync(
    runFiles(path).evidence,
    `${check(10, 'create', 'create.available')}${check(15, 'snapshot', 'snapshot.available')}${check(20, 'create', 'create.size')}`,
  );
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

const LOG = [
  'not JSON\n',
  `${JSON.stringify({ at: at(1), broken: 'something broke' })}\n`,
  line(2, 'VolumeCreate', [`os--volume-${VOLUME}`]),
  line(3, 'VolumeCreate', ['os--volume-of-somebody-else']),
  line(4, 'VolumesReassignWait', [`os--volume-${VOLUME}`], 'hypervisor-1'),
  line(5, 'VolumesReassignWait', [`os--volume-${VOLUME}`], 'hypervisor-1'),
  line(6, 'VolumesReassignWait', [`os--volume-${VOLUME}`], 'controller', 'storpool'),
  line(7, 'Volume', [`os--volume-${VOLUME}`], 'outside', 'node'),
  line(12, 'VolumeSnapshot', ['os--volume-x', `os--snap--none--snapshot-${SNAPSHOT}`]),
  line(30, 'VolumeDelete', [`os--volume-${VOLUME}`]),
].join('');

test('a check is told with what drivers asked for its scenario since the check before, and nobody else did', () => {
  using run = playedRun();

  expect(driverCalls(run.path, readCallLog(LOG))).toEqual([
    {
      scenario: 'create',
      check: 'create.available',
      calls: new Map([
        ['VolumeCreate on controller', 1],
        ['VolumesReassignWait on hypervisor-1', 2],
      ]),
    },
    { scenario: 'create', check: 'create.size', calls: new Map() },
    { scenario: 'snapshot', check: 'snapshot.available', calls: new Map([['VolumeSnapshot on controller', 1]]) },
  ]);
});

test('the list beside the logs has a line for each check', () => {
  using run = playedRun();
  const logs = join(run.path, 'services');
  mkdirSync(logs);
  writeFileSync(join(logs, 'storpool.log'), LOG);

  writeDriverCalls(run.path, logs);

  expect(readFileSync(join(logs, 'driver-calls.txt'), 'utf8')).toBe(
    [
      'create.available    VolumeCreate on controller, VolumesReassignWait on hypervisor-1 ×2\n',
      'create.size         only looked\n',
      'snapshot.available  VolumeSnapshot on controller\n',
    ].join(''),
  );
});

test('scenarios for which no driver did anything are left out', () => {
  expect(renderDriverCalls([{ scenario: 'preliminary-setup', check: 'host.tools', calls: new Map() }])).toBe('');
});
