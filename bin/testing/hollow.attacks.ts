import { cpSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noDrawing } from '../../fixtures/proof/fault-trial.ts';
import { runFiles } from '../../fixtures/run/run.ts';
import { Recorder } from '../../fixtures/scenario/recorder.ts';
import type { Runbook } from '../../fixtures/scenario/runbook.ts';
import { Stage } from '../../fixtures/scenario/stage.ts';
import { legacyCommands } from '../../helpers/commands/commands.ts';
import { type Evidence, memorySink } from '../../helpers/evidence.ts';
import { greenScenario, sampleVerdict } from '../../reports/testing/sample-run.ts';
import type { Verdict } from '../../reports/verdict/verdict-schema.ts';
import { manifest, playedRunbooks } from '../../scenarios/manifest.ts';
import { Command } from './supervised-run.ts';

const GREEN = ['accepted', 'accepted-with-waivers'];
const PATIENCE_MS = 180_000;
const ROOT = join(import.meta.dirname, '..', '..');

type Body = (check: (id: string) => Promise<unknown>) => Promise<void>;

/** What a scenario of that page writes down when this is its body. */
async function evidenceOf(book: Runbook, body: Body): Promise<Evidence[]> {
  const lines: Evidence[] = [];
  const promises = { nic: 'none', prefix: 'os' };
  const parts = { runbook: book, run: 'hollow00', sink: memorySink(lines), recorder: new Recorder(), drawing: noDrawing };
  const stage = new Stage({ ...parts, commands: legacyCommands, promises, selected: () => true });
  await stage.play(() => body((id) => stage.check(id, (see) => see.equal('what was seen', id, id)))).catch(() => undefined);
  return lines;
}

const everything =
  (book: Runbook): Body =>
  async (check) => {
    for (const id of Object.keys(book.checks)) {
      await check(id);
    }
  };

/** Ways to take something out of a scenario's body, and one to take all of it. */
const losses = (book: Runbook): readonly Body[] => [
  ...Object.keys(book.checks).map(
    (left): Body =>
      async (check) => {
        for (const id of Object.keys(book.checks).filter((one) => one !== left)) {
          await check(id);
        }
      },
  ),
  async () => undefined,
  () => Promise.reject(new Error('gone')),
];

const whole = new Map(
  await Promise.all(playedRunbooks.map(async (book) => [book.id, await evidenceOf(book, everything(book))] as const)),
);
const besides = [...manifest.scenarios.map(({ id }) => id), 'run']
  .filter((id) => !whole.has(id))
  .flatMap((id) => greenScenario(id, manifest));

/** As the runner would have it that sees no failure: the evidence alone must tell. */
const judged = (lines: readonly Evidence[]) => sampleVerdict({ manifest, lines, runner: { exitCode: 0, signal: null } }).overall;

test('what all scenarios write down when all is well is accepted', () => {
  expect(judged([...besides.filter(({ type }) => type !== 'progress'), ...[...whole.values()].flat()])).toBe('accepted');
});

test.for(playedRunbooks.map((book) => [book.id, book] as const))(
  'a run is not accepted when %s lacks its body, a check of it, or itself',
  async ([id, book]) => {
    const others = [...besides, ...[...whole].flatMap(([other, lines]) => (other === id ? [] : lines))];

    const verdicts = await Promise.all(losses(book).map(async (body) => judged([...others, ...(await evidenceOf(book, body))])));

    expect([...verdicts, judged(others)].filter((overall) => GREEN.includes(overall))).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(2);
  },
);

/** The suite with something taken out of its source. */
function hollowed(change: (root: string) => void) {
  const root = mkdtempSync(join(tmpdir(), 'acc-hollow-'));
  for (const name of [
    'bin',
    'fixtures',
    'helpers',
    'scenarios',
    'scripts',
    'package.json',
    'vitest.config.ts',
    'tsconfig.json',
  ]) {
    cpSync(join(ROOT, name), join(root, name), { recursive: true });
  }
  cpSync(join(ROOT, 'reports'), join(root, 'reports'), {
    recursive: true,
    filter: (path) => path !== join(ROOT, 'reports', 'runs'),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  change(root);
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
}

/** A run of it: how it ended, and what it judged. */
async function run(root: string, args: readonly string[]) {
  const runs = join(root, 'runs');
  const command = new Command(args, { ACCEPTANCE_RUNS_DIR: runs }, join(root, 'bin', 'acceptance.ts'));
  const code = await command.ended;
  const [id = ''] = readdirSync(runs).filter((name) => /^[0-9a-z]{16}$/.test(name));
  const verdict = JSON.parse(readFileSync(join(runs, id, 'verdict.json'), 'utf8')) as Verdict;
  return { code, verdict, output: command.output, evidence: runFiles(join(runs, id)).evidence };
}

const scenarioFiles = (root: string) => globSync('scenarios/**/*.scenario.ts', { cwd: root }).map((file) => join(root, file));
const played = new Set(playedRunbooks.map(({ id }) => id));

test('every scenario file whose body is deleted has its checks told as not looked at', { timeout: PATIENCE_MS }, async () => {
  using copy = hollowed((root) => {
    for (const file of scenarioFiles(root)) {
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace(/^scenario\((\w+), [\s\S]*$/m, 'scenario($1, async () => undefined);\n'));
    }
  });

  const { code, verdict, output } = await run(copy.root, ['--only', 'all']);

  const own = verdict.checks.filter(({ scenario }) => played.has(scenario));
  expect(code, output).toBe(1);
  expect(own.length).toBeGreaterThan(50);
  expect(new Set(own.map(({ outcome }) => outcome))).toEqual(new Set(['could-not-check']));
});

const CREATE = ['--only', 'create,delete'];

test('a scenario file that is deleted, or scenarios that are all skipped, end no run green', {
  timeout: PATIENCE_MS,
}, async () => {
  using without = hollowed((root) => rmSync(join(root, 'scenarios', '2-cinder-backend', 'delete.scenario.ts')));
  using skipping = hollowed((root) => {
    const file = join(root, 'fixtures', 'scenario', 'scenario-test.ts');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('skip: !selection', 'skip: true || !selection'));
    expect(readFileSync(file, 'utf8')).not.toBe(text);
  });

  const ends = [await run(without.root, CREATE), await run(skipping.root, CREATE)];

  expect(ends.map(({ verdict }) => verdict.overall).filter((overall) => GREEN.includes(overall))).toEqual([]);
  expect(ends.map(({ code }) => code).filter((code) => code === 0)).toEqual([]);
});
