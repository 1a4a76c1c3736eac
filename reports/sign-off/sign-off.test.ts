import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reporting, sampleVerdict } from '../testing/sample-run.ts';
import { signOff } from './sign-off.ts';

test('the page names the cluster, each check with its outcome and guide line, and the fingerprints of its files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'acc-sign-'));
  try {
    const file = join(folder, 'evidence.ndjson');
    writeFileSync(file, 'lines');
    const text = signOff({ verdict: sampleVerdict(), files: [file, join(folder, 'journal.ndjson')] });
    expect(text).toContain('# MOCK: Acceptance of embedded cluster: accepted');
    expect(text).toContain('| StorPool cluster | abcd.b |');
    expect(text).toContain(
      '| extend.data | the old bytes are the same | passed | Set up the Cinder volume backend: cinder extend 10 |',
    );
    expect(text).toContain(`| evidence.ndjson | ${createHash('sha256').update('lines').digest('hex')} |`);
    expect(text).toContain('| journal.ndjson | missing |');
    expect(text).toMatch(/## The run itself\n\n.*\n.*\n\| run.nothing-left /);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('its appendix tells what was compared, and why the rest was not', () => {
  const fields = [
    { layer: 'StorPool', kind: 'volume', name: 'size', rule: 'as asked for', isCompared: true },
    { layer: 'StorPool', kind: 'volume', name: 'id', rule: 'may exceed 2^53', isCompared: false },
  ];
  const text = signOff({ verdict: sampleVerdict(), files: [], fields });
  expect(text).toContain(
    '| StorPool volume | size | as asked for |\n| StorPool volume | id | **not compared:** may exceed 2^53 |',
  );
});

test('what is wrong is told, and no text can break out of its cell', () => {
  const lines = reporting('extend.size', { outcome: 'failed', cause: 'a | b <script>\nmore' });
  const leaks = [{ layer: 'cinder', kind: 'volume', id: 'v1', name: 'acc-1', unswept: true }];
  const text = signOff({
    verdict: sampleVerdict({ lines, leaks, torn: 1 }),
    files: [],
    missing: ['junit.xml could not be made: disk full'],
  });
  expect(text).toContain('**failed** a \\| b \\<script\\>');
  expect(text).toContain('- cinder volume acc-1 (v1)');
  expect(text).toContain('- 1 evidence line(s) are torn');
  expect(text).toContain('- junit.xml could not be made: disk full');
});

test('a partial run and a mock say so, and have no place for signatures', () => {
  const mock = signOff({ verdict: sampleVerdict(), files: [] });
  const whole = signOff({
    verdict: sampleVerdict({ target: { kind: 'live', title: 'the live cluster', facts: {} } }),
    files: [],
  });
  const selection = ['create.available', 'create.size', 'run.nothing-left'];
  const partial = signOff({ verdict: sampleVerdict({ selection }), files: [] });
  expect(whole).toContain('## Signatures');
  expect(mock).toMatch(/^# MOCK: /);
  expect(mock).not.toContain('## Signatures');
  expect(partial).toMatch(/^# PARTIAL, NOT FOR SIGN-OFF: MOCK: /);
  expect(partial).toContain('## Checks of the guide that were not selected\n\n- extend.size\n- extend.data\n- snapshot.frozen\n');
  expect(partial).not.toContain('## Signatures');
});
