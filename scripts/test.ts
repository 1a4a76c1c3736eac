import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled } from '../fixtures/actions/choose.ts';
import { isThere } from '../fixtures/containers/build/base.ts';
import { openstackImage } from '../fixtures/containers/build/images.ts';
import { answers } from '../fixtures/containers/cluster/docker.ts';
import { CLIENT_TOOLS } from './packages.ts';

/** What `npm test` does, in order: everything runs, whatever fails before it. */
const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const acceptance = ['--import', './bin/require-node.mjs', 'bin/acceptance.ts'];
const scratch = mkdtempSync(join(tmpdir(), 'acc-test-'));
const unitResults = join(scratch, 'unit.json');

const lacking = CLIENT_TOOLS.filter(({ command }) => !isInstalled(command, process.env['PATH'] ?? '')).map(
  ({ command }) => command,
);

interface Stage {
  readonly name: string;
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
const vitest = (project: string, results: string): Stage => ({
  name: `${project} tests`,
  command: bin('vitest'),
  args: ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${results}`],
});
const only = process.argv.slice(2);

/** What the upstream driver is known to get wrong is answered for here, until a date. */
const inContainers = ['--target', 'container', '--waivers', 'waivers/ci.yaml'];
const containerStages: readonly Stage[] = [
  { name: 'container images as they stand now', command: process.execPath, args: ['scripts/containers.ts'] },
  { name: 'acceptance on OpenStack in containers', command: process.execPath, args: [...acceptance, ...inContainers] },
];

const stages: readonly Stage[] = [
  { name: 'types', command: bin('tsc'), args: ['-p', '.'] },
  { name: 'lint', command: 'npm', args: ['run', '--silent', 'lint'] },
  { name: 'dead code', command: bin('knip'), args: [] },
  vitest('unit', unitResults),
  ...(lacking.length === 0 ? [vitest('clients', clientResults)] : []),
  { name: 'acceptance on the embedded cluster', command: process.execPath, args: acceptance },
  { name: 'acceptance beyond the guide', command: process.execPath, args: [...acceptance, '--only', 'beyond-the-guide'] },
  { name: 'proof', command: process.execPath, args: [...acceptance, 'prove'] },
  ...(noContainers === undefined ? containerStages : []),
].filter(({ name }) => only.length === 0 || only.some((word) => name.includes(word)));

let passed = 0;
let failed = 0;
for (const { name, command, args } of stages) {
  process.stdout.write(`\n== ${name}\n`);
  const child = spawn(command, [...args], { cwd: root, stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) {
    passed += 1;
  } else {
    failed += 1;
    process.stdout.write(`== ${name}: failed with ${code ?? 'a signal'}\n`);
  }
}
if (lacking.length > 0) {
  process.stdout.write(
    `\nnot run: the tests of the command-line clients, no ${lacking.join(', ')} → npm run setup -- --clients\n`,
  );
}
if (noContainers !== undefined) {
  process.stdout.write(`\nnot run: the acceptance on OpenStack in containers, ${noContainers} → npm run setup -- --containers\n`);
}
const tests = [unitResults, clientResults].map(countsOf);
passed += tests.reduce((sum, counts) => sum + counts.passed, 0);
failed += tests.reduce((sum, counts) => sum + counts.failed, 0);
rmSync(scratch, { recursive: true });
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** The tests of a stage one by one; when they left no results, the failed stage has counted. */
function countsOf(results: string): { passed: number; failed: number } {
  if (!existsSync(results)) {
    return { passed: 0, failed: 0 };
  }
  const { numPassedTests = 0, numFailedTests = 0 } = JSON.parse(readFileSync(results, 'utf8')) as Record<string, number>;
  return { passed: numPassedTests, failed: numFailedTests };
}
