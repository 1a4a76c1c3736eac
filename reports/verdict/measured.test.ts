import { expect, test } from 'vitest';
import { signOffPage } from '../sign-off/sign-off-page.ts';
import { renderVerdict } from '../terminal/render-verdict.ts';
import { greenLines, line, sampleVerdict } from '../testing/sample-run.ts';

const FIGURES = { name: 'rand-r-4k-64', host: 'compute-1', bytesPerSecond: 81.9e6, p50: 400e3, p99: 2.5e6, p999: 9e6 };
const measured = (iops: number) =>
  sampleVerdict({
    target: { kind: 'live', title: 'the live cluster', facts: {} },
    lines: [...greenLines(), line({ type: 'measurement', scenario: 'create', ...FIGURES, iops })],
  });

test('what a load came to is told at the terminal', () => {
  const text = renderVerdict(measured(19_999.6), { reportPath: 'index.html', sweepCommand: 'sweep' });
  expect(text).toMatch(/rand-r-4k-64 on compute-1: 20,000 IOPS, 81.9 MB\/s,\s+p50 400.00 µs,\s+p99 2.50 ms,\s+p99.9 9.00\s+ms/);
});

test('the page that is signed shows it beside the run before, with a bar each', () => {
  const [front = '', annex = ''] = signOffPage({
    ...{ verdict: measured(10_000), previous: measured(20_000), files: [], language: 'en' },
  }).split('<section class="annex">');

  expect(front).toContain(
    'rand-r-4k-64 on compute-1: 10,000 IOPS, 81.9 MB/s, p50 400.00 µs, p99 2.50 ms, p99.9 9.00 ms; 20,000 IOPS in the run before',
  );
  expect(annex).toContain('<div class="bar now" style="width:50.0%"></div><div class="bar before" style="width:100.0%"></div>');
});

test('a run without loads has no such section', () => {
  const verdict = sampleVerdict();
  expect(verdict.measurements).toEqual([]);
  expect(signOffPage({ verdict, files: [], language: 'en' })).not.toContain('Measured');
});
