import { expect, test } from 'vitest';
import { MASK } from './masking/secret-patterns.ts';
import { Redactor } from './redact.ts';

test('masking a line of JSON leaves it JSON with all its fields', () => {
  const line = {
    header: 'Storpool v1:123456789',
    url: 'http://127.0.0.1:8776',
    mail: 'somebody@here',
    basic: 'https://admin:secret@host/',
    end: true,
  };
  const masked: unknown = JSON.parse(new Redactor().mask(JSON.stringify(line)));
  expect(masked).toEqual({ ...line, header: `Storpool v1:${MASK}`, basic: `https://admin:${MASK}@host/` });
});

test('a learned secret is masked in plain, base64, URL and JSON form', () => {
  const secret = 'pass"word & more';
  const redactor = new Redactor([secret]);
  const forms = [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret), JSON.stringify(secret)];
  for (const form of forms) {
    expect(redactor.mask(`x ${form} y`)).toContain(MASK);
    expect(redactor.mask(`x ${form} y`)).not.toContain(form);
  }
});

test.for([
  ['as part of what basic authentication sends', (secret: string) => Buffer.from(`admin:${secret}`).toString('base64')],
  ['in the base64 of URLs', (secret: string) => Buffer.from(secret).toString('base64url')],
  ['with plus signs in a query', (secret: string) => new URLSearchParams({ q: secret }).toString()],
  ['in JSON within JSON', (secret: string) => JSON.stringify(JSON.stringify({ any: secret }))],
  ['in JSON as Python writes it', () => String.raw`"said": "no p\u00e4\"ss w'or\\d/&=+1"`],
  ['in JSON within JSON, both by Python', () => String.raw`"{\"any\": \"p\\u00e4\\\"ss w'or\\\\d/&=+1\"}"`],
  ['as Python prints it', () => String.raw`{'any': 'pä"ss w\'or\\d/&=+1'}`],
  ['on a page of HTML', () => '<p>p\u00e4&quot;ss w&#x27;or\\d/&amp;=+1</p>'],
] as const)('a learned secret is masked %s', ([, write]) => {
  const secret = 'pä"ss w\'or\\d/&=+1';
  const written = write(secret);

  const masked = new Redactor([secret]).mask(written);

  expect(masked).toContain(MASK);
  expect(masked.length).toBeLessThan(written.length);
});

test.for([1, 2, 3, 4])('a secret field is masked in JSON %i strings deep, and the JSON stays whole', (depth) => {
  const inner = { server: { adminPass: 'x"\\y', name: 'a' }, token: '', end: '"adminPass"' };
  let text = JSON.stringify(inner);
  for (let at = 1; at < depth; at += 1) {
    text = JSON.stringify({ message: text });
  }

  let masked: unknown = JSON.parse(new Redactor().mask(text));
  for (let at = 1; at < depth; at += 1) {
    masked = JSON.parse((masked as { message: string }).message);
  }

  expect(masked).toEqual({ server: { adminPass: MASK, name: 'a' }, token: MASK, end: '"adminPass"' });
});

test.for([
  "{'adminPass': 'hunter22', 'x': 1}",
  'curl -H "X-Auth-Token: hunter22" http://host',
  'token gAAAAABmhunter22hunter22hunter22hunter22hunter22hunter22_-x was refused',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyMiJ9.hunter22hunter22',
])('a secret that nobody told of is masked in: %s', (text) => {
  const masked = new Redactor().mask(text);

  expect(masked).toContain(MASK);
  expect(masked).not.toContain('hunter22');
});

test.for([0, 1, 2])('a token that nobody was told of is masked in base64, %i bytes after its beginning', (before) => {
  const token = `gAAAAAB${'mhunter22_-'.repeat(9)}`;
  const written = Buffer.from(`${'x'.repeat(before)}${token}`).toString('base64');

  expect(new Redactor().mask(`said: ${written} | end`)).toMatch(/^said: .{0,4}\*{6} \| end$/);
});
