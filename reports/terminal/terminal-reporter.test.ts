import { stripVTControlCharacters } from 'node:util';
import headless from '@xterm/headless';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listeners } from '../../helpers/audience.ts';
import { greenScenario, line, passed, sampleManifest } from '../testing/sample-run.ts';
import { TerminalReporter } from './terminal-reporter.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function capture(isTTY: boolean) {
  const written: string[] = [];
  const out = { isTTY, columns: 80, rows: 24, write: (text: string) => void written.push(text) };
  return { written, reporter: new TerminalReporter({ manifest: sampleManifest, out, now: () => Date.now() }) };
}

test('away from a terminal each scenario gets one plain line when it ends', () => {
  const { written, reporter } = capture(false);
  using _ = reporter;
  for (const each of greenScenario('extend')) {
    reporter.accept(each);
  }
  vi.advanceTimersByTime(1000);
  expect(written.join('')).toBe(`✔ ${'2 Extend a volume & look at it'.padEnd(57)}2 checks       80 ms
`);
});

test('failed checks stand below the line of their scenario with the first line of their cause', () => {
  const { written, reporter } = capture(false);
  using _ = reporter;
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'started' }));
  reporter.accept(passed('extend.data', 'extend'));
  const report = {
    type: 'check',
    scenario: 'extend',
    check: 'extend.size',
    outcome: 'failed',
    assertions: 1,
    seen: [],
    ms: 1,
  } as const;
  reporter.accept(line({ ...report, cause: 'StorPool has 10 GiB\n  volume: x' }));
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'ended', ms: 2300 }));
  const [head, cause] = written.join('').split('\n');
  expect(head).toMatch(/^✖ 2 Extend a volume & look at it +1 of 2 checks not passed +2\.3 s$/);
  expect(cause).toBe('    ✖ extend.size: StorPool has 10 GiB');
});

test('an error that belongs to no check is shown with its scenario', () => {
  const { written, reporter } = capture(false);
  using _ = reporter;
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'started' }));
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'ended', ms: 5, error: 'connection refused\nat x' }));
  expect(written.join('')).toMatch(/^✖ 2 Extend.*\n {4}connection refused\n$/);
});

test('on a terminal a running scenario has one live line with its step, time and percentage', () => {
  const { written, reporter } = capture(true);
  using _ = reporter;
  for (const each of greenScenario('extend').slice(0, 3)) {
    reporter.accept(each);
  }
  vi.advanceTimersByTime(1500);
  expect(written.at(-1)).toMatch(/^ {2}2 Extend a volume & look at it +1\.\d s {2}Make the extend… copying 40 %\n$/);
  expect(written.at(-2)).toBe('\u001b[1F\u001b[J');
  for (const row of stripVTControlCharacters(written.join('')).split('\n')) {
    expect(row.length).toBeLessThanOrEqual(80);
  }
});

test('a storm of evidence is drawn at most ten times a second', () => {
  const { written, reporter } = capture(true);
  using _ = reporter;
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'started' }));
  for (let i = 0; i < 1000; i += 1) {
    reporter.accept(line({ type: 'progress', scenario: 'extend', step: 'fill', text: 'filling', percent: i / 10 }));
    vi.advanceTimersByTime(1);
  }
  expect(written.filter((text) => text.includes('filling')).length).toBeLessThanOrEqual(10);
});

test('the live lines are gone at the end and no timer is left', () => {
  const { written, reporter } = capture(true);
  reporter.accept(line({ type: 'scenario', scenario: 'create', state: 'started' }));
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'started' }));
  vi.advanceTimersByTime(200);
  reporter[Symbol.dispose]();
  expect(written.at(-1)).toBe('\u001b[2F\u001b[J');
  expect(vi.getTimerCount()).toBe(0);
});

test('after a Ctrl-C, which the keyboard echoes, what is written last stands on the screen as it is', async () => {
  vi.useRealTimers();
  const screen = new headless.Terminal({ cols: 80, rows: 24, allowProposedApi: true, convertEol: true });
  const out = { isTTY: true, columns: 80, rows: 24, write: (text: string) => screen.write(text) };
  {
    using reporter = new TerminalReporter({ manifest: sampleManifest, out, now: () => 0 });
    reporter.accept(line({ type: 'scenario', scenario: 'create', state: 'started' }));
    reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'started' }));
    reporter.print('first\n');
    screen.write('^C');
    reporter.print('stopping\n');
    reporter.settle();
    reporter.print('verdict\nreport: index.html\n');
  }

  await new Promise<void>((resolve) => screen.write('', resolve));
  const { active } = screen.buffer;
  const rows = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true));
  expect(rows.join('\n').trimEnd()).toBe('first\nstopping\nverdict\nreport: index.html');
});

const seen = { type: 'check', scenario: 'extend', assertions: 1, seen: [], ms: 1 } as const;

test('a waived check is no failure, and says that it is waived', () => {
  const written: string[] = [];
  const out = { isTTY: false, columns: 80, write: (text: string) => void written.push(text) };
  using reporter = new TerminalReporter({ manifest: sampleManifest, out, now: () => 0, waived: new Set(['extend.size']) });
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'started' }));
  reporter.accept(line({ ...seen, check: 'extend.size', outcome: 'failed', cause: 'StorPool has 10 GiB' }));
  reporter.accept(passed('extend.data', 'extend'));
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'ended', ms: 2300 }));

  expect(written.join('')).toMatch(
    /^◐ 2 Extend a volume & look at it +2 checks, 1 waived +2\.3 s\n {4}◐ extend\.size: StorPool has 10 GiB\n$/,
  );
});

test('what a step has blocked is told by the step, once', () => {
  const { written, reporter } = capture(false);
  using _ = reporter;
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'started' }));
  for (const check of ['extend.size', 'extend.data']) {
    reporter.accept(line({ ...seen, check, outcome: 'blocked', by: 'the step “Create it”', cause: 'Cinder refused\n  x: y' }));
  }
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'ended', ms: 2300 }));

  expect(written.join('')).toMatch(
    /^⊘ 2 Extend .* 2 of 2 checks not passed +2\.3 s\n {4}⊘ the step “Create it”: Cinder refused\n$/,
  );
});

test('away from a terminal half a minute is the longest silence, whenever something was printed last', () => {
  const times: number[] = [];
  const out = { isTTY: false, columns: 80, write: (text: string) => void (text.includes('no answer') && times.push(Date.now())) };
  const reporter = new TerminalReporter({ manifest: sampleManifest, out, now: () => Date.now() });
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'started' }));
  reporter.accept(line({ type: 'progress', scenario: 'extend', step: 'make', text: 'no answer from Cinder for 12 s' }));
  vi.advanceTimersByTime(1000);
  const printed = Date.now();
  reporter.print('something\n');
  vi.advanceTimersByTime(90_000);
  reporter[Symbol.dispose]();
  const ended = Date.now();
  vi.advanceTimersByTime(61_000);

  const silences = [printed, ...times, ended].slice(1).map((time, at) => time - ([printed, ...times][at] ?? 0));
  expect(Math.max(...silences)).toBeLessThanOrEqual(30_000);
  expect(times.length).toBeLessThan(5);
  expect(vi.getTimerCount()).toBe(0);
});

test('how far a run is stands below what is live, and goes with it', () => {
  const { written, reporter } = capture(true);
  using _ = reporter;
  reporter.begin({ checks: 3, expectedMs: 20_000 });
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'started' }));
  reporter.accept(passed('extend.data', 'extend'));
  vi.advanceTimersByTime(5000);

  const { last } = shownBy(written);
  expect(last.at(-1)).toMatch(/^ {2}1 of 3 checks in [45]\.\d s, about 1[56] s left$/);

  vi.advanceTimersByTime(20_000);
  expect(shownBy(written).last.at(-1)).toMatch(/^ {2}1 of 3 checks in 2[45]\.\d s$/);
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'ended', ms: 2300 }));
  expect(written.join('').split('\u001b[J').at(-1)).not.toContain('of 3 checks in');
});

/** The lines that were drawn last. */
function shownBy(written: readonly string[]): { readonly last: readonly string[] } {
  const text = stripVTControlCharacters(written.at(-1) ?? '');
  return { last: text.trimEnd().split('\n') };
}

test('minutes stand apart from what is before them', () => {
  const { written, reporter } = capture(false);
  using _ = reporter;
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'started' }));
  reporter.accept(line({ type: 'scenario', scenario: 'extend', state: 'ended', ms: 754_000 }));
  expect(written.join('')).toMatch(/ 0 checks 12 min 34 s\n$/);
});

test('what goes on before and after all scenarios is shown at once and as it takes longer, and leaves nothing', async () => {
  // A terminal needs timers of its own.
  vi.useRealTimers();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  const { written, reporter } = capture(true);
  const terminal = new headless.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  const shown = async () => {
    await new Promise<void>((resolve) => terminal.write(written.splice(0).join('').replaceAll('\n', '\r\n'), resolve));
    const lines = Array.from({ length: 24 }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '');
    return lines.join('\n').trimEnd();
  };
  const looking = reporter.during('Looking at the cluster …');
  expect(await shown()).toBe('  Looking at the cluster … 0 ms');
  vi.advanceTimersByTime(2100);
  reporter.print('a word in between\n');
  expect(await shown()).toBe('a word in between\n  Looking at the cluster … 2.1 s');
  looking[Symbol.dispose]();
  vi.advanceTimersByTime(5000);
  looking[Symbol.dispose]();
  expect(await shown()).toBe('a word in between');
});

test('what goes on says whose answer it waits for, and since when', async () => {
  const { written, reporter } = capture(true);
  const { last } = await reporter.saying('Looking at the cluster …', () => {
    const answered = listeners()?.asked('Keystone');
    vi.advanceTimersByTime(12_000);
    answered?.();
    return Promise.resolve(shownBy(written));
  });
  expect(last).toEqual(['  Looking at the cluster … no answer from Keystone for 12 s 12.0 s']);
});

test('away from a terminal it is told when it takes half a minute', () => {
  const { written, reporter } = capture(false);
  using _ = reporter.during('Looking at the cluster …');
  vi.advanceTimersByTime(24_000);
  expect(written.join('')).toBe('');
  vi.advanceTimersByTime(5000);
  expect(written.join('')).toBe('  Looking at the cluster … 25.0 s\n');
});
