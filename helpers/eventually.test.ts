import { expect, test } from 'vitest';
import { atPace, eventually } from './eventually.ts';

const never = (withinMs: number) =>
  eventually({
    what: 'what never comes',
    read: () => Promise.resolve('absent'),
    describe: (value) => value,
    until: () => false,
    withinMs,
    advice: 'Look for it.',
  });

const HOUR_MS = 3_600_000;

test('a wait tells the states that it saw and what to do', async () => {
  await expect(never(1)).rejects.toThrow(/gave up waiting for what never comes\n {2}saw: absent\n[\s\S]*→ Look for it\./);
});

test('a deadline comes nearer as fast as its pace says, and only within', async () => {
  let times = 1;
  const hasty = atPace(
    () => times,
    () => never(HOUR_MS),
  );
  const other = new AbortController();
  const patient = eventually({
    what: 'an end',
    read: () => Promise.resolve(other.signal.aborted),
    describe: String,
    until: (isOver) => isOver,
    withinMs: HOUR_MS,
    advice: '',
  });

  times = HOUR_MS;

  await expect(hasty).rejects.toThrow('gave up waiting');
  other.abort();
  expect(await patient).toBe(true);
});
