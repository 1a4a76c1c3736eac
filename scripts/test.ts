import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled } from '../fixtures/actions/choose.ts';
import { CLIENT_TOOLS } from './packages.ts';

/** What `npm test` does, in order: everything runs, whatever fails before it. */
const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const acceptance = ['--import', './bin/require-node.mjs', 'bin/acceptance.ts'];
const scratch = mkdtempSync(join(tmpdir(), 'acc-test-'));
const unitResults = join(scratch, 'unit.json');

const lacking = CLIENT_TOOLS.filter(({ command }) => !isInstalled(command, process.env['PATH'] ?? ''));
if (lacking.length > 0) {
  const names = lacking.map(({ command }) => command).join(', ');
  process.stdout.write(`The tests of the command-line clients are left out: no ${names} (npm run setup -- --clients)\n`);
}
const projects = ['--project', 'unit', ...(lacking.length === 0 ? ['--project', 'clients'] : [])];

interface Stage {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const stages: readonly Stage[] = [
  { name: 'types', command: bin('tsc'), args: ['-p', '.'] },
  { name: 'lint', command: 'npm', args: ['run', '--silent', 'lint'] },
  { name: 'dead code', command: bin('knip'), args: [] },
  {
    name: 'unit tests',
    command: bin('vitest'),
    args: ['run', ...projects, '--reporter=default', '--reporter=json', `--outputFile.json=${unitResults}`],
  },
  { name: 'acceptance on the embedded cluster', command: process.execPath, args: acceptance },
  { name: 'proof', command: process.execPath, args: [...acceptance, 'prove'] },
];

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
const unit = unitCounts();
rmSync(scratch, { recursive: true });
process.stdout.write(`\n${passed + unit.passed} passed, ${failed + unit.failed} failed\n`);
process.exitCode = failed + unit.failed === 0 ? 0 : 1;

/** The unit tests one by one; when they left no results, the failed stage has counted. */
function unitCounts(): { passed: number; failed: number } {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(unitResults, 'utf8')) as Record<string, number>;
    return { passed: numPassedTests ?? 0, failed: numFailedTests ?? 0 };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
