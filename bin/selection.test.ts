import { expect, test } from 'vitest';
import type { Manifest } from '../helpers/claims.ts';
import { nearestWord } from '../helpers/config/nearest-word.ts';
import { byDefault, select } from './selection.ts';

const check = (id: string, scenario: string) => ({
  id,
  scenario,
  claim: `${id} holds`,
  guide: { section: 's', line: 'l' },
  remedy: 'r',
});

const manifest: Manifest = {
  fields: [],
  chapters: [
    { number: 2, folder: '2-cinder-backend', title: 'Set up the Cinder volume backend' },
    { number: 5, folder: '5-snapshots', title: 'Verify the operation of volume snapshots' },
    { number: 6, folder: '6-nova-attachment', title: 'Set up the Nova volume attachment driver' },
    { number: 8, folder: 'beyond-the-guide', title: 'Beyond the guide' },
  ],
  scenarios: [
    { id: 'create-volume', chapter: 2, title: 'c' },
    { id: 'extend-volume', chapter: 2, title: 'e' },
    { id: 'snapshot', chapter: 5, title: 's' },
    { id: 'clone', chapter: 8, title: 'b' },
  ],
  checks: [
    check('create.size', 'create-volume'),
    check('create.template', 'create-volume'),
    check('extend.size', 'extend-volume'),
    check('snapshot.frozen', 'snapshot'),
    check('clone.bytes', 'clone'),
    check('run.nothing-left', 'run'),
  ],
};

const guide = {
  scenarios: ['create-volume', 'extend-volume', 'snapshot'],
  checks: ['create.size', 'create.template', 'extend.size', 'snapshot.frozen', 'run.nothing-left'],
};
const everything = { scenarios: manifest.scenarios.map(({ id }) => id), checks: manifest.checks.map(({ id }) => id) };

test("without a wish the guide's own chapters are selected, or all where that is the default", () => {
  expect(select(manifest, [])).toEqual(guide);
  expect(select(manifest, [], 'all')).toEqual(everything);
});

test('only real drivers are asked for more than the guide by default', () => {
  expect((['embedded', 'live', 'container'] as const).map((target) => byDefault({ target }))).toEqual(['guide', 'guide', 'all']);
});

test('what is beyond the guide is played when it is asked for, as is everything', () => {
  const checks = ['clone.bytes', 'run.nothing-left'];
  expect(select(manifest, ['beyond-the-guide'])).toEqual({ scenarios: ['clone'], checks });
  expect(select(manifest, ['clone.bytes'])).toEqual({ scenarios: ['clone'], checks });
  expect(select(manifest, ['all'])).toEqual(everything);
});

test('what is left out is a chapter, a scenario or a check; nothing left is refused', () => {
  expect(select(manifest, [], 'guide', ['create.size,snapshot'])).toEqual({
    scenarios: ['create-volume', 'extend-volume'],
    checks: ['create.template', 'extend.size', 'run.nothing-left'],
  });
  expect(() => select(manifest, ['2'], 'guide', ['2'])).toThrow(/nothing is left to play/);
  expect(() => select(manifest, [], 'guide', ['snapshoot'])).toThrow(/Did you mean snapshot\?/);
});

test.for(['2', '2-cinder-backend', 'cinder-backend', 'Set up the Cinder volume backend'])('a chapter is found as %j', (word) => {
  expect(select(manifest, [word]).scenarios).toEqual(['create-volume', 'extend-volume']);
});

test('a check brings its scenario along, but not the other checks of it', () => {
  const checks = ['create.template', 'run.nothing-left'];
  expect(select(manifest, ['create.template'])).toEqual({ scenarios: ['create-volume'], checks });
});

test('the checks of the run as a whole are part of every run, but make none by themselves', () => {
  expect(select(manifest, ['snapshot']).checks).toContain('run.nothing-left');
  expect(() => select(manifest, ['run.nothing-left'])).toThrow('run.nothing-left is part of every run, but makes none by itself');
});

test('wishes add up, whether apart or with commas, in the order of the manifest', () => {
  expect(select(manifest, ['snapshot,extend.size', '2'])).toEqual(guide);
});

test('an unknown word is refused with the nearest one that exists', () => {
  expect(() => select(manifest, ['extend.sise'])).toThrow(/no chapter, scenario or check called extend\.sise\n.*extend\.size\?/);
  expect(() => select(manifest, ['snapshots-'])).toThrow(/Did you mean snapshots\?/);
});

test('a word that resembles nothing gets no suggestion', () => {
  expect(() => select(manifest, ['zzzzzzzz'])).toThrow(/→ See all/);
  expect(nearestWord('zzzzzzzz', ['extend.size'])).toBeUndefined();
});

test('a chapter that is only read, not checked, says so', () => {
  expect(() => select(manifest, ['6'])).toThrow('chapter 6 of the guide has no checks yet');
});
