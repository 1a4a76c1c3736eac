import fc from 'fast-check';
import { expect, test } from 'vitest';
import { typed } from '../commands/commands.ts';
import { HttpFailure } from './http-failure.ts';
import { urlPath } from './url-path.ts';

test('an id is one step of a path, whatever stands in it', () => {
  const id = fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }).filter((text) => !/^\.{1,2}$/.test(text));
  fc.assert(
    fc.property(id, (text) => {
      const { pathname, search, hash } = new URL(`http://host/v3${urlPath`/volumes/${text}/action`}`);
      const steps = pathname.split('/');
      expect([steps.length, search, hash]).toEqual([5, '', '']);
      expect(decodeURIComponent(steps[3] ?? '')).toBe(text.toWellFormed());
    }),
  );
});

test.for(['', '.', '..'])('an id that a URL takes for another path is refused: %j', (id) => {
  expect(() => urlPath`/volumes/${id}`).toThrow('there is no such id');
});

test('an honest id stands in a path as it is', () => {
  expect(urlPath`/volumes/${'0f0eb890-db19-4d75-a00d-aaaaaaaaaaaa'}`).toBe('/volumes/0f0eb890-db19-4d75-a00d-aaaaaaaaaaaa');
});

test('what a service has for an id stays one word of the command that is advised', () => {
  const fault = { service: 'Cinder', method: 'GET', path: '/volumes', status: 500, said: undefined, body: undefined };
  const { advice } = new HttpFailure({ ...fault, requestId: "req-$(touch /tmp/x)'; rm -rf /" });

  expect(advice).toBe(`Look into the logs of Cinder: grep 'req-$(touch /tmp/x)'\\''; rm -rf /'.`);
  expect(typed`On ${'host-1'}: grep ${'req-1'}`).toBe('On host-1: grep req-1');
});
