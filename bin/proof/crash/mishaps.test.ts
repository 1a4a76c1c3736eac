import { expect, test } from 'vitest';
import { mishaps, survive } from './mishaps.ts';

const PATIENCE_MS = 120_000;
/** With volumes, a snapshot and attachments by hand among what is made. */
const SOME = { only: 'create,extend,from-snapshot', lines: 14 };

test.for(mishaps)('$id: $what', { timeout: PATIENCE_MS }, async (mishap) => {
  expect(await survive(mishap, SOME, new AbortController().signal)).toEqual([]);
});
