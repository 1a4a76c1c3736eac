import { expect, test } from 'vitest';
import { readPerformance } from './performance.ts';

test('rates and latencies are read with their units', () => {
  const read = readPerformance({
    seconds: '30',
    'rand-r-4k-64': { iops: '20000', 'mb-s': '80', p99: '2ms', 'p99.9': '1.5 s' },
    'lat-w-4k-1': { p50: '150us' },
  });

  expect(read).toEqual({
    seconds: 30,
    loads: {
      'rand-r-4k-64': { iops: 20_000, bytesPerSecond: 80e6, p99: 2e6, p999: 1.5e9 },
      'lat-w-4k-1': { p50: 150e3 },
    },
  });
});

test('each thing that is wrong is told by its place', async () => {
  const odd = {
    seconds: '-1',
    'rand-r-4k-32': { iops: '1' },
    'seq-r-1M-64': { p99: '2' },
    'seq-w-1M-64': {},
    'lat-r-4k-1': { iop: '1' },
  };
  const told = await Promise.resolve(odd).then(readPerformance).catch(String);
  expect(told).toContain('performance: rand-r-4k-32: did you mean rand-r-4k-64?');
  expect(told).toContain('performance: seq-r-1M-64.p99: a latency is written with its unit, such as 2ms');
  expect(told).toContain('performance: seq-w-1M-64: it promises nothing');
  expect(told).toMatch(/performance: lat-r-4k-1: .*iop/);
  expect(told).toMatch(/performance: seconds: /);
});

test('a file that is none is told', () => {
  expect(() => readPerformance('/no/such/file.yaml')).toThrow(/no such file/);
});
