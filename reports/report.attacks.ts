import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { Redactor } from '../helpers/redact.ts';
import { factsOf, knownTo, readVerdict, writeReports } from './report.ts';
import { fingerprint } from './sign-off/sign-off.ts';
import { drawScenarios } from './testing/sample-allure.ts';
import { greenLines, sampleInput, sampleManifest, sampleVerdict } from './testing/sample-run.ts';
import { computeVerdict } from './verdict/verdict.ts';

const CANARY = 'canary-5ecret';

function run() {
  const runDir = mkdtempSync(join(tmpdir(), 'acc-report-'));
  writeFileSync(
    join(runDir, 'evidence.ndjson'),
    greenLines()
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );
  drawScenarios(runDir, sampleManifest, ['create', 'extend', 'snapshot'], `token ${CANARY}`);
  const said: string[] = [];
  const facts = { ...sampleInput(), target: { kind: 'live', title: `cluster of ${CANARY}`, facts: {} } };
  const input = {
    runDir,
    manifest: sampleManifest,
    facts,
    redactor: new Redactor([CANARY]),
    say: (text: string) => void said.push(text),
  };
  return { runDir, input, said, [Symbol.dispose]: () => rmSync(runDir, { recursive: true }) };
}

test('a run that was whole stays whole when the suite has got more checks since', () => {
  const signed = sampleVerdict();
  const [any] = sampleManifest.checks;
  const checks = [...sampleManifest.checks, { ...any, id: 'create.newer' } as (typeof sampleManifest.checks)[number]];
  const newer = { ...sampleManifest, checks };

  const again = computeVerdict({ ...sampleInput(), ...factsOf(signed), manifest: knownTo(signed, newer) });

  expect(again.notSelected).toEqual([]);
  expect(again.counts).toEqual(signed.counts);
  // Before it was known which checks there were, the newer one had been left out.
  expect(computeVerdict({ ...sampleInput(), ...factsOf(signed), manifest: newer }).notSelected).toEqual(['create.newer']);
});

test('all forms are written, hold no secret, and the verdict can be computed again from the folder alone', async () => {
  using it = run();
  const { verdict, html, missing } = await writeReports(it.input);
  expect({ overall: verdict.overall, missing, html, said: it.said }).toEqual({
    overall: 'accepted',
    missing: [],
    html: join(it.runDir, 'allure', 'index.html'),
    said: [],
  });
  const files = readdirSync(it.runDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['verdict.json', 'junit.xml', 'sign-off.md', 'index.html']),
  );
  for (const { parentPath, name } of files) {
    const text = readFileSync(join(parentPath, name), 'utf8');
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(Buffer.from(`token ${CANARY}`).toString('base64'));
  }
  const again = await writeReports({ ...it.input, facts: factsOf(readVerdict(it.runDir)) });
  expect(again.verdict).toEqual(verdict);
});

test('pages that are made again say so, with the checksums that an earlier page has', async () => {
  using it = run();
  const first = await writeReports(it.input);
  const before = fingerprint(join(it.runDir, 'allure', 'index.html')) ?? '';
  const signed = readFileSync(join(it.runDir, 'sign-off.md'), 'utf8');

  const again = await writeReports({ ...it.input, facts: factsOf(first.verdict) });

  expect(signed).toContain(before);
  expect(signed).not.toContain('Made again');
  expect(first.remade).toBeUndefined();
  expect(again.remade?.earlier.map(({ file, sum }) => [basename(file), sum])).toContainEqual(['index.html', before]);
  expect(readFileSync(join(it.runDir, 'sign-off.md'), 'utf8')).toMatch(
    new RegExp(`## Made again on [\\s\\S]*\\| index.html \\| ${before}`),
  );
  expect(readFileSync(join(it.runDir, 'sign-off.html'), 'utf8')).toContain('Made again on');
  expect(readFileSync(join(it.runDir, 'sign-off.de.html'), 'utf8')).toContain('Neu erstellt am');
});

test('a form that cannot be made does not lose the others and is noted', async () => {
  using it = run();
  mkdirSync(join(it.runDir, 'junit.xml'));
  writeFileSync(join(it.runDir, 'allure-results', 'x-result.json'), '{"torn');
  const { verdict, html, missing } = await writeReports(it.input);
  expect(verdict.overall).toBe('accepted');
  expect(html).toBeUndefined();
  expect(missing.map((sentence) => sentence.split(' ')[0])).toEqual(['junit.xml', 'allure/index.html']);
  expect(it.said).toHaveLength(2);
  expect(readFileSync(join(it.runDir, 'sign-off.md'), 'utf8')).toContain('- junit.xml could not be made');
});

test('a run without evidence still gets its reports, which say that it could not run', async () => {
  using it = run();
  rmSync(join(it.runDir, 'evidence.ndjson'));
  rmSync(join(it.runDir, 'allure-results'), { recursive: true });
  const { verdict, missing } = await writeReports(it.input);
  expect({ overall: verdict.overall, missing }).toEqual({ overall: 'could-not-run', missing: [] });
  expect(() => readVerdict(join(it.runDir, 'nowhere'))).toThrow('has no verdict that can be read');
});
