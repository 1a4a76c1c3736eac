import { expect, test } from 'vitest';
import { tellWaits } from './waits.ts';

function watching() {
  const said: string[] = [];
  const clock = { now: 0 };
  const wait = tellWaits(
    (text) => said.push(text),
    () => clock.now,
  );
  return { said, wait, at: (ms: number) => void Object.assign(clock, { now: ms }) };
}

const look = (state: string, what = 'volume a') => ({ what, state, withinMs: 300_000 });

test('what takes long is told after some seconds, and again with its state now', () => {
  const { said, wait, at } = watching();
  for (const second of Array.from({ length: 25 }, (_, n) => n)) {
    at(second * 1000);
    wait(look(second < 20 ? 'in-use' : 'deleting'));
  }

  expect(said).toEqual([
    'waiting for volume a, which is in-use: 5 s of at most 300 s',
    'waiting for volume a, which is deleting: 20 s of at most 300 s',
  ]);
});

test('several waits are one line, and what is done with is not counted', () => {
  const { said, wait, at } = watching();
  wait(look('deleting', 'volume done'));
  for (const second of [1, 8, 14]) {
    at(second * 1000);
    wait(look('in-use'));
    wait(look('creating', 'volume b'));
  }

  expect(said).toEqual(['waiting for volume a, which is in-use: 7 s of at most 300 s; and for 2 other things']);
});

test('nothing is said about what is quick', () => {
  const { said, wait, at } = watching();
  wait(look('deleting'));
  at(4999);
  wait(look('deleting'));

  expect(said).toEqual([]);
});
