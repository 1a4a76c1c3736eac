import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, chromium } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { Failure } from '../../helpers/failure.ts';
import { Redactor } from '../../helpers/redact.ts';
import { generateAllure } from '../allure/allure.ts';
import { toJunit } from '../sign-off/junit.ts';
import { signOffPage } from '../sign-off/sign-off-page.ts';
import type { CheckVerdict, Verdict } from '../verdict/verdict-schema.ts';
import { drawScenarios } from './sample-allure.ts';
import { sampleMatrixPage } from './sample-matrix.ts';
import { reporting, sampleManifest, sampleVerdict } from './sample-run.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

beforeAll(() => {
  try {
    accessSync(CHROMIUM, constants.X_OK);
  } catch (cause) {
    const advice = 'Install it (Debian: apt-get install chromium) or name another one in CHROMIUM.';
    throw new Failure('the report cannot be looked at without a browser', { chromium: CHROMIUM }, advice, { cause });
  }
});

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'acc-browser-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** For a browser that hangs. A busy machine starts one in half a minute. */
const HANGS_MS = 180_000;

/** A page of a browser without a network that notes what the page asks for and complains of. */
async function openPage(profile: string) {
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: ARGS,
    offline: true,
    timeout: HANGS_MS,
  });
  context.setDefaultTimeout(HANGS_MS);
  const page = await context.newPage();
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, asked, complaints, [Symbol.asyncDispose]: () => context.close() };
}

test('the report opens offline with every scenario and check, asks for nothing else and complains of nothing', async () => {
  using temporary = folder();
  const lines = reporting('extend.size', { outcome: 'failed', cause: 'StorPool has 10 GiB' });
  const leaks = [{ layer: 'cinder', kind: 'volume', id: 'v1', name: 'acc-left-1', unswept: true }];
  const verdict = sampleVerdict({ lines, leaks });
  drawScenarios(temporary.path, sampleManifest, ['create', 'snapshot']);
  const redactor = new Redactor();
  const path = await generateAllure({ runDir: temporary.path, verdict, lines, title: 'Acceptance of a sample', redactor });
  await using browser = await openPage(join(temporary.path, 'profile'));
  const { page, asked, complaints } = browser;
  const url = pathToFileURL(path).href;
  await page.goto(url);
  await page.setViewportSize({ width: 390, height: 800 });
  await page.getByText('Acceptance of a sample: ', { exact: false }).first().waitFor();
  // The verdict, before what is red is scrolled to.
  await page.getByText('extend.size: ', { exact: false }).first().waitFor();
  await expect.poll(async () => (await page.getByText('Acceptance of a sample: ').first().boundingBox())?.y).toBeGreaterThan(0);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  expect(await page.getByText('March 1, 2026', { exact: false }).first().textContent()).toMatch(/ (UTC|GMT\S*|[A-Z]{2,4}) \(/);
  await page.getByText(String(verdict.counts.selected), { exact: true }).first().waitFor();
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const { number, title } of sampleManifest.chapters) {
    const chapter = page.getByText(`${number} ${title}`, { exact: true });
    await chapter.waitFor();
    const scenarios = sampleManifest.scenarios.filter((scenario) => scenario.chapter === number);
    if (!(await page.getByText(`${number}.1 ${scenarios[0]?.title}`, { exact: true }).isVisible())) {
      await chapter.click();
    }
    for (const [n, scenario] of scenarios.entries()) {
      await page.getByText(`${number}.${n + 1} ${scenario.title}`, { exact: true }).waitFor();
    }
  }
  await page.getByText('extend.size: Cinder, StorPool and the device agree on the new size').first().click();
  await page.getByText('extend.size: Cinder, StorPool and the device agree on the new size').first().waitFor();
  await page.getByText('StorPool has 10 GiB').first().waitFor();
  const outside = asked.filter((address) => address !== url && !address.startsWith('data:') && !address.startsWith('blob:'));
  expect({ outside, complaints }).toEqual({ outside: [], complaints: [] });
  expect(asked).toContain(url);
});

test('what is signed prints on one page of A4 whatever went wrong, before its annex, and can be read on a telephone', async () => {
  using temporary = folder();
  const long = 'a reason that goes on for longer than anybody would like to read on the day of an acceptance '.repeat(4);
  const outcomes = ['failed', 'blocked', 'could-not-check', 'passed'] as const;
  const verdict = sampleVerdict();
  const worst: Verdict = {
    ...verdict,
    overall: 'leaked',
    cannotRun: long,
    target: {
      ...{ kind: 'live', title: 'the live cluster' },
      facts: {
        ...Object.fromEntries(Array.from({ length: 15 }, (_, n) => [`fact ${n}`, n % 4 === 0 ? long : 'short'])),
        ...{ template: 'hybrid, 3 copies', image: 'canary', 'at its peak': '4 volumes, 2 snapshots, 2 servers, 32 GiB' },
      },
    },
    warnings: Array.from({ length: 9 }, () => long),
    leaks: Array.from({ length: 9 }, (_, n) => ({ layer: 'cinder', kind: 'volume', id: `${n}`, name: long, unswept: true })),
    chapters: Array.from({ length: 8 }, (_, n) => ({ number: n + 1, folder: `${n}`, title: `A chapter of the guide ${n}` })),
    checks: Array.from({ length: 120 }, (_, n) => {
      const [check] = verdict.checks;
      const outcome = outcomes[n % outcomes.length] ?? 'passed';
      return { ...(check as CheckVerdict), id: `c.n${n}`, chapter: (n % 8) + 1, outcome, by: `${n % 7} ${long}`, cause: long };
    }),
  };
  const file = join(temporary.path, 'sign-off.html');
  writeFileSync(file, signOffPage({ verdict: worst, previous: verdict, files: [file, file, file, file, file], language: 'de' }));
  await using browser = await openPage(join(temporary.path, 'profile'));
  const { page, complaints } = browser;
  await page.goto(pathToFileURL(file).href);
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  const pages = async () => (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
  expect(await pages()).toBeGreaterThan(1);
  await page.evaluate("document.querySelector('.annex').remove()");
  expect(await pages()).toBe(1);
  expect(complaints).toEqual([]);
});

test('JUnit XML is well-formed for a real XML parser and keeps odd characters', async () => {
  using temporary = folder();
  const cause = 'differs: <a> & "b" \u0000 \u001b[31m red\nnext → line \ud83d';
  const xml = toJunit(sampleVerdict({ lines: reporting('extend.size', { outcome: 'failed', cause }) }));
  await using browser = await openPage(join(temporary.path, 'profile'));
  const parsed = await browser.page.evaluate(`(() => {
    const xml = new DOMParser().parseFromString(${JSON.stringify(xml)}, 'application/xml');
    const text = xml.querySelector('failure')?.textContent;
    return { errors: xml.querySelectorAll('parsererror').length, root: xml.documentElement.tagName, text };
  })()`);
  expect(parsed).toMatchObject({
    errors: 0,
    root: 'testsuites',
    text: expect.stringMatching(/^differs: <a> & "b" .*\nnext → line .\n→/),
  });
});

test('the page of a proof opens offline, finds faults by words, check and outcome, and leads from a check to its faults', async () => {
  using temporary = folder();
  const file = join(temporary.path, 'matrix.html');
  writeFileSync(file, sampleMatrixPage());
  await using browser = await openPage(join(temporary.path, 'profile'));
  const { page } = browser;
  await page.goto(pathToFileURL(file).href);
  const shown = () => page.locator('.faults tbody tr:visible').evaluateAll((rows) => rows.map(({ id }) => id));

  expect(await page.locator('.verdict').textContent()).toBe('The proof does not hold.');
  expect(await page.locator('#false-passes tbody').textContent()).toContain('cinder list shows 2 GiB');
  expect(await shown()).toEqual(['fault:lied', 'fault:lost', 'fault:slow']);
  await page.fill('[name=words]', 'FORGOTTEN size');
  expect(await shown()).toEqual(['fault:lied']);
  await page.click('#filter button');
  await page.selectOption('[name=check]', 'extend.data');
  expect(await shown()).toEqual(['fault:lost']);
  await page.selectOption('[name=verdict]', 'tolerated');
  expect(await shown()).toEqual([]);
  await page.click('[id="check:extend.size"] summary');
  await page.click('[id="check:extend.size"] a');
  expect(await page.locator('[id="fault:lied"]').textContent()).toContain('Cinder 2, StorPool 1 <GiB>');
  expect(await page.locator('[id="fault:lied"]').isVisible()).toBe(true);
  expect(browser.asked).toEqual([pathToFileURL(file).href]);
  expect(browser.complaints).toEqual([]);
});
