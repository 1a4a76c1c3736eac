import { expect, test } from 'vitest';
import { runbooks } from './manifest.ts';

test('what is played on request alone says why, in the plan and before the question', () => {
  const silent = runbooks.filter(({ isOnRequest, caution }) => isOnRequest === true && caution === undefined);
  expect(silent.map(({ id }) => id)).toEqual([]);
});
