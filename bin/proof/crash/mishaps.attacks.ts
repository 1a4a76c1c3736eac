import { expect, test } from 'vitest';
import { mishaps, survive } from './mishaps.ts';

const PATIENCE_MS = 180_000;
/** With volumes, a snapshot and attachments by hand among what is made. */
const SOME = { only: 'create,extend,from-snapshot', lines: 14 };

/** The others are as well tested where a run is supervised, and where no cloud answers. */
const TESTED = ['api-down-midway', 'lost-replies', 'same-moment'];

test.for(mishaps.filter(({ id }) => TESTED.includes(id)))('$id: $what', { timeout: PATIENCE_MS }, async (mishap) => {
  expect(await survive(mishap, SOME, new AbortController().signal)).toEqual([]);
});
