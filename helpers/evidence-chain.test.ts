import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closeEvidence, fileSink, readEvidence } from './evidence.ts';
import { checkChain } from './evidence-chain.ts';
import { Redactor } from './redact.ts';

const RUN = 'mx1d7lhd3iprve8t';

/** Evidence of a run that three writers wrote in turns. */
function written({ isClosed = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'acc-chain-'));
  const dir = join(folder, RUN);
  mkdirSync(dir);
  const path = join(dir, 'evidence.ndjson');
  const sinks = Array.from({ length: 3 }, () => fileSink(path, new Redactor()));
  for (let n = 0; n < 12; n += 1) {
    sinks[n % 3]?.({ type: 'note', scenario: `s${n % 3}`, title: `note ${n}`, text: 'ä'.repeat(n) });
  }
  if (isClosed) {
    closeEvidence(path);
  }
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return { path, lines, sinks, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

const check = (lines: readonly string[], run = RUN) => checkChain(Buffer.from(`${lines.join('\n')}\n`), run);

test('what several writers wrote is chained, closed, and found as it was written', () => {
  using it = written();

  expect(readEvidence(it.path)).toMatchObject({
    torn: 0,
    chain: { isChained: true, isClosed: true, lines: 13, problems: [] },
  });
});

test('each line that is changed, taken away, repeated, put elsewhere or added is told', () => {
  using it = written();
  const { lines } = it;
  const damages: readonly ((at: number) => string[])[] = [
    (at) => lines.with(at, (lines[at] ?? '').replace(/"text":"|"lines":/, '$&1')),
    (at) => lines.toSpliced(at, 1),
    (at) => lines.toSpliced(at, 0, lines[at] ?? ''),
    (at) => lines.toSpliced(at, 2, ...lines.slice(at, at + 2).toReversed()),
    (at) => lines.toSpliced(at, 0, '{"type":"note","title":"added"}'),
  ];

  // Without its last line it is not closed, which is told apart; the last line has no neighbour to change places with.
  const silent = damages.flatMap((damage, kind) =>
    lines.flatMap((_, at) => (check(damage(at)).problems.length === 0 ? [`${kind} at ${at}`] : [])),
  );

  expect(silent).toEqual(['1 at 12', '3 at 12']);
  expect(check(lines.slice(0, -1)).isClosed).toBe(false);
});

test('words tell where', () => {
  using it = written();

  expect(check(it.lines.toSpliced(4, 1)).problems).toEqual([
    'line 7 does not follow line 2: that was changed, or what stood between them was taken away',
    'it is not as it was when it was closed: it had 12 lines, and has 11',
  ]);
  expect(check([...it.lines, it.lines[0] ?? '']).problems.join('\n')).toContain('line 14 was added after');
  expect(check(it.lines, 'mx1d8agjiq1d3lfn').problems[0]).toMatch(/^line 1 begins nothing of this run/);
});

test('a chain that is begun anew is of another run, or its beginning is missing', () => {
  using it = written();

  expect(check(it.lines.slice(3)).problems).toHaveLength(4);
});

test('of a killed run the torn last line is passed over, and what is written after it stands on its own line', () => {
  using it = written({ isClosed: false });
  appendFileSync(it.path, '{"at":"2026-03-01T10:00:00.000Z","type":"no');
  expect(readEvidence(it.path)).toMatchObject({ torn: 1, chain: { isClosed: false, problems: [] } });

  const after = fileSink(it.path, new Redactor());
  after({ type: 'note', scenario: 'run', title: 'swept', text: '' });
  closeEvidence(it.path);

  const { lines, torn, chain } = readEvidence(it.path);
  expect({ torn, last: lines.at(-2), chain }).toMatchObject({
    torn: 1,
    last: { title: 'swept' },
    chain: { isClosed: true, problems: [] },
  });
});

test('evidence of older versions has no chain, and no problem for it', () => {
  expect(check(['{"type":"note"}', '{"type":"note"}'])).toEqual({ isChained: false, isClosed: false, lines: 2, problems: [] });
});
