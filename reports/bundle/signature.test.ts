import { expect, test } from 'vitest';
import { AUTHORITY, EXPIRED, OTHER, SERVER } from '../../helpers/testing/certificates.ts';
import { checkSignature, openEnvelope, readSigner, readTrusted, signed } from './signature.ts';

const WHILE_VALID = new Date('2027-01-01T00:00:00.000Z');
const BEFORE = new Date('2026-03-02T00:00:00.000Z');

test.for([
  ['its authority', AUTHORITY, WHILE_VALID, { by: 'CN=server, whose certificate O=Lab, CN=Lab Root CA issued' }],
  ['the certificate itself', SERVER.cert, WHILE_VALID, { by: 'CN=server' }],
  [
    'another certificate',
    OTHER.cert,
    WHILE_VALID,
    { problem: expect.stringMatching(/^it is not signed by the key .*: its certificate is that of CN=server/) },
  ],
  [
    'its authority, before it was valid',
    AUTHORITY,
    BEFORE,
    { problem: `the certificate of CN=server was not valid on ${BEFORE.toISOString()}` },
  ],
] as const)('what is signed with a certificate, looked at with %s', ([, given, at, found]) => {
  const statement = signed(Buffer.from('{}'), readSigner(SERVER.key + SERVER.cert, 'key.pem'));

  expect(checkSignature(openEnvelope(statement), readTrusted(given, 'given.pem'), at)).toEqual(found);
});

test("a certificate that was put into another's bundle signs nothing", () => {
  const own = JSON.parse(signed(Buffer.from('{}'), readSigner(OTHER.key, 'key.pem')).toString()) as {
    verificationMaterial: object;
  };
  const theirs = JSON.parse(signed(Buffer.from('{}'), readSigner(SERVER.key + SERVER.cert, 'key.pem')).toString()) as typeof own;
  const mixed = Buffer.from(JSON.stringify({ ...own, verificationMaterial: theirs.verificationMaterial }));

  const { problem } = checkSignature(openEnvelope(mixed), readTrusted(AUTHORITY, 'ca.pem'), WHILE_VALID);

  expect(problem).toMatch(/^its signature is not that of CN=server, whose certificate it carries/);
});

test.for([
  ['a private key is given to verify', () => readTrusted(SERVER.key, 'k'), /private key, which nobody needs/],
  ['nothing of a key is given', () => readTrusted('hello', 'k'), /no public key/],
  ['a public key is given to sign', () => readSigner(AUTHORITY, 'k'), /no private key/],
  ["another's certificate stands beside the key", () => readSigner(SERVER.key + OTHER.cert, 'k'), /not that of the key/],
] as const)('%s', ([, read, words]) => {
  expect(read).toThrow(words);
});

test('a certificate that has expired is signed with all the same: that is told when it is verified', () => {
  expect(readSigner(SERVER.key + EXPIRED, 'k').certificate?.subject).toBe('CN=server');
});
