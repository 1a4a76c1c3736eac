import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Redactor } from '../../helpers/redact.ts';
import { drawScenarios, largeManifest } from '../testing/sample-allure.ts';
import { greenLines, greenScenario, reporting, sampleManifest, sampleVerdict } from '../testing/sample-run.ts';
import { withoutTracking } from './page.ts';
import { stageAllure } from './staging.ts';

const stepSchema = z.object({
  name: z.string(),
  status: z.string(),
  statusDetails: z.object({ message: z.string().optional() }),
});
const resultSchema = stepSchema.extend({
  steps: z.array(stepSchema.extend({ attachments: z.array(z.object({ source: z.string() })) })),
  labels: z.array(z.object({ name: z.string(), value: z.string() })),
});

function stage(
  input: Partial<Parameters<typeof stageAllure>[0]> = {},
  drawn: readonly string[] = [],
  attachment?: string,
  spoil?: (result: string) => string,
) {
  const folder = mkdtempSync(join(tmpdir(), 'acc-stage-'));
  const to = join(folder, 'staged');
  mkdirSync(to);
  drawScenarios(folder, sampleManifest, drawn, attachment);
  mkdirSync(join(folder, 'services', 'controller'), { recursive: true });
  writeFileSync(join(folder, 'services', 'controller', 'cinder-volume.log'), 'ERROR no more space, token s3cret\n');
  writeFileSync(join(folder, 'services', 'storpool.log'), '');
  const from = join(folder, 'allure-results');
  for (const file of spoil === undefined ? [] : readdirSync(from).filter((name) => name.endsWith('-result.json'))) {
    writeFileSync(join(from, file), spoil?.(readFileSync(join(from, file), 'utf8')) ?? '');
  }
  const { verdict = sampleVerdict(), lines = greenLines(), redactor = new Redactor() } = input;
  stageAllure({ verdict, lines, redactor, runDir: folder, from, to });
  const files = readdirSync(to);
  const read = (file: string) => readFileSync(join(to, file), 'utf8');
  const results = files.filter((file) => file.endsWith('-result.json')).map((file) => resultSchema.parse(JSON.parse(read(file))));
  return { to, files, read, results, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

const named = (results: readonly z.infer<typeof resultSchema>[], id: string) =>
  results.find(({ name }) => name.startsWith(`${id}: `));

test('there is one result for each check that was selected, drawn or not, with the steps that led to it', () => {
  using staged = stage({}, ['create', 'extend']);
  expect(staged.results.map(({ name }) => name).toSorted()).toEqual(
    sampleManifest.checks.map(({ id, claim }) => `${id}: ${claim}`).toSorted(),
  );
  expect(named(staged.results, 'extend.data')?.steps).toMatchObject([{ name: expect.stringMatching(/^extend\.data: /) }]);
});

test('in half a run those that were not selected are none of its results', () => {
  using staged = stage({ verdict: sampleVerdict({ selection: ['extend.size'] }) }, ['extend']);
  expect(staged.results.map(({ name }) => name.split(':')[0])).toEqual(['extend.size']);
});

test('a drawn check shows the outcome of the verdict, though Allure took it for passed', () => {
  const lines = reporting('extend.size', { outcome: 'failed', cause: 'StorPool has 10 GiB' });
  using staged = stage({ lines, verdict: sampleVerdict({ lines }) }, ['extend']);
  const result = named(staged.results, 'extend.size');
  expect(result?.status).toBe('failed');
  expect(result?.steps.map(({ status }) => status)).toEqual(['failed']);
  expect(result?.statusDetails.message).toBe(
    'StorPool has 10 GiB\n→ Read cinder-volume.log on the controller, looking for “extend”.',
  );
  expect(named(staged.results, 'extend.data')?.status).toBe('passed');
});

test('a waived check stands before all others, says who answers for it, and does not look red', () => {
  const lines = reporting('extend.size', { outcome: 'failed', cause: 'StorPool has 10 GiB' });
  const waiver = { check: 'extend.size', reason: 'known', owner: 'storage team', expires: '2026-12-31' };
  const verdict = sampleVerdict({ lines, runner: { exitCode: 1, signal: null }, waivers: [waiver] });
  using staged = stage({ lines, verdict }, ['extend']);
  expect(staged.results).toHaveLength(sampleManifest.checks.length);
  const waived = named(staged.results, 'extend.size');
  expect(waived?.labels).toContainEqual({ name: 'epic', value: '0 Waived' });
  expect(waived?.statusDetails.message).toMatch(/^waived until 2026-12-31 by storage team: known\nStorPool has 10 GiB\n→ /);
  expect(waived?.status).toBe('skipped');
  expect(waived?.steps.map(({ status }) => status)).toEqual(['skipped']);
});

test('a scenario whose steps were lost on their way is drawn from its evidence', () => {
  using staged = stage({}, ['extend'], undefined, (text) => JSON.stringify({ ...JSON.parse(text), steps: [] }));
  expect(named(staged.results, 'extend.size')?.steps.length).toBeGreaterThan(0);
});

test('every result stands under its chapter and its scenario, by their numbers', () => {
  using staged = stage({}, ['create']);
  const labels = staged.results.map(({ labels }) => labels.map(({ name, value }) => `${name}: ${value}`).join(', '));
  expect(labels).toContain('epic: 2 Set up the Cinder volume backend, feature: 2.1 Create a volume');
  expect(labels).toContain('epic: 2 Set up the Cinder volume backend, feature: 2.2 Extend a volume & look at it');
  expect(labels).toContain('epic: The run itself, feature: run');
});

test('blocked and never reached checks do not look harmless', () => {
  const lines = [...greenScenario('create'), ...greenScenario('extend')];
  const blocked = lines.map((line) =>
    line.type === 'check' && line.check === 'extend.data' ? { ...line, outcome: 'blocked' as const, by: 'extend.size' } : line,
  );
  const verdict = sampleVerdict({ lines: blocked });
  using staged = stage({ lines: blocked, verdict }, ['create']);
  expect(named(staged.results, 'snapshot.frozen')).toMatchObject({
    status: 'broken',
    statusDetails: { message: expect.stringContaining('never started') },
  });
  expect(named(staged.results, 'extend.size')?.status).toBe('passed');
  expect(named(staged.results, 'extend.data')?.status).toBe('broken');
});

test('a scenario that was killed is drawn from its evidence, with the command, and every attachment has its own file', () => {
  const lines = greenScenario('extend').slice(0, -1);
  using staged = stage({ lines, verdict: sampleVerdict({ lines, runner: { exitCode: null, signal: 'SIGINT' } }) });
  const steps = staged.results.filter(({ name }) => name.startsWith('extend.')).flatMap((result) => result.steps);
  const sources = steps.flatMap(({ attachments }) => attachments.map(({ source }) => source));
  expect(new Set(sources).size).toBe(5);
  expect(sources.map(staged.read)).toContain('cinder create 10');
});

test('what came after the last check that was reached is told by the first that was not', () => {
  const lines = greenScenario('extend').filter((line) => line.type !== 'check' || line.check === 'extend.size');
  using staged = stage(
    { lines, verdict: sampleVerdict({ lines, runner: { exitCode: 1, signal: null } }) },
    ['extend'],
    undefined,
    (text) => {
      const result = JSON.parse(text);
      return JSON.stringify({ ...result, steps: [result.steps[0], { ...result.steps[0], name: 'Wait' }] });
    },
  );
  expect(named(staged.results, 'extend.size')?.steps).toHaveLength(1);
  expect(named(staged.results, 'extend.data')?.steps.map(({ name }) => name)).toEqual(['Wait']);
});

test('each of many checks is shown exactly once', () => {
  const manifest = largeManifest(20, 45);
  const lines = greenLines(manifest);
  using staged = stage({ lines, verdict: sampleVerdict({ manifest, lines }) });
  const names = staged.results.map(({ name }) => name.split(':')[0]);
  expect(names.toSorted()).toEqual(manifest.checks.map(({ id }) => id).toSorted());
});

test('problems and leaks are global errors and the verdict is attached', () => {
  const leaks = [{ layer: 'cinder', kind: 'volume', id: 'v1', name: 'acc-1', unswept: true }];
  using staged = stage({ verdict: sampleVerdict({ leaks, torn: 2 }) });
  const globals = staged.read('run-globals.json');
  expect(globals).toContain('left behind: cinder volume acc-1 (v1)');
  expect(globals).toContain('2 evidence line(s) are torn');
  const { attachments } = z.object({ attachments: z.array(z.object({ source: z.string() })) }).parse(JSON.parse(globals));
  expect(JSON.parse(staged.read(attachments[0]?.source ?? ''))).toMatchObject({ overall: 'leaked' });
});

test('secrets in what was drawn do not reach the report', () => {
  using staged = stage({ redactor: new Redactor(['canary-password']) }, ['create'], 'user=admin canary-password');
  for (const file of staged.files) {
    expect(staged.read(file)).not.toContain('canary-password');
  }
  expect(existsSync(staged.to)).toBe(true);
});

test('tracking is taken out and anything else from outside is refused', () => {
  const page = (head: string) => `<html><head>${head}</head><body><a href="https://example.org">link</a></body></html>`;
  const tracker =
    '<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>\n<script>\n window.dataLayer = [];\n</script>';
  expect(withoutTracking(page(tracker))).toBe(page(''));
  for (const element of ['<link rel="x" href="https://cdn.example.org/a.css">', '<img src=//example.org/a.png>']) {
    expect(() => withoutTracking(page(element))).toThrow('load something from outside');
  }
});

test('an unreadable result is an error, not a silent gap', () => {
  const folder = mkdtempSync(join(tmpdir(), 'acc-stage-'));
  try {
    writeFileSync(join(folder, 'x-result.json'), '{"torn');
    const to = join(folder, 'staged');
    mkdirSync(to);
    expect(() =>
      stageAllure({ verdict: sampleVerdict(), lines: [], redactor: new Redactor(), runDir: tmpdir(), from: folder, to }),
    ).toThrow(SyntaxError);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the logs of services come with a run that was not accepted, masked, and with no other', () => {
  const lines = reporting('extend.size', { outcome: 'failed', cause: 'StorPool has 10 GiB' });
  const globals = z.object({ attachments: z.array(z.object({ name: z.string(), source: z.string() })) });
  using red = stage({ lines, verdict: sampleVerdict({ lines }), redactor: new Redactor(['s3cret']) });
  const { attachments } = globals.parse(JSON.parse(red.read('run-globals.json')));
  expect(attachments.map(({ name }) => name)).toEqual(['verdict.json', 'controller/cinder-volume.log']);
  expect(red.read(attachments[1]?.source ?? '')).toMatch(/^ERROR no more space, token (?!s3cret)/);
  using green = stage();
  expect(globals.parse(JSON.parse(green.read('run-globals.json'))).attachments.map(({ name }) => name)).toEqual(['verdict.json']);
});
