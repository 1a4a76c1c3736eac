import { expect, test } from 'vitest';
import type { CommandResult } from '../hosts/command-result.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { ClientFailure, refusalOf } from './client-failure.ts';

const ended = (stdout: string, stderr: string, how: Partial<CommandResult> = {}) =>
  new ClientFailure('cinder delete x', { stdout, stderr, exitCode: 1, timedOut: false, ...how });

test.for([
  ['cinder', 'Delete for volume x failed: Invalid volume (HTTP 400) (Request-ID: req-1)', 'ERROR: Unable to delete any.', 400],
  ['glance', '', 'HTTP 404 Not Found: No image found with ID x', 404],
  ['openstacksdk', '', 'ConflictException: 409: Client Error for url: http://x, taken', 409],
  ['a client that refuses by itself', '', "No volume with a name or ID of 'x' exists.", undefined],
] as const)('the status is read from the words of %s', ([, stdout, stderr, status]) => {
  expect(ended(stdout, stderr).status).toBe(status);
  expect(refusalOf(ended(stdout, stderr))?.status).toBe(status);
});

test('what the client said comes first, without the deprecation notice', () => {
  const failure = ended('', 'nova CLI is deprecated and will be a removed in a future release\nERROR (Forbidden): no (HTTP 403)');

  expect(failure.message.split('\n')).toEqual([
    'cinder did not do it: ERROR (Forbidden): no (HTTP 403)',
    '  command: cinder delete x',
    '  exit: 1',
    '  said: ERROR (Forbidden): no (HTTP 403)',
    '  → Run it by hand with the variables of your openrc; `--debug` shows what it asks.',
  ]);
});

test('a crash, a timeout and a kill are told apart', () => {
  expect(ended('', 'Traceback (most recent call last):\n  x').message).toContain('The client itself crashed');
  expect(ended('', '', { timedOut: true }).message).toContain('it took too long');
  expect(ended('', '', { exitCode: undefined }).message).toContain('exit: killed');
});

test('a refusal by a request of the suite’s own is told alike', () => {
  const fault = { service: 'Cinder', method: 'DELETE', path: '/x', status: 400, requestId: undefined, body: undefined };

  expect(refusalOf(new HttpFailure({ ...fault, said: 'no' }))).toEqual({ status: 400, said: 'no' });
  expect(refusalOf(new Error('x'))).toBeUndefined();
});
