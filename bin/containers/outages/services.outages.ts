import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Inventory, inventoryDifference, takeInventory } from '../../../fixtures/cleanup/inventory.ts';
import { docker } from '../../../fixtures/containers/cluster/docker.ts';
import { type ChangingCluster, ELSEWHERE, startCluster } from '../changing-cluster.ts';
import type { Played } from '../playing.ts';

const START_MS = 600_000;
const PATIENCE_MS = 400_000;
const AWAY_MS = 10_000;
const NOTHING = { appeared: [], vanished: [], changed: [] };
/** The suite attaches a volume by hand. */
const BY_HAND = /^POST .*\/VolumesReassignWait/;

const runsDir = mkdtempSync(join(tmpdir(), 'acc-outages-'));
let cluster: ChangingCluster;
let before: Inventory;
beforeAll(async () => {
  cluster = await startCluster(runsDir);
}, START_MS);
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  rmSync(runsDir, { recursive: true });
}, START_MS);

let back: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  before = await takeInventory(cluster.clients);
  back = [];
});
afterEach(async () => {
  for (const restore of back) {
    await restore();
  }
}, PATIENCE_MS);

/** Everything that was stopped runs again, and of the run nothing is left anywhere. */
async function nothingIsLeftOf(run: Played): Promise<void> {
  await Promise.all(back.splice(0).map((restore) => restore()));
  expect(await cluster.recover(run)).toEqual([]);
  expect(inventoryDifference(before, await takeInventory(cluster.clients))).toEqual(NOTHING);
}

/** From the moment at which the suite attaches a volume, a service is away for the rest of the run. */
function stopWhenAttaching(host: string, program: string): Promise<void> {
  back.push(() => cluster.supervisor(host, 'start', program));
  return cluster.gate.hold(BY_HAND, () => cluster.supervisor(host, 'stop', program));
}

/** Something goes away now and comes back later, while the run goes on. */
async function awayForAWhile(stop: () => Promise<unknown>, start: () => Promise<unknown>): Promise<void> {
  await stop();
  const started = pass(AWAY_MS).then(start);
  back.push(() => started);
}

/** From the moment at which the suite attaches a volume, StorPool's container is away for a while: two of Docker's words. */
const storpoolAway = (stop: string, start: string) =>
  cluster.gate.hold(BY_HAND, () =>
    awayForAWhile(
      () => docker(stop, cluster.storpool),
      () => docker(start, cluster.storpool),
    ),
  );

const notPassed = ({ verdict }: Played) =>
  verdict.checks.filter(({ selected, outcome }) => selected && outcome !== 'passed').map(({ id, cause }) => `${id}: ${cause}`);

const NO_CINDER_VOLUME = 'cinder-volume stopped: what was asked of it never comes, and the report names the service that is down';
test(NO_CINDER_VOLUME, { timeout: PATIENCE_MS }, async () => {
  const stopped = stopWhenAttaching('controller', 'openstack:cinder-volume');
  const run = await cluster.play('extend');
  await stopped;

  expect(run.outcome('extend.available')).toBe('failed');
  expect(run.cause('extend.available')).toMatch(/gave up waiting for volume \S+ to be available/);
  expect(run.cause('extend.available')).toContain('cinder-volume on controller@storpool is down');
  expect(run.outcome('extend.size')).toBe('blocked');
  await nothingIsLeftOf(run);
});

const NO_NOVA_COMPUTE =
  'nova-compute stands still for ten seconds on the host of a server: what is asked of it comes late, and passes';
test(NO_NOVA_COMPUTE, { timeout: PATIENCE_MS }, async () => {
  let host = '';
  const signal = (name: string) => cluster.supervisor(host, 'signal', name, 'openstack:nova-compute');
  // The first look at StorPool after the boot; next comes the console, which Nova fetches from the host.
  const away = cluster.gate.hold(/VolumeGetInfo/, async () => {
    host = (await cluster.clients.nova.servers.list())[0]?.host ?? '';
    await awayForAWhile(
      () => signal('STOP'),
      () => signal('CONT'),
    );
  });
  const run = await cluster.play('boot');
  await away;

  expect(host).toMatch(/^hypervisor-/);
  expect(notPassed(run)).toEqual([]);
  await nothingIsLeftOf(run);
});

const NO_AGENT = 'the block agent stopped: no device comes, and the report names the host';
test(NO_AGENT, { timeout: PATIENCE_MS }, async () => {
  const stopped = stopWhenAttaching('controller', 'storpool:block-agent');
  const run = await cluster.play('create');
  await stopped;

  expect(run.outcome('create.storpool-volume')).toBe('passed');
  expect(run.outcome('create.size')).not.toBe('passed');
  expect(run.cause('create.size')).toContain('controller');
  await nothingIsLeftOf(run);
});

const NO_API = "StorPool's API hangs for ten seconds: the suite and the drivers wait for it, and the run passes";
test(NO_API, { timeout: PATIENCE_MS }, async () => {
  const away = storpoolAway('pause', 'unpause');
  const run = await cluster.play('create', 'extend');
  await away;

  expect(notPassed(run)).toEqual([]);
  await nothingIsLeftOf(run);
});

const MOVING = "StorPool's API puts everything off for ten seconds: the suite asks again, passes, and tells how often it asked";
test(MOVING, { timeout: PATIENCE_MS }, async () => {
  cluster.gate.putOff(BY_HAND, AWAY_MS);
  const run = await cluster.play('create');

  expect(notPassed(run)).toEqual([]);
  expect(run.verdict.traffic.repeated).toBeGreaterThan(0);
  await nothingIsLeftOf(run);
});

const GONE_API =
  "StorPool's API is gone for ten seconds: what was asked of it could not be checked, says so, and nothing is left";
test(GONE_API, { timeout: PATIENCE_MS }, async () => {
  const away = storpoolAway('stop', 'start');
  const run = await cluster.play('create');
  await away;

  expect(run.outcome('create.storpool-volume')).toBe('passed');
  expect(run.outcome('create.size')).toBe('could-not-check');
  expect(run.cause('create.size')).toContain('StorPool does not answer');
  await nothingIsLeftOf(run);
});

const RABBIT = 'RabbitMQ restarted: services find it again, and the run passes';
test(RABBIT, { timeout: PATIENCE_MS }, async () => {
  // What is sent before a service listens again is lost: that is how oslo.messaging uses RabbitMQ.
  const restarted = cluster.gate.hold(BY_HAND, async () => {
    await cluster.supervisor('controller', 'restart', 'openstack:rabbitmq');
    await cluster.untilHeard('cinder-volume.controller@storpool');
  });
  const run = await cluster.play('extend');
  await restarted;

  expect(notPassed(run)).toEqual([]);
  await nothingIsLeftOf(run);
});

const FOREIGN = 'Cinder on another back end than StorPool: the checks that must see it are red';
test(FOREIGN, { timeout: PATIENCE_MS }, async () => {
  const settings = {
    [ELSEWHERE.file]: ELSEWHERE.source,
    '/etc/cinder/cinder.conf': `[storpool]\nvolume_driver = ${ELSEWHERE.driver}\n`,
  };
  back.push(await cluster.configure(settings, ['cinder-volume', 'cinder-scheduler']));
  const run = await cluster.play('create');

  expect(run.outcome('create.available')).toBe('passed');
  expect(run.outcome('create.backend')).toBe('failed');
  expect(run.cause('create.backend')).toContain('expected storpool');
  expect(run.outcome('create.storpool-volume')).toBe('failed');
  await nothingIsLeftOf(run);
});
