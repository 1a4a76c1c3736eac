import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Fault } from '../../fixtures/mock/core/faults.ts';
import { serveMock } from '../../fixtures/mock/standalone.ts';
import { processesOf } from '../proof/crash/crash-site.ts';
import { killAll, runUntil } from '../proof/crash/kill.ts';
import { Command } from '../testing/supervised-run.ts';

const outage = (service: string, status: number): Fault => ({
  ...{ id: service, kind: 'refuse', cause: 'no worker of it answers', seam: `${service}.*` },
  act: () =>
    Promise.resolve({ status, headers: { 'content-type': 'text/html' }, stream: Buffer.from('<html>unavailable</html>') }),
});

const OUTAGES = (['cinder', 'storpool'] as const).flatMap((service) => [503, 404].map((status) => ({ service, status })));

test('whichever API is away, no run begins, and a sweep says what is left and how to go on; then it finishes', {
  timeout: 300_000,
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'acc-outage-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(dir, { recursive: true }));
  const { cluster, exports } = stack.use(await serveMock({ dir: join(dir, 'cluster'), portBase: 0, persist: false }));
  const runsDir = join(dir, 'runs');
  const promises = { ACCEPTANCE_TEMPLATE: 'hybrid', ACCEPTANCE_REPLICATION: '3', ACCEPTANCE_FLAVOR: 'm1.small' };
  const environment = {
    ...exports,
    ...promises,
    ACCEPTANCE_RUNS_DIR: runsDir,
    ACCEPTANCE_TARGET: 'live',
    ACCEPTANCE_CLIENTS: 'rest',
    ACCEPTANCE_YES: 'true',
  };
  const start = (args: readonly string[]) => {
    const command = new Command(args, environment);
    return { child: command.child, ended: command.ended, output: () => command.output };
  };
  const station = { runsDir, start, processes: () => processesOf(runsDir) };
  const refused = [];
  for (const { service, status } of OUTAGES) {
    cluster.core.faults.add(outage(service, status));
    const begun = start(['run', '--only', 'create']);
    refused.push({ service, status, code: await begun.ended, output: begun.output() });
    cluster.core.faults.remove(service);
  }
  expect(refused.filter(({ code }) => code !== 2)).toEqual([]);

  const { run } = await runUntil(station, 8, 'create,extend');
  await killAll(station, run);

  const sweeps = [];
  for (const { service, status } of OUTAGES) {
    cluster.core.faults.add(outage(service, status));
    const sweep = start(['sweep', '--yes']);
    sweeps.push({ service, status, code: await sweep.ended, output: sweep.output() });
    cluster.core.faults.remove(service);
  }
  const last = start(['sweep', '--yes']);

  expect(
    sweeps.filter(({ code, output }) => code !== 3 || !/left/.test(output) || !output.includes('npm run sweep -- --yes')),
  ).toEqual([]);
  expect(await last.ended, last.output()).toBe(0);
  expect(last.output()).toContain('removed volume');
  expect(last.output()).toContain('All of it is removed.');
});
