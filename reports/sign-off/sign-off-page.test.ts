import { expect, test } from 'vitest';
import { reporting, sampleVerdict } from '../testing/sample-run.ts';
import type { Verdict } from '../verdict/verdict-schema.ts';
import { signOffPage } from './sign-off-page.ts';

const page = (input: Omit<Parameters<typeof signOffPage>[0], 'files' | 'language'> & { readonly language?: 'en' | 'de' }) =>
  signOffPage({ files: [], language: 'en', ...input });

const LIVE = { kind: 'live', title: 'the live cluster', facts: { 'StorPool cluster': 'abcd.b', Nova: '2.79' } };

test('the first page tells whose cluster it was, the verdict in words, each chapter, and has two lines to sign', () => {
  const [front = '', annex = ''] = page({ verdict: sampleVerdict({ target: LIVE }) }).split('<section class="annex">');
  expect(front).toContain('ACCEPTED');
  expect(front).toContain('<dt>StorPool cluster</dt><dd>abcd.b</dd>');
  expect(front).toContain('<td>2 Set up the Cinder volume backend</td><td>4 passed</td>');
  expect(front).toContain('2026-03-01 10:00:06 UTC (6.5 s)');
  expect(front).not.toContain('MOCK');
  expect(front).toContain('carried out by');
  // An API's version is not the service's.
  expect(front).toContain('<dt>Nova API</dt><dd>2.79</dd>');
  expect(front).toContain('<h2>Waived</h2><ul><li>nothing</li></ul>\n<h2>Not looked at</h2><ul><li>nothing</li></ul>');
  expect(front).not.toContain('the old bytes are the same');
  expect(annex).toContain('the old bytes are the same');
});

test('in German it says the same', () => {
  const text = page({ verdict: sampleVerdict({ target: LIVE }), language: 'de' });
  expect(text).toContain('<html lang="de">');
  expect(text).toContain('ABGENOMMEN');
  expect(text).toContain('durchgeführt von');
});

test('in German the suite says in German, too, what it says everywhere', () => {
  const facts = {
    ...{ 'volume type': 'storpool (the default)', template: 'as the back end says, 2 copies', settings: '--only x' },
    ...{ 'acted by': 'the APIs', flavor: 'the smallest that will do', 'run by': 'root on vm', 'not played': 'clone' },
    'StorPool cluster': 'd.n (lab) by SP_CLUSTER_ID; before this run it had no volume that would tell',
  };
  const [front = ''] = page({ verdict: sampleVerdict({ target: { ...LIVE, facts } }), language: 'de' }).split('class="annex"');
  for (const said of ['Einstellungen', 'storpool (die Voreinstellung)', 'wie das Back-End sagt, 2 Kopien', 'root auf vm']) {
    expect(front).toContain(said);
  }
  expect(front).toContain('über die Anleitung hinaus, nur auf Wunsch geprüft: clone');
  expect(front).toContain('d.n (lab) laut SP_CLUSTER_ID; vor diesem Lauf gab es kein Volume, das es sagte');
  expect(/<p class="verdict.*?<\/dl>/s.exec(front)?.[0]).not.toMatch(/\b(the|copies|settings|default)\b/);
});

test.for([
  ['embedded', 'MOCK, NOT FOR SIGN-OFF'],
  ['container', 'MOCK STORPOOL, NOT FOR SIGN-OFF'],
])('what was seen on a mock (%s) is told as that, and nobody can sign it', ([kind = '', mark = '']) => {
  const before = sampleVerdict({ runId: 'before', target: { ...LIVE, kind, facts: { Keystone: 'http://127.0.0.1:1' } } });
  const verdict = sampleVerdict({ target: { ...LIVE, kind, facts: { Keystone: 'http://127.0.0.1:2' } } });
  const text = page({ verdict, previous: before });
  expect(text.split(mark)).toHaveLength(3);
  expect(text).not.toContain('carried out by');
  // Its addresses are others each time that it is started.
  expect(text).toContain('Nothing has changed.');
});

test('what is too long for the front page is cut between words', () => {
  const facts = { settings: 'everlasting '.repeat(60).trim() };
  expect(page({ verdict: sampleVerdict({ target: { ...LIVE, facts } }) })).toMatch(/everlasting …<\/dd>/);
});

test('what does not apply is told with its reason once', () => {
  const lines = ['create.size', 'create.available'].flatMap((check) =>
    reporting(check, { outcome: 'not-applicable', cause: 'the cloud has none\nnor has the next host' }),
  );
  const [front = ''] = page({ verdict: sampleVerdict({ lines, target: LIVE }) }).split('<section class="annex">');
  expect(front).toContain('<h2>Not applicable</h2><ul><li>create.available, create.size: the cloud has none</li></ul>');
});

test.for([
  ['en', 'most at one time', '3 copies', 'StorPool’s rule', 'each block tells whose it is', '4 volumes, 1 snapshot, 2 servers'],
  [
    'de',
    'höchstens zugleich',
    '3 Kopien',
    'StorPools Regel',
    'jeder Block sagt, wem er gehört',
    '4 Volumes, 1 Snapshot, 2 Server',
  ],
] as const)('terms of the trade are explained where they stand (%s)', ([language, peak, copies, template, canary, most]) => {
  const facts = { template: 'hybrid, 3 copies', image: 'canary', 'at its peak': '4 volumes, 1 snapshot, 2 servers' };
  const text = page({ verdict: sampleVerdict({ target: { ...LIVE, facts } }), language });
  expect(text).toMatch(new RegExp(`<dd>hybrid, ${copies} <small>[^<]*${template}`));
  expect(text).toMatch(new RegExp(`<dd>canary <small>[^<]*${canary}`));
  expect(text).toContain(`<dt>${peak}</dt><dd>${most} <small>`);
});

test('an image of the operator’s own needs no explanation', () => {
  expect(page({ verdict: sampleVerdict({ target: { ...LIVE, facts: { image: 'glance:debian' } } }) })).toContain(
    '<dd>glance:debian</dd>',
  );
});

test('part of a run is told as that, and nobody can sign it', () => {
  const text = page({ verdict: sampleVerdict({ selection: ['create.size', 'run.nothing-left'] }) });
  expect(text).toContain('PARTIAL, NOT FOR SIGN-OFF');
  expect(text).toContain('create.available');
  expect(text).not.toContain('carried out by');
});

test('what is red is told with its cause, and what is new since the accepted run before', () => {
  const lines = reporting('extend.size', { outcome: 'failed', cause: 'one thing is not as claimed\n  size: 20, expected 10' });
  const target = { kind: 'live', title: 'the live cluster', facts: { 'StorPool release': '21.0' } };
  const verdict = sampleVerdict({ lines, target });
  const previous = sampleVerdict({ runId: 'before', target: { ...target, facts: { 'StorPool release': '20.0' } } });
  const text = page({ verdict, previous });
  expect(text).toContain('REJECTED');
  expect(text).toContain(
    'extend.size: Cinder, StorPool and the device agree on the new size. one thing is not as claimed: size: 20, expected 10',
  );
  expect(text).toContain('worse: passed → failed: extend.size');
  expect(text).toContain('StorPool release: 20.0 → 21.0');
  expect(page({ verdict })).toContain('No run of this cluster was accepted before.');
});

test('who signs reads what was promised, and whether the run found it', () => {
  const sample = sampleVerdict({ target: { ...LIVE, facts: { template: 'hybrid, 3 copies' } } });
  const found = (checks: readonly Partial<Verdict['checks'][number]>[]) => {
    const [any] = sample.checks;
    const verdict = { ...sample, checks: checks.map((check) => ({ ...any, ...check }) as Verdict['checks'][number]) };
    return /<dt>promised template<\/dt><dd>hybrid, 3 copies .*?<dt>found<\/dt><dd>([^<]*)/.exec(page({ verdict }))?.[1];
  };
  const all = ['create.layers', 'extend.layers', 'create.size'].map((id) => ({ id }));
  expect(found(all)).toBe('template, copies and placement as promised, by every layer, in 2 of 2 scenarios');
  expect(found([...all, { id: 'boot.layers', outcome: 'failed' }])).toBe('boot.layers: failed');
  expect(found([{ id: 'create.size' }, { id: 'boot.layers', outcome: 'not-applicable' }])).toBe('could not be checked');
});

test('what is waived is told whole while there is room, whatever else is long', () => {
  const reason = `the disk of ${'a server that nobody needs '.repeat(14)}is replaced`;
  const sample = sampleVerdict({ target: LIVE });
  const [any] = sample.checks;
  const waiver = { check: 'create.size', reason, owner: 'Ivan', expires: '2027-01-31' };
  const aside = Array.from({ length: 20 }, (_, n) => ({ id: `host.n${n}`, outcome: 'not-applicable', cause: `${n}: ${reason}` }));
  const checks = [
    { waived: { outcome: 'failed', waiver }, outcome: 'waived', cause: 'one thing is not as claimed\n  size: 20' },
    ...aside,
  ].map((one) => ({ ...any, ...one }));
  const verdict = { ...sample, checks } as Verdict;
  const [front = ''] = page({ verdict }).split('<section class="annex">');
  expect(front).toContain(`until 2027-01-31: ${reason} (found: one thing is not as claimed: size: 20)</li>`);
  expect(front).toMatch(/host\.n0: [^<]* …<\/li>/);
});

test('of settings only those are told that have changed', () => {
  const target = (settings: string) => ({ ...LIVE, facts: { settings } });
  const previous = sampleVerdict({ target: target('only create, extend (--only), hosts h.yaml (--hosts)') });
  const verdict = sampleVerdict({ target: target('only create, extend (--only), template hybrid (--template)') });
  expect(page({ verdict, previous })).toContain('<li>settings: hosts h.yaml (--hosts) → template hybrid (--template)</li>');
});

test('no text of others becomes part of the page', () => {
  const lines = reporting('extend.size', { outcome: 'failed', cause: '<img src=x onerror=alert(1)>' });
  expect(page({ verdict: sampleVerdict({ lines }) })).not.toContain('<img');
});

test('scenarios that were not played are not looked at', () => {
  const target = { ...LIVE, facts: { 'not played': 'clone, migration' } };
  const text = page({ verdict: sampleVerdict({ target }) });
  expect(text).toContain(
    '<h2>Not looked at</h2><ul><li>beyond the guide, only played when it is asked for: clone, migration</li></ul>',
  );
  expect(text).not.toContain('<dt>not played</dt>');
});
