import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { buildTempest, TEMPEST_IMAGE } from '../fixtures/containers/build/images.ts';
import { docker } from '../fixtures/containers/cluster/docker.ts';
import { removeRun } from '../fixtures/containers/cluster/removal.ts';
import { startTempest, type TempestResult } from '../fixtures/containers/tempest/tempest.ts';
import { Canary } from '../fixtures/images/canary.ts';
import type { Ledger } from '../fixtures/ledger/ledger.ts';
import { runFiles } from '../fixtures/run/run.ts';
import { type ContainerTarget, provisionContainer } from '../fixtures/targets/container.ts';
import { startRunOn } from '../fixtures/testing/run-in-progress.ts';
import { readEvidence } from '../helpers/evidence.ts';
import { verdictSchema } from '../reports/verdict/verdict-schema.ts';

/** Tempest's tests that come nearest to the guide's checks, and the scenarios of this suite for the same: one after the other, in pairs. */
const TESTS = [
  'tempest.api.volume.test_volumes_get.VolumesGetTest.test_volume_create_get_update_delete',
  'tempest.api.volume.test_volumes_get.VolumesGetTest.test_volume_create_get_update_delete_from_image',
  'tempest.api.volume.test_volumes_extend.VolumesExtendTest.test_volume_extend',
  // Those of VolumesSnapshotTestJSON are skipped where there is no Neutron.
  'tempest.api.volume.test_snapshot_metadata.SnapshotMetadataTestJSON.test_crud_snapshot_metadata',
  'tempest.scenario.test_volume_boot_pattern.TestVolumeBootPattern.test_create_server_from_volume_snapshot',
];
const SCENARIOS = ['create', 'delete', 'extend', 'image', 'snapshot', 'from-snapshot', 'boot'];

const ROOT = join(import.meta.dirname, '..');
const RUNS = join(ROOT, 'reports', 'runs');

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    concurrency: { type: 'string', default: '4' },
  },
});

interface Measured {
  readonly 'wall time, s': number;
  readonly 'CPU of the runner, s': number;
  readonly 'API requests': number;
  readonly 'of them asked before (polls)': number;
  readonly assertions: number | undefined;
}

const say = (text: string) => void process.stdout.write(`${text}\n`);
const pairs = Number(values.pairs);
mkdirSync(RUNS, { recursive: true });
await buildTempest(say);
const { startedBy, usedBy } = await compare();
if (startedBy === usedBy) {
  await removeRun(startedBy);
}

/** Tells which run started the cluster, as one that another run kept stays. */
async function compare() {
  await using stand = await startRunOn((runId) => provisionContainer({ runId, shared: [RUNS], reuse: true, say }), RUNS);
  await using tempest = await startTempest({
    image: TEMPEST_IMAGE,
    network: `acceptance-${stand.cluster.run}`,
    controller: stand.cluster.hosts[0]?.name ?? '',
    cloud: stand.target.cloud,
  });
  const ledger = stand.ledger();
  const image = await imageForTempest(stand, ledger);
  const flavor = (await stand.clients.nova.cloud.flavor()).id;
  const order = { tests: TESTS, concurrency: Number(values.concurrency), image, flavor };
  const [theirs, ours]: [Measured[], Measured[]] = [[], []];
  for (let pair = 1; pair <= pairs; pair += 1) {
    theirs.push(measuredOf(await tempest.run(order)));
    ours.push(await runOurs());
    const [a, b] = [theirs, ours].map((rows) => shown(rows.at(-1)?.['wall time, s']));
    say(`pair ${pair}: Tempest ${a} s, this suite ${b} s`);
  }
  await ledger.undo();
  tell(theirs, ours);
  return { startedBy: stand.cluster.run, usedBy: stand.run };
}

function tell(theirs: readonly Measured[], ours: readonly Measured[]): void {
  say(
    `\n| median of ${pairs} | Tempest, ${TESTS.length} tests | this suite, ${SCENARIOS.length} scenarios |\n| --- | ---: | ---: |`,
  );
  for (const what of Object.keys(ours[0] ?? {}) as (keyof Measured)[]) {
    say(`| ${what} | ${shown(median(theirs, what))} | ${shown(median(ours, what))} |`);
  }
}

type Stand = Awaited<ReturnType<typeof startRunOn<ContainerTarget>>>;

/** Uploads a disk image for Tempest's own servers, as it takes one that is there. */
async function imageForTempest(stand: Stand, ledger: Ledger): Promise<string> {
  const path = join(stand.runDir, 'canary.raw');
  await new Canary(stand.run, 'tempest').writeTo(path);
  const { id } = await ledger.image({ name: stand.name(1), diskFormat: 'raw' }, path);
  await stand.clients.glance.untilActive(id);
  await publish(stand, id);
  return id;
}

/** Tempest's users are of projects of their own. */
async function publish({ cluster }: Stand, image: string): Promise<void> {
  const change = JSON.stringify([{ op: 'replace', path: '/visibility', value: 'public' }]);
  const type = 'Content-Type: application/openstack-images-v2.1-json-patch';
  const ask = `curl -fsS -X PATCH -H "X-Auth-Token: $(acceptance-token)" -H '${type}' -d '${change}' localhost:9292/v2/images/${image}`;
  await docker('exec', cluster.hosts[0]?.container ?? '', 'bash', '-c', ask);
}

function measuredOf({ wallSeconds, cpuSeconds, requests, repeatedReads }: TempestResult): Measured {
  return {
    'wall time, s': wallSeconds,
    'CPU of the runner, s': cpuSeconds,
    'API requests': requests,
    'of them asked before (polls)': repeatedReads,
    assertions: undefined,
  };
}

/** The command as a person starts it, reports included. Bash tells what CPU it took with all processes that it started. */
async function runOurs(): Promise<Measured> {
  const command = [
    process.execPath,
    '--import',
    './bin/require-node.mjs',
    'bin/acceptance.ts',
    '--target',
    'container',
    '--reuse',
  ];
  const line = [...command, '--only', SCENARIOS.join(',')].join(' ');
  const began = performance.now();
  const { stdout, stderr } = await execa('bash', ['-c', `TIMEFORMAT='cpu %U %S'; time ${line}`], { cwd: ROOT });
  const wall = (performance.now() - began) / 1000;
  const [, user = '', system = ''] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(stderr) ?? [];
  const [, run = ''] = /reports\/runs\/(\w+)\//.exec(stdout) ?? [];
  const files = runFiles(join(RUNS, run));
  const { traffic, counts } = verdictSchema.parse(JSON.parse(readFileSync(files.verdict, 'utf8')));
  return {
    'wall time, s': wall,
    'CPU of the runner, s': Number(user) + Number(system),
    'API requests': traffic.requests,
    'of them asked before (polls)': repeatedReads(files.evidence),
    assertions: counts.assertions,
  };
}

function repeatedReads(evidence: string): number {
  const asked = readEvidence(evidence).lines.flatMap((line) =>
    'exchanges' in line ? (line.exchanges ?? []).map(({ method, url }) => ({ method, key: `${line.scenario} ${url}` })) : [],
  );
  const reads = asked.filter(({ method }) => method === 'GET').map(({ key }) => key);
  return reads.length - new Set(reads).size;
}

function median(rows: readonly Measured[], what: keyof Measured): number | undefined {
  const sorted = rows.flatMap((row) => row[what] ?? []).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function shown(figure: number | undefined): string {
  return figure === undefined ? 'not told' : figure.toFixed(Number.isInteger(figure) ? 0 : 1);
}
