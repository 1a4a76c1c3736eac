import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { bench as largeCluster } from '../bin/testing/large-cluster.bench.ts';
import { bench as computed } from '../fixtures/cleanup/growth.bench.ts';
import { bench as crashConsistency } from '../fixtures/crash-consistency/judgement.bench.ts';
import { bench as manyVolumes } from '../fixtures/mock/storpool/testing/many-volumes.bench.ts';
import { bench as fourHosts, spread } from '../fixtures/preflight/deployments/embedded.bench.ts';
import { bench as manyHosts } from '../fixtures/preflight/deployments/many-hosts.bench.ts';
import { bench as sshHosts } from '../fixtures/preflight/deployments/ssh-hosts.bench.ts';
import { bench as unreachableHosts } from '../fixtures/preflight/deployments/unreachable-hosts.bench.ts';
import { bench as masking } from '../helpers/masking/masking.bench.ts';

/** Figures, not tests; each line is one measurement, by a Node that is started as `npm run acceptance` starts it. Words on the command line choose measurements by their titles. */
const root = join(import.meta.dirname, '..');
const acceptance = ['--import', './bin/require-node.mjs', 'bin/acceptance.ts'];
const ROUNDS = 5;
const only = process.argv.slice(2);

type Figures = Readonly<Record<string, string | number>>;

const benches: Readonly<Record<string, () => Promise<Figures>>> = {
  'The mock StorPool with 10,000 volumes': async () => ({ ...(await manyVolumes()) }),
  'The preflight of the embedded cluster’s four hosts, by release': fourHosts,
  'The preflight over ssh on loopback': sshHosts,
  'The preflight of 1,000 hosts': async () => ({ ...(await manyHosts()) }),
  'The growth of what is computed with the cluster': computed,
  'The growth of a run and of the mock with the volumes of others': largeCluster,
  'The growth of the preflight with hosts that cannot be reached': unreachableHosts,
  'The judgement of a snapshot after a million writes': () => Promise.resolve(crashConsistency()),
  'The mock, from its command line until it can be used': mockStart,
  'Masking of what leaves the process': () => Promise.resolve(masking()),
  'Commands that a person waits for': commands,
};

for (const [title, bench] of Object.entries(benches)) {
  if (only.length === 0 || only.some((word) => title.includes(word))) {
    process.stdout.write(`${title}\n`);
    for (const [what, figure] of Object.entries(await bench())) {
      process.stdout.write(`  ${what.padEnd(18)} ${String(figure)}\n`);
    }
  }
}

async function commands(): Promise<Figures> {
  const figures: Record<string, string> = {};
  for (const args of [['plan'], ['list'], ['doctor'], []]) {
    figures[['acceptance', ...args].join(' ')] = await timed(() =>
      execa(process.execPath, [...acceptance, ...args], { cwd: root }),
    );
  }
  return figures;
}

async function mockStart(): Promise<Figures> {
  const state = mkdtempSync(join(tmpdir(), 'acc-bench-'));
  const kept = ['--state', state];
  const figures = { anew: await timed(() => started([])), 'with its state': await timed(() => started(kept)) };
  rmSync(state, { recursive: true });
  return figures;
}

/** Starts a mock, waits until it says how to use it, and stops it. Returns after how many milliseconds it said so. */
async function started(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const mock = spawn(process.execPath, [...acceptance, 'mock', ...args], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(mock, 'close');
  let said = '';
  mock.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  while (!said.includes('openrc')) {
    await Promise.race([once(mock.stderr, 'data'), ended]);
    if (mock.exitCode !== null) {
      throw new Error(`the mock did not start: ${said}`);
    }
  }
  const ms = performance.now() - began;
  mock.kill('SIGTERM');
  await ended;
  return ms;
}

/** `median (least, most) s`; of what the work itself says it took, else of all of it. */
async function timed(work: () => Promise<unknown>): Promise<string> {
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    const said = await work();
    seconds.push((typeof said === 'number' ? said : performance.now() - began) / 1000);
  }
  return spread(seconds);
}
