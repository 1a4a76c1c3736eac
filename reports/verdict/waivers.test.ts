import { expect, test } from 'vitest';
import { CannotRun } from '../../helpers/failure.ts';
import { sampleManifest } from '../testing/sample-run.ts';
import { parseWaivers, readWaivers } from './waivers.ts';

const parse = (text: string) => parseWaivers('w.yaml', text, sampleManifest);
const good = '- {check: extend.size, reason: known, owner: storage team, expires: 2026-12-31}';

function wordsOf(text: string): string {
  try {
    parse(text);
    return 'no error';
  } catch (error) {
    return error instanceof CannotRun ? error.message : String(error);
  }
}

test('a list of waivers is read as it is written', () => {
  const link = `${good.slice(0, -1)}, link: 'https://bugs.example/1'}`;
  const waiver = { check: 'extend.size', reason: 'known', owner: 'storage team', expires: '2026-12-31' };
  expect(parse(good)).toEqual([waiver]);
  expect(parse(link)).toEqual([{ ...waiver, link: 'https://bugs.example/1' }]);
});

test('an empty file waives nothing', () => {
  expect(parse('')).toEqual([]);
  expect(parse('# nothing is waived\n')).toEqual([]);
});

test('an unknown check is refused with the nearest one that exists', () => {
  expect(wordsOf(good.replace('extend.size', 'extend.sise'))).toMatch(/no such check, did you mean extend\.size\?/);
});

test('what a run leaves behind cannot be waived', () => {
  expect(wordsOf(good.replace('extend.size', 'run.nothing-left'))).toMatch(/can never be waived/);
});

test.for([
  ['a date that is none', good.replace('2026-12-31', '2026-02-30'), /expires: there is no such day/],
  ['a date in another form', good.replace('2026-12-31', '31.12.2026'), /expires: a date is written YYYY-MM-DD/],
  ['nobody who answers for it', good.replace('storage team', "' '"), /owner: it is empty/],
  ['no reason', good.replace('reason: known, ', ''), /reason: /],
  ['a link that is none', `${good.slice(0, -1)}, link: see ticket}`, /link: /],
  ['an unknown field', `${good.slice(0, -1)}, until: never}`, /until/],
  ['a check that is waived twice', `${good}\n${good}`, /waived twice/],
  ['no list', 'check: extend.size', /it is not a list of waivers/],
  ['no YAML', '- {check: [', /w\.yaml/],
] as const)('%s is refused', ([, text, words]) => {
  expect(wordsOf(text)).toMatch(words);
});

test('everything that is wrong is told at once', () => {
  const words = wordsOf('- {check: a, reason: r, owner: o, expires: soon}\n- {check: extend.size, owner: o}');
  expect(words).toMatch(/waiver 1, expires/);
  expect(words).toMatch(/waiver 2, reason/);
  expect(words).toMatch(/waiver 2, expires/);
});

test('a file that is named must be there', () => {
  expect(() => readWaivers('/nowhere/waivers.yaml', sampleManifest)).toThrow('the waivers cannot be read');
});
