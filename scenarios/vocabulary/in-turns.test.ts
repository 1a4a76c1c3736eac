import { expect, test } from 'vitest';
import { inTurns } from './in-turns.ts';

test('what is under way comes to its end before a failure is told, and nothing else is begun', async () => {
  const slow = Promise.withResolvers<void>();
  const begun: number[] = [];
  const ended: number[] = [];
  let isTold = false;
  const all = inTurns(
    [0, 1, 2, 3, 4],
    2,
    async (item) => {
      begun.push(item);
      await (item === 0 ? slow.promise : Promise.reject(new Error('for good')));
      ended.push(item);
    },
    () => undefined,
  ).catch((error: unknown) => {
    isTold = true;
    return error;
  });
  await new Promise(setImmediate);
  expect({ begun, isTold }).toEqual({ begun: [0, 1], isTold: false });

  slow.resolve();

  expect(await all).toMatchObject({ message: 'for good' });
  expect({ begun, ended }).toEqual({ begun: [0, 1], ended: [0] });
});

test('all are done, so many at a time, and told in their order', async () => {
  const told: number[] = [];
  let [now, most] = [0, 0];
  const results = await inTurns(
    ['a', 'b', 'c', 'd', 'e'],
    2,
    async (item, n) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
      return `${item}${n}`;
    },
    (done) => told.push(done),
  );
  expect({ results, told, most }).toEqual({ results: ['a0', 'b1', 'c2', 'd3', 'e4'], told: [1, 2, 3, 4, 5], most: 2 });
});
