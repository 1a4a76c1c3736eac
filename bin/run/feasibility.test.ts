import { expect, test } from 'vitest';
import type { Fault } from '../../fixtures/mock/core/faults.ts';
import { openstackError } from '../../fixtures/mock/core/openstack-error.ts';
import type { ClusterSettings } from '../../fixtures/mock/core/settings.ts';
import { retell } from '../../fixtures/mock/faults/replies.ts';
import { SCENARIOS_AT_ONCE } from '../../fixtures/run/at-once.ts';
import { type RunInProgress, startRun } from '../../fixtures/testing/run-in-progress.ts';
import { gib } from '../../helpers/units.ts';
import { plans } from '../../scenarios/plan.ts';
import { seeFeasible } from './feasibility.ts';
import { peakOf } from './peak.ts';

type OpenStack = ClusterSettings['openstack'];

const peak = (image = gib(1)) => peakOf(plans('00run000', { promises: { nic: 'none', prefix: 'os' } }), SCENARIOS_AT_ONCE, image);
const LVM_FIRST = [
  { name: 'bulk', extraSpecs: { volume_backend_name: 'lvm' } },
  { name: 'fast', extraSpecs: { volume_backend_name: '<or> storpool <or> ceph' } },
];
const forbidden = (seam: string): Fault => ({
  ...{ id: `no ${seam}`, kind: 'refuse', cause: 'its policy is for administrators', seam },
  act: () => Promise.resolve(openstackError(403, `Policy doesn't allow ${seam} to be performed.`)),
});

/** What is said of a cloud that differs in those ways from the usual one. */
async function said({ target, clients }: RunInProgress, volumeType?: string, needed = peak()) {
  const { volumeType: _, ...promises } = target.promises;
  const asked = { ...promises, ...(volumeType === undefined ? {} : { volumeType }) };
  const looked = seeFeasible({ clients, promises: asked, peak: needed });
  return looked.then(
    ({ unseen }) => unseen,
    (error: unknown) => (error as Error).message,
  );
}

const cloud = (openstack: Partial<OpenStack>, faults: readonly Fault[] = []) =>
  startRun(faults, (healthy) => ({ ...healthy, openstack: { ...healthy.openstack, ...openstack } }));
const quota = { volumes: 100, gigabytes: 1000, snapshots: 100, instances: 100 };

test('a run fits into the usual cloud', async () => {
  await using stand = await cloud({});
  expect(await said(stand)).toEqual([]);
});

test('seven of ten volumes in use: told by how much a run does not fit, and that a small one does', async () => {
  await using stand = await cloud({ quota: { ...quota, volumes: 10 } });
  for (let n = 1; n <= 7; n += 1) {
    await stand.clients.cinder.volumes.create({ name: `theirs-${n}`, size: gib(1), metadata: {} });
  }
  const { volumes } = peak();
  expect(await said(stand)).toMatch(
    new RegExp(
      `does not fit into the cloud\\n  quota volumes: ${volumes} needed at once, 3 left of 10: ${volumes - 3} too few\\n`,
    ),
  );
  const small = plans('00run000', { promises: { nic: 'none', prefix: 'os' }, scenarios: ['create', 'extend'] });
  expect(await said(stand, undefined, peakOf(small, SCENARIOS_AT_ONCE))).toEqual([]);
});

test('each quota is looked at, also those of one volume type, and the space of the template', async () => {
  await using stand = await startRun([], (healthy) => ({
    ...healthy,
    storpool: { ...healthy.storpool, diskGiB: 20 },
    openstack: { ...healthy.openstack, quota: { volumes: 100, gigabytes: 3, snapshots: 1, instances: 1 } },
  }));
  const text = await said(stand, undefined, { ...peak(), gib: 90 });
  for (const name of ['quota gigabytes', 'quota snapshots', "Nova's quota instances", 'GiB on StorPool \\(template hybrid\\)']) {
    expect(text).toMatch(new RegExp(`${name}: \\d+ needed at once, \\d+ left.*: \\d+ too few`));
  }
});

test('a volume type that takes none of the sizes that a run needs is told before anything is made', async () => {
  const extraSpecs = { 'provisioning:min_vol_size': '10', 'provisioning:max_vol_size': '1000' };
  await using stand = await cloud({
    volumeTypes: [
      { name: 'large', extraSpecs },
      { name: 'any', extraSpecs: {} },
    ],
  });
  expect(await said(stand)).toMatch(
    /type large does not take the volumes of this run\n {2}needed: 1 to \d+ GiB\n {2}takes: 10 GiB to 1000 GiB\n {2}→ .*--volume-type any$/,
  );
  expect(await said(stand, 'any')).toEqual([]);
});

test('a quota of one volume type counts for runs with that type', async () => {
  const body = {
    quota_set: { volumes: { limit: -1, in_use: 9, reserved: 0 }, volumes_fast: { limit: 2, in_use: 1, reserved: 0 } },
  };
  const told: Fault = {
    ...{ id: 'quota', kind: 'lie', cause: 'a quota for one type', seam: 'cinder.showQuota' },
    act: () => Promise.resolve({ status: 200, body }),
  };
  await using stand = await cloud({ volumeTypes: [...LVM_FIRST, { name: 'storpool', extraSpecs: {} }] }, [told]);
  expect(await said(stand, 'fast')).toMatch(/quota volumes_fast: \d+ needed at once, 1 left of 2: \d+ too few/);
  expect(await said(stand, 'storpool')).toEqual([]);
});

test('quotas that may not be looked at are told, and stop nothing', async () => {
  await using stand = await cloud({}, [
    forbidden('cinder.showQuota'),
    forbidden('nova.showLimits'),
    forbidden('cinder.listPools'),
  ]);
  const unseen = (await said(stand)) as readonly string[];
  expect(unseen.map((line) => line.split(' could')[0]).toSorted()).toEqual([
    "Cinder's quota",
    "Nova's quota",
    'Where the volume type leads',
  ]);
});

test('a default volume type that leads elsewhere is told with those that do not', async () => {
  await using stand = await cloud({ volumeTypes: LVM_FIRST, otherBackEnds: [{ name: 'lvm', protocol: 'iSCSI' }] });
  expect(await said(stand)).toMatch(
    /default volume type bulk leads to no StorPool pool\n[^→]*@lvm#lvm\n[^→]*→ .*--volume-type fast$/,
  );
  expect(await said(stand, 'fast')).toEqual([]);
  expect(await said(stand, 'slow')).toMatch(/^Cinder has no volume type slow/);
});

test('a type that says nothing is no choice where there are two back ends', async () => {
  const volumeTypes = [{ name: '__DEFAULT__', extraSpecs: {} }];
  await using stand = await cloud({ volumeTypes, otherBackEnds: [{ name: 'lvm', protocol: 'iSCSI' }] });
  expect(await said(stand)).toMatch(/__DEFAULT__ leads to StorPool, but not only there\n[\s\S]*volume type create/);
});

test.for([
  [['aarch64', 'aarch64', 'aarch64'], 'canary', /canary image\n {2}needs: x86_64\n {2}hypervisors: aarch64\n {2}→ .*--image/],
  [['aarch64', 'x86_64', 'aarch64'], 'canary', undefined],
  [['aarch64', undefined, 'aarch64'], 'canary', undefined],
  [['aarch64', 'aarch64', 'aarch64'], 'glance:arm', undefined],
] as const)('hypervisors of %j take the guest of %s, or it is told before anything is made', async ([all, image, expected]) => {
  const told: Fault = {
    ...{ id: 'arm', kind: 'lie', cause: 'other processors', seam: 'nova.listHypervisorsDetail' },
    act: retell(({ hypervisors }: { readonly hypervisors: readonly object[] }) => ({
      hypervisors: hypervisors.map((one, n) => ({ ...one, cpu_info: all[n] === undefined ? {} : { arch: all[n] } })),
    })),
  };
  await using stand = await cloud({}, [told]);
  const { clients, target } = stand;

  const looked = seeFeasible({ clients, promises: { ...target.promises, image }, peak: peak() }).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );

  expect((await looked)?.replace(/^[^\n]*(?=canary)/, '')).toEqual(expected && expect.stringMatching(expected));
});
