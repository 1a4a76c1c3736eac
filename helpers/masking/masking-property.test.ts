import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Evidence, fileSink, type NewEvidence } from '../evidence.ts';
import { Redactor } from '../redact.ts';
import { MASK } from './secret-patterns.ts';

/** Words that also are keys, ids, outcomes and types of this suite. */
const COMMON = ['storpool', 'create', 'type', 'passed', 'check', 'volume', '1234', 'true', 'null', 'step', 'create.available'];
const TRICKY = [
  "'password': '",
  '"token":"',
  "{'adminPass': u'",
  '\\"secret\\": \\"',
  'gAAAA',
  'eyJ',
  '://',
  '\\',
  '"',
  "'",
  '\n',
  '@',
  '=',
];
const secret = fc.oneof(fc.constantFrom(...COMMON), fc.string({ minLength: 4, maxLength: 40, unit: 'grapheme' }));
const word = fc.oneof(fc.string({ maxLength: 12, unit: 'grapheme' }), fc.constantFrom(...COMMON, ...TRICKY));
const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(''));

/** The same with `0` in place of every text: what a value looks like. */
function shapeOf(value: unknown): unknown {
  if (typeof value === 'string') {
    return 0;
  }
  if (Array.isArray(value)) {
    return value.map(shapeOf);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
    : value;
}

const json = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('any'), { maxLength: 4 }),
  object: fc.dictionary(fc.oneof(fc.constantFrom(...COMMON, 'password', 'id'), fc.string({ maxLength: 8 })), tie('any'), {
    maxKeys: 4,
  }),
})).any;

test('masking JSON leaves it JSON of the same shape, with all its numbers, whatever a secret may be', () => {
  fc.assert(
    fc.property(json, fc.array(secret, { maxLength: 3 }), (value, secrets) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      const masked: unknown = JSON.parse(new Redactor(secrets).maskJson(JSON.stringify(plain)));
      expect(shapeOf(masked)).toEqual(shapeOf(plain));
    }),
    { numRuns: 2000 },
  );
});

test('a line of evidence is whole, and the same in all that a verdict is computed from, whatever a secret may be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'acc-masking-'));
  const path = join(folder, 'evidence.ndjson');
  const line = (said: string): NewEvidence => ({
    ...{ type: 'check', scenario: 'create', check: 'create.storpool-volume', outcome: 'failed', by: 'create.available' },
    ...{ assertions: 1, ms: 1234, cause: said, seen: [{ subject: said, actual: { type: said, 1234: said }, holds: true }] },
  });
  try {
    fc.assert(
      fc.property(text, fc.array(secret, { minLength: 1, maxLength: 3 }), (said, secrets) => {
        rmSync(path, { force: true });
        fileSink(path, new Redactor(secrets))(line(said));
        const [only = '', ...rest] = readFileSync(path, 'utf8').split('\n');
        const written = JSON.parse(only) as Evidence;
        const {
          cause: _cause,
          seen,
          at: _at,
          chain: _chain,
          ...structure
        } = written as Evidence & Record<'cause' | 'chain', string> & { seen: unknown[] };
        const { cause: _said, seen: meant, ...expected } = line(said) as NewEvidence & { cause: string; seen: unknown[] };
        expect(rest).toEqual(['']);
        expect(structure).toEqual(expected);
        expect(shapeOf(seen)).toEqual(shapeOf(meant));
      }),
      { numRuns: 1000 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const WAYS: readonly ((secret: string) => string)[] = [
  (plain) => plain,
  (plain) => JSON.stringify(plain),
  (plain) => JSON.stringify(JSON.stringify({ said: plain })),
  (plain) => encodeURIComponent(plain),
  (plain) => new URLSearchParams({ plain }).toString().slice('plain='.length),
  (plain) => Buffer.from(plain).toString('base64').replace(/=+$/, ''),
  (plain) => Buffer.from(plain).toString('base64url'),
  (plain) => `{'said': '${plain.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'}`,
];

test('a known secret does not survive in any form, whatever stands around it', () => {
  const long = fc.string({ minLength: 8, maxLength: 40, unit: 'binary-ascii' }).filter((plain) => /^[ -)+-~]*$/.test(plain));
  fc.assert(
    fc.property(long, fc.constantFrom(...WAYS), text, text, (plain, write, before, after) => {
      const form = write(plain);
      const bare = form.replace(/^\{'said': '|'\}$|^"+|"+$/g, '');
      const masked = new Redactor([plain]).mask(`${before} ${form} ${after}`);
      expect(masked).toContain(MASK);
      expect(`${before} ${after}`.includes(bare) || !masked.includes(bare)).toBe(true);
      expect(`${before} ${after}`.includes(plain) || !masked.includes(plain)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('nothing else is changed', () => {
  const harmless = fc.array(
    fc.constantFrom('volume', ' ', '"id":', 'req-1', ',', '{', '}', '[', ']', '10', 'http://host:8776/v3', '\n', 'ä', "'x'"),
  );
  fc.assert(
    fc.property(harmless, (words) => {
      const plain = words.join('');
      expect(new Redactor(['hunter22', 'gAAAAAB-hunter22']).clean(plain)).toBe(plain);
    }),
  );
});

test.for([
  [`{'password': 'hunter22', 'name': 'a'}`, `{'password': '${MASK}', 'name': 'a'}`],
  [`{'password': "it's hunter22", 'name': 'a'}`, `{'password': "${MASK}", 'name': 'a'}`],
  [`cut off: 'password': 'hunter22\nnext line`, `cut off: 'password': '${MASK}\nnext line`],
  [`{"a":"'password': '","b":"x"}`, `{"a":"'password': '${MASK}`],
  [`{"password":"hunter22\\\\","b":"x"}`, `{"password":"${MASK}","b":"x"}`],
  [`{"m":"{\\"token\\": \\"hunter22","b":"x"}`, `{"m":"{\\"token\\": \\"${MASK}","b":"x"}`],
  [`{ password: 'hunter22', name: 'a' }`, `{ password: '${MASK}', name: 'a' }`],
  ['OS_PASSWORD=hunter22 openstack token issue', `OS_PASSWORD=${MASK} openstack token issue`],
  ["san_password = 'hunter 22' # of the array", `san_password = ${MASK} # of the array`],
  ['http://host/?token=hunter22&limit=1', `http://host/?token=${MASK}&limit=1`],
  ['Authorization: Basic aHVudGVyMjI', `Authorization: Basic ${MASK}`],
  ['amqp://guest:hun@ter22@rabbit:5672/', `amqp://guest:${MASK}@rabbit:5672/`],
  ['redis://:hunter22@host', `redis://:${MASK}@host`],
  ['| adminPass   | hunter22   |\n| name | a |', `| adminPass   | ${MASK} |\n| name | a |`],
  ['adminPass="hunter22"\nname="a"', `adminPass=${MASK}\nname="a"`],
  ['{"said":"| admin_pass | hunter22","b":"| x |"}', `{"said":"| admin_pass | ${MASK} ","b":"| x |"}`],
] as const)('a secret that nobody told of is masked and no more: %s', ([said, masked]) => {
  expect(new Redactor().mask(said)).toBe(masked);
});

test('of a long text only the beginning is masked, and what was cut in two does not show', () => {
  const long = `${'x'.repeat(90)}hunter22hunter22${'y'.repeat(20_000)}`;
  expect(new Redactor(['hunter22hunter22']).maskStart(long, 100)).toBe(`${'x'.repeat(90)}${MASK}yyyy`);
  expect(new Redactor(['hunter22hunter22']).maskStart('hunter22hunter22'.repeat(2000), 100)).toMatch(/^\**$/);
});
