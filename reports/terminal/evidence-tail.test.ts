import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Evidence } from '../../helpers/evidence.ts';
import { line } from '../testing/sample-run.ts';
import { tailEvidence } from './evidence-tail.ts';

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'acc-tail-'));
  return { file: join(path, 'evidence.ndjson'), [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

function note(text: string): Evidence {
  return line({ type: 'note', scenario: 'create', title: 'note', text });
}

function texts(lines: readonly Evidence[]): string[] {
  return lines.map((each) => (each.type === 'note' ? each.text : each.type));
}

test('lines are handed on as they are appended, to a file that is not there at first', async () => {
  using temporary = folder();
  const seen: Evidence[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  using _ = tailEvidence(temporary.file, (each) => {
    seen.push(each);
    if (seen.length === 2) {
      resolve();
    }
  });
  appendFileSync(temporary.file, `${JSON.stringify(note('one'))}\n`);
  appendFileSync(temporary.file, `${JSON.stringify(note('two'))}\n`);
  await promise;
  expect(texts(seen)).toEqual(['one', 'two']);
});

test('a line written in pieces is handed on once it is whole, letters of several bytes intact', () => {
  using temporary = folder();
  const seen: Evidence[] = [];
  const bytes = Buffer.from(`${JSON.stringify(note('größer → 20 GiB'))}\n`);
  const cut = bytes.indexOf(0xc3) + 1;
  writeFileSync(temporary.file, bytes.subarray(0, cut));
  using tail = tailEvidence(temporary.file, (each) => seen.push(each));
  expect(seen).toEqual([]);
  appendFileSync(temporary.file, bytes.subarray(cut));
  tail.drain();
  expect(texts(seen)).toEqual(['größer → 20 GiB']);
});

test('lines larger than what is read at once arrive whole, torn ones are passed over', () => {
  using temporary = folder();
  const seen: Evidence[] = [];
  const long = 'x'.repeat(300_000);
  writeFileSync(temporary.file, `${JSON.stringify(note(long))}\n{"torn\n${JSON.stringify(note('after'))}\n`);
  tailEvidence(temporary.file, (each) => seen.push(each))[Symbol.dispose]();
  expect(texts(seen)).toEqual([long, 'after']);
});

test('what was appended just before the end is still handed on', () => {
  using temporary = folder();
  const seen: Evidence[] = [];
  const tail = tailEvidence(temporary.file, (each) => seen.push(each));
  writeFileSync(temporary.file, `${JSON.stringify(note('last'))}\n`);
  tail[Symbol.dispose]();
  expect(texts(seen)).toEqual(['last']);
});
