import { join } from 'node:path';
import { execa } from 'execa';
import { bench as manyVolumes } from '../fixtures/mock/storpool/many-volumes.bench.ts';
import { bench as manyHosts } from '../fixtures/preflight/many-hosts.bench.ts';

/** Figures, not tests: the mock with 10,000 volumes, then the commands a person waits for. Each line is one measurement. */
const root = join(import.meta.dirname, '..');
const acceptance = ['--import', './bin/require-node.mjs', 'bin/acceptance.ts'];
const ROUNDS = 5;

for (const [title, bench] of Object.entries({
  'The mock StorPool with 10,000 volumes': manyVolumes,
  'The preflight of 1,000 hosts': manyHosts,
})) {
  process.stdout.write(`${title}\n`);
  for (const [what, figure] of Object.entries(await bench())) {
    process.stdout.write(`  ${what.padEnd(18)} ${String(figure)}\n`);
  }
}

process.stdout.write(`\nCommands, median of ${ROUNDS} in seconds (least, most)\n`);
for (const args of [['plan'], ['list'], []]) {
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    await execa(process.execPath, [...acceptance, ...args], { cwd: root });
    seconds.push((performance.now() - started) / 1000);
  }
  seconds.sort((a, b) => a - b);
  const [median, least, most] = [seconds[Math.floor(ROUNDS / 2)], seconds[0], seconds.at(-1)].map((s) => s?.toFixed(2));
  process.stdout.write(`  ${['acceptance', ...args].join(' ').padEnd(18)} ${median} (${least}, ${most})\n`);
}
