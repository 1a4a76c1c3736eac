import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { isInstalled } from '../fixtures/actions/client-search.ts';
import { isThere } from '../fixtures/containers/build/base.ts';
import { openstackImage } from '../fixtures/containers/build/images.ts';
import { answers } from '../fixtures/containers/cluster/docker.ts';
import { labelled } from '../fixtures/containers/cluster/labels.ts';
import { remove } from '../fixtures/containers/cluster/removal.ts';
import { isHorizonInstalled } from '../fixtures/horizon/debian-horizon.ts';
import { CLIENT_TOOLS, LOAD_TOOLS, PEER_TOOLS, type Tool } from './packages.ts';

/**
 * What `npm test` does, in order: everything runs, whatever fails before it. With `--attacks` also what takes longer, and more of the proof,
 * with `--containers` also on real OpenStack.
 */
const { values: given, positionals: only } = parseArgs({
  options: { attacks: { type: 'boolean', default: false }, containers: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (given.attacks) {
  // All scenes are swept that there are by chance, and else a sample.
  process.env['SWEEP_CASES'] ??= '2000';
}
// Scenarios are played in any order here, and the longest first otherwise.
process.env['SHUFFLED_SCENARIOS'] ??= '1';
const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const acceptance = ['--import', './bin/require-node.mjs', 'bin/acceptance.ts'];
const scratch = mkdtempSync(join(tmpdir(), 'acc-test-'));
const unitResults = join(scratch, 'unit.json');
const attackResults = join(scratch, 'attacks.json');

const lackingOf = (tools: readonly Tool[]) =>
  tools.map(({ command }) => command).filter((command) => !isInstalled(command, process.env['PATH'] ?? ''));
const lacking = lackingOf(CLIENT_TOOLS);
const lackingPeers = lackingOf(PEER_TOOLS);
const lackingLoads = lackingOf(LOAD_TOOLS);

const hasHorizon = isHorizonInstalled() && lackingOf([{ command: 'chromium', apt: 'chromium' }]).length === 0;

/** Of a failed stage's words, told again. */
const END_CHARACTERS = 3000;
const MS = 1000;

interface Stage {
  readonly name: string;
  /** Left out of a plain `npm test`. */
  readonly takesLong?: boolean;
  readonly command: string;
  readonly args: readonly string[];
}

/** Why real OpenStack cannot be started here; undefined when it can. */
const noContainers = !(await answers())
  ? 'no Docker engine answers'
  : (await isThere(openstackImage('epoxy')))
    ? undefined
    : 'their images are not built';

const clientResults = join(scratch, 'clients.json');
const peerResults = join(scratch, 'peers.json');
const vitest = (project: string, results: string, takesLong = false): Stage => ({
  name: `${project} tests`,
  takesLong,
  command: bin('vitest'),
  args: ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${results}`],
});
const proof = (name: string, ...args: readonly string[]): Stage => ({
  name,
  takesLong: true,
  command: process.execPath,
  args: [...acceptance, 'prove', ...args],
});
const containerResults = join(scratch, 'containers.json');

/** What the upstream driver is known to get wrong is answered for here, until a date. The containers serve all of these stages. */
const inContainers = ['--target', 'container', '--reuse', '--everywhere', '--waivers', 'waivers/ci.yaml'];
const containerStages: readonly Stage[] = [
  {
    name: 'container images as they stand now',
    command: process.execPath,
    args: ['scripts/containers.ts'],
  },
  { name: 'acceptance on OpenStack in containers', command: process.execPath, args: [...acceptance, ...inContainers] },
  vitest('containers', containerResults),
];
const wantsContainers = given.containers || only.some((word) => word.startsWith('container'));
const usesContainers = wantsContainers && noContainers === undefined;
const keptBefore = usesContainers ? await labelled() : [];

/** Other faults each time. All of them, `npm run prove`, take as long as everything else together. */
const SAMPLE = ['--sample', given.attacks ? '150' : '30'];
/** Two clusters that differ in all that can: one with busy neighbours, the other with services that must be asked again. */
const HEALTHY = ['--healthy', '2', '--seed', '98'];
/** Other checks each time; a failure names them. */
const MUTATIONS = ['--mutations', '8'];

/** Horizon by a browser is slow: what is seen early stands for the rest, which `prove -- --horizon` plays. */
const HORIZON_FAULTS = ['horizon-volume-not-created', 'horizon-error-swallowed', 'horizon-session-expired'];
const horizonStages: readonly Stage[] = [
  { name: 'acceptance in Horizon', takesLong: true, command: process.execPath, args: [...acceptance, '--only', 'horizon'] },
  proof('proof of Horizon', '--fault', ...HORIZON_FAULTS),
];

const PERFORMANCE_FAULTS = ['performance-no-device', 'performance-no-writes', 'performance-changed-bytes'];
const loadStages: readonly Stage[] = [
  {
    name: 'acceptance of performance',
    takesLong: true,
    command: process.execPath,
    args: [...acceptance, '--only', 'performance'],
  },
  proof('proof of performance', '--fault', ...PERFORMANCE_FAULTS),
];

/** A core each, and seconds: they are done at once. */
const checks: readonly Stage[] = [
  { name: 'types', command: bin('tsc'), args: ['-p', '.'] },
  { name: 'lint', command: 'npm', args: ['run', '--silent', 'lint'] },
  { name: 'dead code', command: bin('knip'), args: [] },
].filter(isWanted);

const stages: readonly Stage[] = [
  vitest('unit', unitResults),
  vitest('attacks', attackResults, true),
  ...(lacking.length === 0 ? [vitest('clients', clientResults, true)] : []),
  ...(lackingPeers.length === 0 ? [vitest('peers', peerResults, true)] : []),
  { name: 'acceptance on the embedded cluster', command: process.execPath, args: acceptance },
  {
    name: 'acceptance beyond the guide',
    command: process.execPath,
    args: [...acceptance, '--only', 'beyond-the-guide', '--everywhere'],
  },
  { ...proof('sample of the proof', ...SAMPLE), takesLong: false },
  proof('proof by mutations', ...MUTATIONS),
  proof('proof on healthy clusters', ...HEALTHY),
  ...(lackingLoads.length === 0 ? loadStages : []),
  ...(hasHorizon ? horizonStages : []),
  ...(usesContainers ? containerStages : []),
].filter(isWanted);

let passed = 0;
const failures: string[] = [];
await Promise.all(checks.map(play));
for (const stage of stages) {
  await play(stage);
}
if (usesContainers) {
  const kept = new Set(keptBefore.map(({ run }) => run));
  await remove((await labelled()).filter(({ run }) => !kept.has(run)));
}
if (only.length === 0 && !given.attacks) {
  process.stdout.write('\nleft out: what takes longer → npm test -- --attacks\n');
} else {
  tellLacking();
}
if (wantsContainers && noContainers !== undefined) {
  failures.push(`on OpenStack in containers: ${noContainers} → npm run setup -- --containers`);
}
const tests = [unitResults, attackResults, clientResults, peerResults, containerResults].map(countsOf);
passed += tests.reduce((sum, counts) => sum + counts.passed, 0);
failures.push(...tests.flatMap((counts) => counts.failed));
rmSync(scratch, { recursive: true });
// Told again at the end: a stage's own words are a thousand lines above by then.
process.stdout.write(failures.map((failure) => `\nfailed: ${failure}`).join(''));
process.stdout.write(`\n${passed} passed, ${failures.length} failed\n`);
process.exitCode = failures.length === 0 && passed > 0 ? 0 : 1;

function tellLacking(): void {
  if (lacking.length > 0) {
    process.stdout.write(
      `\nnot run: the tests of the command-line clients, no ${lacking.join(', ')} → npm run setup -- --clients\n`,
    );
  }
  if (lackingPeers.length > 0) {
    process.stdout.write(`\nnot run: other people's test suites, no ${lackingPeers.join(', ')} → npm run setup -- --peers\n`);
  }
  if (lackingLoads.length > 0) {
    process.stdout.write('\nnot run: performance, no fio → npm run setup -- --fio\n');
  }
  if (!hasHorizon) {
    process.stdout.write("\nnot run: Horizon in a browser, no Debian's Horizon or no Chromium → npm run setup -- --browser\n");
  }
}

function isWanted({ name, takesLong = false }: Stage): boolean {
  return only.length === 0 ? given.attacks || !takesLong : only.some((word) => name.includes(word));
}

async function play({ name, command, args }: Stage): Promise<void> {
  process.stdout.write(`\n== ${name}\n`);
  const began = performance.now();
  const { code, end } = await run(command, args);
  process.stdout.write(`== ${name}: ${Math.round((performance.now() - began) / MS)} s\n`);
  if (code === 0) {
    passed += 1;
  } else {
    failures.push(`${name}: failed with ${code ?? 'a signal'}\n${end}`);
    process.stdout.write(`== ${name}: failed\n`);
  }
}

/** Runs a stage in plain sight, and keeps the end of what it says. */
async function run(command: string, args: readonly string[]): Promise<{ code: number | null; end: string }> {
  const child = spawn(command, [...args], { cwd: root, stdio: ['inherit', 'pipe', 'pipe'] });
  let said = '';
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from.on('data', (chunk: Buffer) => {
      to.write(chunk);
      said = `${said}${chunk.toString()}`.slice(-END_CHARACTERS);
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, end: said.slice(said.indexOf('\n') + 1).replaceAll(/^/gm, '    ') };
}

interface Results {
  readonly numPassedTests?: number;
  readonly testResults?: readonly {
    readonly name: string;
    /** What kept the file from being loaded. */
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** The tests of a stage one by one; when they left no results, the failed stage has counted. */
function countsOf(results: string): { passed: number; failed: string[] } {
  if (!existsSync(results)) {
    return { passed: 0, failed: [] };
  }
  const { numPassedTests = 0, testResults = [] } = JSON.parse(readFileSync(results, 'utf8')) as Results;
  const failed = testResults.flatMap(({ name, message, assertionResults }) =>
    [
      ...(message === '' ? [] : [message.split('\n')[0]]),
      ...assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    ].map((what) => `${relative(root, name)}: ${what}`),
  );
  return { passed: numPassedTests, failed };
}
