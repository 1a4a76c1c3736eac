import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileSink, readEvidence } from '../../helpers/evidence.ts';
import { Redactor } from '../../helpers/redact.ts';
import { quoted } from '../html.ts';
import { type Reports, writeReports } from '../report.ts';
import { renderVerdict } from '../terminal/render-verdict.ts';
import { TerminalReporter } from '../terminal/terminal-reporter.ts';
import { reporting, sampleInput, sampleManifest } from './sample-run.ts';

/** Each would do something where it is shown: to a terminal, to a page, or to who reads it. */
const ATTACKS = {
  title: '\u001b]0;owned\u0007',
  clear: '\u001b[2J\u001b[H',
  c1: '\u009b2J',
  over: 'failed\rpassed',
  bidi: '\u202edessap\u202c',
  isolate: '\u2066x\u2069',
  image: '![](http://evil.example/x.png)',
  link: '[click](javascript:alert(1))',
  html: '<img src=x onerror=alert(1)>',
  code: '`x` | **bold** _it_ ~~no~~ &lt; $a$',
};
const SAID = Object.values(ATTACKS).join(' ');
/** Control characters but for line breaks and tabs, and those that turn text around. */
const STEERS = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

const runDir = mkdtempSync(join(tmpdir(), 'acc-hostile-'));
let run: Reports;

beforeAll(async () => {
  const sink = fileSink(join(runDir, 'evidence.ndjson'), new Redactor());
  for (const line of reporting('extend.size', { outcome: 'failed', cause: `${SAID}\n${SAID}` })) {
    sink(line);
  }
  sink({ type: 'note', scenario: 'extend', title: SAID, text: SAID });
  const leaks = [{ layer: 'cinder', kind: 'volume', id: SAID, name: SAID, unswept: true }];
  const facts = {
    ...sampleInput({ leaks }),
    target: { kind: 'live', title: SAID, facts: { project: SAID, address: '127.0.0.1:81' } },
  };
  run = await writeReports({ runDir, manifest: sampleManifest, facts, redactor: new Redactor(), say: () => {} });
});
afterAll(() => rmSync(runDir, { recursive: true }));

test('what would steer a terminal is in no file, and shown in letters', () => {
  const files = readdirSync(runDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

  expect(run.missing).toEqual([]);
  expect(files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['evidence.ndjson', 'verdict.json', 'junit.xml', 'sign-off.md']),
  );
  for (const { name, parentPath } of files.filter((file) => file.name !== 'index.html')) {
    const text = readFileSync(join(parentPath, name), 'utf8');
    expect(STEERS.exec(text), name).toBeNull();
    expect(text.replaceAll(/\\+/g, '\\'), name).toMatch(/\\x1b\\?\]0;owned\\x07/);
  }
});

test('the page to sign shows markup letter by letter', () => {
  const page = readFileSync(join(runDir, 'sign-off.md'), 'utf8');

  expect(page).toContain(
    String.raw`!\[\](http://evil.example/x.png) \[click\](javascript:alert(1)) \<img src=x onerror=alert(1)\>`,
  );
  expect(page).toContain('| address | 127.0.0.1:81 |');
  expect(page).toContain(String.raw`\`x\` \| \*\*bold\*\* \_it\_ \~\~no\~\~ \&lt; \$a\$`);
  expect(page.replaceAll(/\\[\\`*_[\]<>|~&$]/g, '')).not.toMatch(/[[\]`<>]|\|.*\|.*\|.*\|.*\|.*\|.*\|.*\|/);
});

test('a terminal is steered by nothing but its own lines, and a name stays on its line', () => {
  const shown: string[] = [];
  const out = { isTTY: false, columns: 400, write: (text: string) => void shown.push(text) };
  using reporter = new TerminalReporter({ manifest: sampleManifest, out });
  for (const line of readEvidence(join(runDir, 'evidence.ndjson')).lines) {
    reporter.accept(line);
  }

  const end = renderVerdict(run.verdict, { sweepCommand: 'npm run sweep' });

  expect(shown.join('')).toContain(String.raw`extend.size: \x1b]0;owned\x07`);
  expect(STEERS.exec(shown.join('') + end)).toBeNull();
  expect(end).toMatch(/^ {2}cinder volume \\x1b]0;owned/m);
});

test('the page of a proof shows it, too', () => {
  expect(quoted(SAID)).not.toMatch(STEERS);
  expect(quoted(SAID)).not.toMatch(/[<>]/);
});
