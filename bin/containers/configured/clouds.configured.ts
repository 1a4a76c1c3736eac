import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Inventory, inventoryDifference, takeInventory } from '../../../fixtures/cleanup/inventory.ts';
import { docker } from '../../../fixtures/containers/cluster/docker.ts';
import { readEvidence } from '../../../helpers/evidence.ts';
import { type ChangingCluster, ELSEWHERE, startCluster } from '../changing-cluster.ts';
import type { Played } from '../playing.ts';

const NOTHING = { appeared: [], vanished: [], changed: [] };
const CINDER = '/etc/cinder/cinder.conf';
const NOVA = '/etc/nova/nova.conf';

const runsDir = mkdtempSync(join(tmpdir(), 'acc-configured-'));
let cluster: ChangingCluster;
let before: Inventory;
let undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  cluster = await startCluster(runsDir, { small: true, limits: 'its own' });
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  rmSync(runsDir, { recursive: true });
});
beforeEach(() => {
  undo = [];
});
afterEach(async () => {
  for (const restore of undo.toReversed()) {
    await restore();
  }
});

/** As the administrator, by OpenStack's own client on the controller. */
async function openstack(...words: string[]): Promise<string> {
  const variables = Object.entries({
    ...{ OS_AUTH_URL: 'http://controller:5000/v3', OS_USERNAME: 'admin', OS_PASSWORD: 'open-sesame', OS_PROJECT_NAME: 'admin' },
    ...{ OS_USER_DOMAIN_NAME: 'Default', OS_PROJECT_DOMAIN_NAME: 'Default', OS_INTERFACE: 'internal' },
  });
  const flags = variables.flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return (await docker('exec', ...flags, cluster.controller, 'openstack', ...words)).trim();
}

async function made(kind: readonly string[], name: string, ...words: string[]): Promise<string> {
  undo.push(() => openstack(...kind, 'delete', name));
  return openstack(...kind, 'create', name, ...words, '--column', 'id', '--format', 'value');
}

async function configured(settings: Readonly<Record<string, string>>, ...services: string[]): Promise<void> {
  undo.push(await cluster.configure(settings, services));
}

const outcomes = ({ verdict }: Played) =>
  Object.fromEntries(
    verdict.checks.filter(({ selected, outcome }) => selected && outcome !== 'passed').map(({ id, outcome }) => [id, outcome]),
  );
const notes = ({ dir }: Played) =>
  readEvidence(join(dir, 'evidence.ndjson'))
    .lines.flatMap((line) => (line.type === 'note' ? [line.text] : []))
    .join('\n');
const causes = ({ verdict }: Played) => verdict.checks.map(({ cause }) => cause).filter((cause) => cause !== undefined);

async function leavesNothing(play: () => Promise<Played>): Promise<Played> {
  before = await takeInventory(cluster.clients);
  const played = await play();
  expect(inventoryDifference(before, await takeInventory(cluster.clients))).toEqual(NOTHING);
  return played;
}

/** Cinder's image-volume cache is on, in that project. */
async function cacheImages(project: string): Promise<void> {
  const [projectId, userId] = [
    await openstack('project', 'show', project, '--column', 'id', '--format', 'value'),
    await openstack('user', 'show', 'cinder', '--column', 'id', '--format', 'value'),
  ];
  const internal = `cinder_internal_tenant_project_id = ${projectId}\ncinder_internal_tenant_user_id = ${userId}\n`;
  await configured({ [CINDER]: `[DEFAULT]\n${internal}[storpool]\nimage_volume_cache_enabled = true\n` }, 'cinder-volume');
}

test("Cinder's image-volume cache keeps images in our project: all passes, and its entry goes with the rest", async () => {
  await cacheImages('admin');

  const played = await leavesNothing(() => cluster.play('image'));

  expect(outcomes(played), causes(played).join('\n')).toEqual({});
  expect(notes(played)).toMatch(/^Removed volume image-[\da-f-]+ .*image cache/m);
});

test("Cinder's image-volume cache keeps images in another project: all passes, and its entry is told with the command", async () => {
  await cacheImages('service');

  const played = await cluster.play('image');

  expect(outcomes(played), causes(played).join('\n')).toEqual({});
  const [, entry = ''] = /openstack volume delete ([\da-f-]+)$/m.exec(notes(played)) ?? [];
  expect(await openstack('volume', 'show', entry, '--column', 'name', '--format', 'value')).toMatch(/^image-[\da-f-]+$/);
  await openstack('volume', 'delete', entry);
});

test('deleted servers are kept for a while (reclaim_instance_interval): all passes, and none of ours stays', async () => {
  await configured({ [NOVA]: '[DEFAULT]\nreclaim_instance_interval = 3600\n' }, 'nova-api', 'nova-compute');

  const played = await leavesNothing(() => cluster.play('boot'));

  expect(outcomes(played), causes(played).join('\n')).toEqual({});
});

test('a member of a project without the admin role: nothing is red, and what needs an administrator says so', async () => {
  const password = 'not-for-long-7';
  await made(['project'], 'acceptance-tenant', '--domain', 'Default');
  await made(['user'], 'acceptance-member', '--domain', 'Default', '--password', password);
  await openstack('role', 'add', '--user', 'acceptance-member', '--project', 'acceptance-tenant', 'member');
  const member = { username: 'acceptance-member', password, projectName: 'acceptance-tenant' };

  const played = await leavesNothing(() => cluster.playAs({ cloud: member }, 'create', 'extend', 'image', 'snapshot', 'boot'));

  const found = outcomes(played);
  expect(new Set(Object.values(found)), causes(played).join('\n')).toEqual(new Set(['could-not-check']));
  expect(found).toHaveProperty('create.backend');
  // What could not be looked at is never a signature.
  expect(played.verdict).toMatchObject({ overall: 'incomplete', exitCode: 1 });
});

test('a policy that forbids the console: what only it tells could not be checked, at once', async () => {
  await configured({ '/etc/nova/policy.yaml': '"os_compute_api:os-console-output": "!"\n' }, 'nova-api');

  const played = await leavesNothing(() => cluster.play('boot'));

  expect(outcomes(played), causes(played).join('\n')).toEqual({
    'boot.console': 'could-not-check',
    'boot.guest-writes': 'could-not-check',
  });
});

test('a quota of four volumes: what does not fit is refused by how much, before anything is made', async () => {
  const quota = (volumes: number) => openstack('quota', 'set', '--volumes', String(volumes), 'admin');
  undo.push(() => quota(10_000));
  await quota(4);

  const refused = leavesNothing(() => cluster.play());
  await expect(refused).rejects.toThrow(
    /this run does not fit into the cloud\n {2}quota volumes: \d+ needed at once, 4 left of 4/,
  );
  const fits = await leavesNothing(() => cluster.play('create'));

  expect(outcomes(fits)).toEqual({});
});

test('a second back end is that of the default type: it is named, with the type to use', async () => {
  const elsewhere = `[elsewhere]\nvolume_driver = ${ELSEWHERE.driver}\nvolume_backend_name = elsewhere\n`;
  await made(['volume', 'type'], 'other', '--property', 'volume_backend_name=elsewhere');
  const settings = `[DEFAULT]\nenabled_backends = storpool,elsewhere\ndefault_volume_type = other\n${elsewhere}`;
  await configured({ [ELSEWHERE.file]: ELSEWHERE.source, [CINDER]: settings }, 'cinder-api', 'cinder-scheduler', 'cinder-volume');

  await expect(leavesNothing(() => cluster.play('create'))).rejects.toThrow(
    /default volume type other leads to no StorPool pool[\s\S]*--volume-type storpool/,
  );
  const played = await leavesNothing(() => cluster.playAs({ promises: { volumeType: 'storpool' } }, 'create'));

  expect(outcomes(played)).toEqual({});
});
