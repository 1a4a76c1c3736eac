import { expect, test } from 'vitest';
import type { CommandResult } from '../hosts/command-result.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { ClientFailure, refusalOf } from './client-failure.ts';

const ended = (stdout: string, stderr: string, how: Partial<CommandResult> = {}, command = 'cinder delete x') =>
  new ClientFailure(command, { stdout, stderr, exitCode: 1, timedOut: false, ...how });

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
    "  → Check that the user's roles in the project allow this in Cinder; the cause may also be a quota.",
  ]);
});

test('what policy does not let a user do is left open, with what would allow it', () => {
  const failure = ended('', "ERROR (Forbidden): Policy doesn't allow volume:retype to be performed. (HTTP 403)");

  expect(failure.leavesOpen).toBe(true);
  expect(failure.advice).toBe("Let this user do volume:retype (Cinder's policy.yaml), or run as one who may.");
});

test('a property of images that Glance protects is left open, too', () => {
  const failure = ended('', "HTTP 403 Forbidden: Attribute 'acceptance_run' is reserved. (HTTP 403)", {}, 'glance image-create');

  expect(failure.leavesOpen).toBe(true);
  expect(failure.advice).toMatch(/property acceptance_run of images .*property_protection_file/);
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

const CREATED =
  '+----------+-------+\n| Property | Value |\n+----------+-------+\n| os_hash_value | None |\n+----------+-------+';

test('the headline is the error, not the table that was printed before it, and the remedy names the service that refused', () => {
  const said = 'HTTP 500 Internal Server Error: Failed to upload image data due to internal error: &#x27;x&#x27; &lt;y&gt;';
  const failure = ended(CREATED, said, {}, 'glance image-create --name x');

  expect(failure.message.split('\n')).toEqual([
    `glance did not do it: HTTP 500 Internal Server Error: Failed to upload image data due to internal error: 'x' <y>`,
    '  command: glance image-create --name x',
    '  exit: 1',
    `  said: HTTP 500 Internal Server Error: Failed to upload image data due to internal error: 'x' <y>`,
    '  → Look into the logs of Glance.',
  ]);
});

test.for([
  [
    'openstack --os-x image create y',
    'HttpException: 503: Server Error for url: http://x, down',
    'Look into the logs of Glance.',
  ],
  ['openstack volume create y', 'HttpException: 500: Server Error for url: http://x, down', 'Look into the logs of Cinder.'],
  [
    'nova boot x',
    'ERROR (ClientException): broken (HTTP 500) (Request-ID: req-0a1b)',
    'Look into the logs of Nova: grep req-0a1b.',
  ],
] as const)('%s points to the service that it asked', ([command, stderr, advice]) => {
  expect(ended('', stderr, {}, command).advice).toBe(advice);
});

test('words before the error are no headline', () => {
  expect(ended('Starting…\nPlease wait', 'ERROR: it cannot be done\nsee the manual').what).toBe(
    'cinder did not do it: ERROR: it cannot be done',
  );
  expect(ended('', 'usage: cinder\nlast words').what).toBe('cinder did not do it: last words');
});
