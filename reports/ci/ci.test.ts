import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reporting, sampleVerdict } from '../testing/sample-run.ts';
import { ciIn } from './detect.ts';
import { gitlab } from './gitlab.ts';

const HOSTILE = '100 %, no\r\n::error title=x::forged\n| `a` <b>';
const verdict = sampleVerdict({ lines: reporting('extend.size', { outcome: 'failed', cause: HOSTILE }) });

/** What is written on GitHub, and into its summary. */
function onGithub(show: (ci: NonNullable<ReturnType<typeof ciIn>>) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'acc-ci-'));
  const summary = join(folder, 'summary.md');
  let said = '';
  const say = (text: string) => {
    said += text;
  };
  const ci = ciIn({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary }, { say, mark: say });
  try {
    ci?.open('a: run');
    say(HOSTILE);
    ci === undefined || show(ci);
    ci?.[Symbol.dispose]();
    const text = existsSync(summary) ? readFileSync(summary, 'utf8') : '';
    return { said, summary: () => text };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('on GitHub the run is folded, and what services say is no command, whatever it looks like', () => {
  const { said } = onGithub((ci) => ci.close());
  const [, token] = /::stop-commands::(\S+)/.exec(said) ?? [];

  const heard = said.split(`::stop-commands::${token}\n`).map((part, at) => (at === 0 ? part : part.split(`::${token}::\n`)[1]));

  expect(token).toMatch(/^[0-9a-f-]{36}$/);
  expect(heard).toEqual(['::group::a: run\n', '::endgroup::\n', '']);
});

test('each cause is an annotation, escaped as GitHub has it', () => {
  let summary = '';
  const { said } = onGithub((ci) => {
    ci.close();
    ci.tell(verdict, ['Play it again: npm run acceptance -- --last-failed']);
  });
  const errors = said.split('\n').filter((line) => line.startsWith('::error'));
  summary = errors.join('\n');

  expect(errors.filter((line) => line.startsWith('::error title=x'))).toHaveLength(1);
  expect(summary).toContain('::error title=extend.size::100 %25, no%0D%0A::error title=x::forged%0A| `a` <b>');
});

test('the summary has a row for each chapter, the cause letter by letter, and what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'acc-ci-'));
  const file = join(folder, 'summary.md');
  const ci = ciIn({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: file }, { say: () => undefined, mark: () => undefined });
  ci?.tell(verdict, ['Play it again']);
  const text = readFileSync(file, 'utf8');
  rmSync(folder, { recursive: true });

  expect(text).toMatch(/^## rejected: 6 checks on embedded cluster in 6\.5 s\n/);
  expect(text).toContain('| ❌ | 2 Set up the Cinder volume backend | 3 | 1 |');
  expect(text).toContain('| ✅ | 5 Create snapshots | 1 | 0 |');
  expect(text).toContain('| extend.size | 100 %, no; ::error title=x::forged; \\| \\`a\\` \\<b\\> |');
  expect(text).toMatch(/\n- Play it again\n$/);
});

test('half a run is told as one', () => {
  const { summary } = onGithub((ci) => ci.tell({ ...verdict, notSelected: ['boot.reaches'] }, []));

  expect(summary()).toMatch(/^## rejected: 6 checks .* in 6\.5 s; partial: 1 check of the guide not selected\n/);
});

test('why nothing ran is an annotation and stands in the summary, and is no command', () => {
  const { said, summary } = onGithub((ci) => ci.refuse(HOSTILE, 'The acceptance could not run'));
  const [, token] = /::stop-commands::(\S+)/.exec(said) ?? [];

  expect(said).toContain(
    `::stop-commands::${token}\n${HOSTILE}\n::${token}::\n::error title=The acceptance could not run::100 %25, no`,
  );
  expect(summary()).toMatch(/^## The acceptance could not run\n\n100 %, no.*<br>\\\| \\`a\\` \\<b\\>\n$/);
});

test('a summary that cannot be written does not lose the verdict', () => {
  let said = '';
  const say = (text: string) => {
    said += text;
  };
  ciIn({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/nowhere/at/all' }, { say, mark: say })?.tell(sampleVerdict(), []);

  expect(said).toMatch(/^::warning title=Acceptance::The summary could not be written: ENOENT/);
});

test('on GitLab the run is a section, which ends once', () => {
  let said = '';
  const ci = gitlab(
    (text) => {
      said += text;
    },
    () => 1_700_000_000_500,
  );
  ci.open('The run');
  ci.close();
  ci.tell(verdict, []);
  ci[Symbol.dispose]();

  expect(said).toBe(
    '\x1b[0Ksection_start:1700000000:acceptance_run\r\x1b[0KThe run\n\x1b[0Ksection_end:1700000000:acceptance_run\r\x1b[0K\n',
  );
});

test('elsewhere nothing is added', () => {
  expect(ciIn({}, { say: () => undefined, mark: () => undefined })).toBeUndefined();
});
