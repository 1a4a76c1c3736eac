import { expect, test } from 'vitest';
import { loaded } from './loading.ts';

test('on a terminal it says that it loads, and nothing of that stays', async () => {
  const written: string[] = [];
  const out = { isTTY: true, write: (text: string) => void written.push(text) };
  const before = await loaded(() => Promise.resolve([...written]), out);
  expect(before).toEqual(['  Loading …']);
  expect(written.join('')).toBe('  Loading …\u001b[G\u001b[K');
  written.length = 0;
  await expect(loaded(() => Promise.reject(new Error('not packed')), out)).rejects.toThrow('not packed');
  expect(written.at(-1)).toBe('\u001b[G\u001b[K');
});

test('elsewhere it says nothing', async () => {
  const written: string[] = [];
  await loaded(() => Promise.resolve(), { isTTY: false, write: (text: string) => void written.push(text) });
  expect(written).toEqual([]);
});
