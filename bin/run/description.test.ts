import { expect, test } from 'vitest';
import { cloudBindingOf } from '../../fixtures/ledger/cloud-binding.ts';
import type { Fault } from '../../fixtures/mock/core/faults.ts';
import { fail } from '../../fixtures/mock/faults/replies.ts';
import { startRun } from '../../fixtures/testing/run-in-progress.ts';
import { describe } from './description.ts';

test('who signs is told whose cluster it was, its releases, what was promised, and who looked from where', async () => {
  await using stand = await startRun();
  const { target, clients } = stand;
  const binding = await cloudBindingOf(clients, target, undefined);
  const amounts = { 'volume type': 'hybrid', template: 'hybrid, 3 copies' };
  const { facts } = await describe({ target, clients, binding, acting: [], amounts });
  const { version } = Object.values((await clients.storpool.cluster.services()).mgmt)[0] ?? {};
  expect(facts).toMatchObject({ ...amounts, 'StorPool release': version, user: target.cloud.username, image: 'canary' });
  expect(facts['hypervisors']).toMatch(/^QEMU \d+\.\d+\.\d+$/);
  expect(facts['hosts']).toBe(target.hosts.map(({ name }) => name).join(', '));
  expect(facts['run by']).toMatch(/^\S.* on \S/);
  expect(facts['suite']).toMatch(/^storpool-openstack-acceptance \d+\.\d+\.\d+/);
});

test.for([
  [{}, undefined, 'not known: before this run it had no volume that would tell, nor storpool.conf an SP_CLUSTER_ID'],
  [
    { clusterId: 'd.n', clusterName: 'lab' },
    undefined,
    'd.n (lab) by SP_CLUSTER_ID; before this run it had no volume that would tell',
  ],
  [{ clusterId: 'd.n', clusterName: 'lab' }, 'd.n', 'd.n (lab)'],
  [{ clusterId: 'd.n', clusterName: 'lab' }, 'x.y', 'x.y'],
] as const)('whose StorPool it is is told, or why not: %j, of which volumes tell %s', async ([said, told, words]) => {
  await using stand = await startRun();
  const { target, clients } = stand;
  const { clusterId: _, clusterName: __, ...access } = target.storpool;
  const { storpoolCluster: ___, ...bound } = await cloudBindingOf(clients, target, undefined);
  const binding = { ...bound, ...(told === undefined ? {} : { storpoolCluster: told }) };
  const known = { ...target, storpool: { ...access, ...said } };
  const { facts } = await describe({ target: known, clients, binding, acting: [], amounts: {} });
  expect(facts['StorPool cluster']).toBe(words);
});

test('of many hosts some are named', async () => {
  await using stand = await startRun();
  const { target, clients } = stand;
  const [host] = target.hosts;
  const many = Array.from({ length: 40 }, (_, n) => ({ ...host, name: `node-${n}` })) as typeof target.hosts;
  const binding = await cloudBindingOf(clients, target, undefined);
  const { facts } = await describe({ target: { ...target, hosts: many }, clients, binding, acting: [], amounts: {} });
  expect(facts['hosts']).toBe('node-0, node-1, node-2, node-3, node-4, node-5 and 34 more');
});

test('that StorPool does not tell of its services is left for the run to find', async () => {
  const cut: Fault = {
    ...{ id: 'cut', kind: 'lose', cause: 'it cuts the connection', seam: 'storpool.ServicesList' },
    act: fail('cut'),
  };
  await using stand = await startRun([cut]);
  const { target, clients } = stand;
  const binding = await cloudBindingOf(clients, target, undefined);
  const { facts } = await describe({ target, clients, binding, acting: [], amounts: {} });
  expect(facts).not.toHaveProperty('StorPool release');
  expect(facts).toHaveProperty('hosts');
});
