import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reporting, sampleVerdict } from '../testing/sample-run.ts';
import { escapeXml, toJunit } from './junit.ts';

/** Start tags with their attributes, in order; throws when tags do not match. */
function parse(xml: string): { tag: string; attributes: Record<string, string> }[] {
  const open: string[] = [];
  const seen = [...xml.matchAll(/<(\/?)([a-z]+)((?:\s[\w:]+="[^"<]*")*)\s*(\/?)>/g)].flatMap(
    ([, closes, tag = '', rest = '', empty]) => {
      if (closes === '/') {
        expect(open.pop()).toBe(tag);
        return [];
      }
      if (empty !== '/') {
        open.push(tag);
      }
      const attributes = Object.fromEntries([...rest.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
      return [{ tag, attributes }];
    },
  );
  expect(open).toEqual([]);
  return seen;
}

const failing = reporting('extend.size', { outcome: 'failed', cause: 'sizes <20> & "10" differ\nStorPool: 10' }).map((each) => {
  if (each.type !== 'check') {
    return each;
  }
  return each.check === 'extend.data' ? { ...each, outcome: 'blocked', by: 'extend.size' } : each;
});

test('each scenario is a suite and each check a case, with counts that add up', () => {
  const tags = parse(toJunit(sampleVerdict({ lines: failing, runner: { exitCode: 1, signal: null } })));
  const suites = tags.filter(({ tag }) => tag === 'testsuite').map(({ attributes }) => attributes);
  expect(suites.map(({ name, tests, failures, errors, skipped }) => [name, tests, failures, errors, skipped])).toEqual([
    ['2-cinder-backend / Create a volume', '2', '0', '0', '0'],
    ['2-cinder-backend / Extend a volume &amp; look at it', '2', '1', '1', '0'],
    ['5-snapshots / Take a snapshot &lt;while in use&gt;', '1', '0', '0', '0'],
    ['the run itself', '1', '0', '0', '0'],
  ]);
  expect(tags[0]?.attributes).toMatchObject({ tests: '6', failures: '1', errors: '1' });
  expect(tags.filter(({ tag }) => tag === 'testcase').map(({ attributes: { name } }) => name)).toEqual(
    sampleVerdict().checks.map(({ id }) => id),
  );
  expect(tags.filter(({ tag }) => tag === 'property').map(({ attributes }) => attributes)[0]).toEqual({
    name: 'claim',
    value: 'the volume becomes available',
  });
});

test('a cause is escaped in full and the remedy follows it', () => {
  const xml = toJunit(sampleVerdict({ lines: failing }));
  expect(xml).toContain('<failure message="sizes &lt;20&gt; &amp; &quot;10&quot; differ" type="failed">');
  expect(xml).toContain('StorPool: 10\n→ Read cinder-volume.log on the controller');
});

test('what does not apply is skipped, problems and leaks of the run are errors', () => {
  const lines = reporting('extend.data', { outcome: 'not-applicable', cause: 'needs root' });
  const leaks = [{ layer: 'cinder', kind: 'volume', id: 'v1', name: 'acc-1', unswept: true }];
  const xml = toJunit(sampleVerdict({ lines, torn: 1, leaks }));
  expect(xml).toContain('<skipped message="needs root"/>');
  expect(parse(xml)[0]?.attributes).toMatchObject({ failures: '0', errors: '2' });
});

test('a run that could not begin is an error, and all its checks are too', () => {
  const xml = toJunit(sampleVerdict({ lines: [], cannotRun: 'wrong token' }));
  expect(xml).toContain('message="wrong token"');
  expect(parse(xml)[0]?.attributes).toMatchObject({ tests: '7', errors: '7' });
});

test('any text becomes well-formed XML', () => {
  const allowed = /^[\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
  const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
    const escaped = escapeXml(text);
    return allowed.test(escaped) && !/[<>"']/.test(escaped) && !/&(?!(amp|lt|gt|quot|apos|#13);)/.test(escaped);
  });
  expect(() => fc.assert(property)).not.toThrow();
  expect(escapeXml('a\u0000b\u001b[1m\ud800')).toBe('a\uFFFDb\uFFFD[1m\uFFFD');
});
