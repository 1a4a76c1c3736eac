import { array, assert, dictionary, integer, json, property, string, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { JsonMembers } from './json-members.ts';

/** Reads a document in pieces of these lengths, over and over. */
function read(document: string, lengths: readonly number[]): { members: string[]; rest: string } {
  const members: string[] = [];
  const reader = new JsonMembers('data', (member) => members.push(member));
  const bytes = Buffer.from(document);
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const end = at + Math.max(1, lengths[i % lengths.length] ?? 1);
    reader.push(bytes.subarray(at, end));
    at = end;
  }
  return { members, rest: reader.end() };
}

const lengths = uint8Array({ minLength: 1, maxLength: 5 }).map((each) => [...each]);
const value = json().map((text) => JSON.parse(text) as unknown);

test('the members of a list and what else is in a document are those of the document, however it is cut', () => {
  const any = property(array(value), value, integer({ min: 0, max: 2 }), lengths, (data, other, indent, cuts) => {
    const { members, rest } = read(JSON.stringify({ generation: 1, other, data, after: [other] }, undefined, indent), cuts);
    expect(members.map((member) => JSON.parse(member) as unknown)).toEqual(data);
    expect(JSON.parse(rest)).toEqual({ generation: 1, other, data: [], after: [other] });
  });
  assert(any);
});

test('so are the entries of an object', () => {
  const any = property(dictionary(string(), value, { noNullPrototype: true }), lengths, (data, cuts) => {
    const { members, rest } = read(JSON.stringify({ data, generation: 1 }), cuts);
    expect(JSON.parse(`{${members.join(',')}}`)).toEqual(data);
    expect(members).toHaveLength(Object.keys(data).length);
    expect(JSON.parse(rest)).toEqual({ data: {}, generation: 1 });
  });
  assert(any);
});

test.for([
  ['a list', '[{"data":[1]},{"data":[2]}]'],
  ['an error', '{"error":{"name":"busy","data":[1,2]}}'],
  ['a text', 'data": [1]'],
  ['nothing', ''],
  ['data that is no list', '{"data":"[1,2]","generation":1}'],
] as const)('%s has no members', ([, document]) => {
  expect(read(document, [1, 3])).toEqual({ members: [], rest: document });
});
