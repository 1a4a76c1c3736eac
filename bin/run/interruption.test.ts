import { expect, test } from 'vitest';
import { Interruption, unlessAborted } from './interruption.ts';

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

test('an error that nobody caught is told, and stops the work as a signal does', () => {
  const said: string[] = [];
  using interruption = new Interruption((text) => said.push(text));

  process.emit('uncaughtException', new Error('write after end'));

  expect({ aborted: interruption.signal.aborted, exitCode: interruption.exitCode }).toEqual({ aborted: true, exitCode: 1 });
  expect(said).toEqual([
    expect.stringMatching(/^A defect of the suite, please report it: Error: write after end\n[\s\S]*: stopping; then everything/),
  ]);
});

test('work that only reads is not waited for', async () => {
  using interruption = new Interruption(() => {});
  const waiting = unlessAborted(new Promise(() => {}), interruption.signal);

  process.emit('SIGTERM', 'SIGTERM');

  await expect(waiting).rejects.toThrow('interrupted by SIGTERM');
});

test('once disposed of, it hears nothing any more', () => {
  const before = process.listenerCount('SIGINT');

  new Interruption(() => {})[Symbol.dispose]();

  expect(process.listenerCount('SIGINT')).toBe(before);
});
