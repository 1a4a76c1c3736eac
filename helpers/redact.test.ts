import { expect, test } from 'vitest';
import { MASK, Redactor } from './redact.ts';

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
