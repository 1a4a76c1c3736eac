import { expect, test } from 'vitest';
import { fewest } from './shrink.ts';

const numbers = Array.from({ length: 100 }, (_, n) => n);

test('of what fails, only what is needed is left, in its order', async () => {
  const needed = [3, 41, 42, 97];

  const kept = await fewest(
    numbers,
    async (some) => needed.every((n) => some.includes(n)),
    () => false,
  );

  expect(kept).toEqual(needed);
});

test('what fails whatever is asked needs nothing', async () => {
  expect(
    await fewest(
      numbers,
      async () => true,
      () => false,
    ),
  ).toEqual([]);
});

test('when there is no time, all is left', async () => {
  expect(
    await fewest(
      numbers,
      async () => true,
      () => true,
    ),
  ).toEqual(numbers);
});
