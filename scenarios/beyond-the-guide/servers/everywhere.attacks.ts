import { expect, test } from 'vitest';
import type { Fault } from '../../../fixtures/mock/core/faults.ts';
import { callOf } from '../../../fixtures/mock/faults/proven-fault.ts';
import { cinderRefusal, refuse, retell, storpoolError } from '../../../fixtures/mock/faults/replies.ts';
import { registeredScenarios } from '../../../fixtures/scenario/registered-scenarios.ts';
import { playScenario } from '../../../fixtures/testing/play-scenario.ts';
import { startRun } from '../../../fixtures/testing/run-in-progress.ts';
import { computeVerdict } from '../../../reports/verdict/verdict.ts';
import { manifest } from '../../manifest.ts';
import { everywhereRunbook } from './everywhere.runbook.ts';

const [scenario] = await registeredScenarios(() => import('./everywhere.scenario.ts'));

const forbidden = refuse({
  status: 403,
  body: { forbidden: { code: 403, message: "Policy doesn't allow it to be performed." } },
});

interface Rows {
  readonly hypervisors: readonly { readonly hypervisor_hostname: string; readonly service: { readonly host: string } }[];
}

/** Nova tells of so many more hypervisors, in other states than those that take servers. */
const many = retell((body: Rows) => ({
  hypervisors: [
    ...body.hypervisors.slice(0, 1),
    ...Array.from({ length: 1000 }, (_, n) => {
      const name = `compute-${String(n).padStart(4, '0')}`;
      const state = n % 2 === 0 ? { state: 'down' } : { status: 'disabled' };
      return { ...body.hypervisors[0], hypervisor_hostname: name, service: { id: 100 + n, host: name }, ...state };
    }),
  ],
}));

const fault = (seam: string, act: Fault['act'], when?: Fault['when']): Fault => ({
  ...{ id: `otherwise-${seam}`, kind: 'lie', cause: 'a healthy cloud that is different', seam, act },
  ...(when && { when }),
});

test('of a thousand hypervisors those that take no servers are told once a reason, and the verdict warns of them', async () => {
  await using stand = await startRun([fault('nova.listHypervisorsDetail', many)]);

  const { lines, checks } = await playScenario(stand, scenario);

  expect(checks.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual(
    ['boots', 'second-volume', 'guest-writes', 'by-hand', 'layers'].map((what) => `everywhere.${what} passed`),
  );
  // What each visit asked is evidence as soon as it has ended.
  const parts = lines.flatMap((line) => (line.type === 'step' && line.step.startsWith('visit') ? [line] : []));
  expect(parts.map(({ step, state }) => `${step} ${state}`)).toEqual([
    'visit started',
    'visit: until hypervisor-1 was done started',
    'visit: until hypervisor-1 was done done',
    'visit done',
  ]);
  expect(parts[2]?.exchanges?.length).toBeGreaterThan(20);
  expect(parts[3]?.exchanges).toEqual([]);
  const { warnings, problems } = computeVerdict({
    ...{ manifest, lines, torn: 0, runId: stand.run, leaks: [], selection: checks.map(({ check }) => check) },
    ...{ startedAt: '2026-01-01T00:00:00Z', endedAt: '2026-01-01T00:01:00Z' },
    ...{ target: { kind: 'embedded', title: 'a cluster', facts: {} }, runner: { exitCode: 0, signal: null } },
  });
  expect(problems).toEqual([]);
  expect(warnings).toEqual([
    expect.stringMatching(/^not looked at: compute-0000, compute-0002, .* and 492 more: its compute service is down$/),
    expect.stringMatching(/^not looked at: compute-0001, compute-0003, .* and 492 more: its compute service is disabled$/),
  ]);
});

test('who may not see hypervisors makes nothing', async () => {
  await using stand = await startRun([fault('nova.listHypervisorsDetail', forbidden)]);

  const { checks, steps } = await playScenario(stand, scenario);

  expect(steps).toEqual(['hosts', 'ring']);
  expect(checks.slice(0, 3).map(({ outcome }) => outcome)).toEqual(Array(3).fill('could-not-check'));
  expect(checks[0]?.cause).toMatch(/does not let this user see its hypervisors/);
});

test('who may not name a host has no server booted anywhere', async () => {
  const namesHost: Fault['when'] = (context) => 'host' in (callOf(context).body as { server: object }).server;
  await using stand = await startRun([fault('nova.createServer', forbidden, namesHost)]);

  const { checks } = await playScenario(stand, scenario);

  expect(checks.slice(0, 3).map(({ outcome }) => outcome)).toEqual(Array(3).fill('could-not-check'));
  expect(checks[0]?.cause).toMatch(/does not let this user say on which hypervisor/);
});

/** Nova tells of so many hypervisors alone. */
const only = (count: number) =>
  fault(
    'nova.listHypervisorsDetail',
    retell((body: Rows) => ({ hypervisors: body.hypervisors.slice(0, count) })),
  );

test('a quota that others use up says nothing of the hypervisor that is visited', async () => {
  const full = refuse(cinderRefusal(413, 'overLimit', 'VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded'));
  const { makes } = everywhereRunbook;
  const nth = (object: keyof typeof makes, n: number) => `-everywhere-${Object.keys(makes).indexOf(object) + 1}-${n}`;
  const isFull: Fault['when'] = (context) => {
    const { name } = (callOf(context).body as { volume: { name: string } }).volume;
    return name.endsWith(nth('root', 1)) || name.endsWith(nth('volume', 2));
  };
  await using stand = await startRun([only(2), fault('cinder.createVolume', full, isFull)]);

  const { checks } = await playScenario(stand, scenario);

  expect(checks.slice(0, 3).map(({ outcome }) => outcome)).toEqual(['could-not-check', 'could-not-check', 'passed']);
  expect(checks[0]?.cause).toMatch(/^hypervisor-1: a server: .*quota has no room/);
  expect(checks[1]?.cause).toMatch(/^hypervisor-2: a second volume: .*quota has no room/);
});

test('who may not see on which host a server runs gets a warning, no alarm', async () => {
  const without = retell(({ server, ...rest }: { server?: Record<string, unknown> }) => ({
    ...rest,
    ...(server && {
      server: Object.fromEntries(Object.entries(server).filter(([name]) => !name.startsWith('OS-EXT-SRV-ATTR:'))),
    }),
  }));
  await using stand = await startRun([only(1), fault('nova.showServer', without)]);

  const { checks } = await playScenario(stand, scenario);

  expect(checks.slice(0, 3).map(({ outcome, cause = '' }) => `${outcome}${cause}`)).toEqual(Array(3).fill('passed'));
  expect(checks[0]?.seen.filter(({ leftOut }) => leftOut).map(({ subject }) => subject)).toEqual(['hypervisor-1']);
});

test('a question that StorPool does not answer leaves the ring open', async () => {
  const unanswered = refuse(storpoolError('unavailable', 'not now', 503));
  await using stand = await startRun([
    fault('nova.listHypervisorsDetail', forbidden),
    fault('storpool.VolumeGetInfo', unanswered),
  ]);

  const { checks } = await playScenario(stand, scenario);

  const byHand = checks.find(({ check }) => check === 'everywhere.by-hand');
  expect(`${byHand?.outcome}: ${byHand?.cause}`).toMatch(/^could-not-check: .*not now/);
});
