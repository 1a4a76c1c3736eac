import { expect, test } from 'vitest';
import { Interruption } from './interruption.ts';

test.for([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s stops the work and makes the exit code %i', ([name, code]) => {
  using interruption = new Interruption(() => {});

  process.emit(name, name);

  expect({ aborted: interruption.signal.aborted, exitCode: interruption.exitCode, by: interruption.by }).toEqual({
    aborted: true,
    exitCode: code,
    by: name,
  });
});

test('a second Ctrl-C is only answered with words', () => {
  const said: string[] = [];
  let now = 0;
  using interruption = new Interruption(
    (text) => said.push(text),
    undefined,
    () => now,
  );

  process.emit('SIGINT', 'SIGINT');
  now = 1000;
  process.emit('SIGINT', 'SIGINT');
  process.emit('SIGTERM', 'SIGTERM');

  const wait = 'Cleaning up is under way: what this run made is being removed. Please wait.';
  expect(interruption.exitCode).toBe(130);
  expect(said).toEqual(['SIGINT: stopping; then everything that this run made is removed.', wait, wait]);
});

test('a Ctrl-C that npm hands on besides is the same one', () => {
  const said: string[] = [];
  let now = 0;
  using _ = new Interruption(
    (text) => said.push(text),
    undefined,
    () => now,
  );

  process.emit('SIGINT', 'SIGINT');
  now = 50;
  process.emit('SIGINT', 'SIGINT');

  expect(said).toEqual(['SIGINT: stopping; then everything that this run made is removed.']);
});

test('once disposed of, it hears nothing any more', () => {
  const before = process.listenerCount('SIGINT');

  new Interruption(() => {})[Symbol.dispose]();

  expect(process.listenerCount('SIGINT')).toBe(before);
});
