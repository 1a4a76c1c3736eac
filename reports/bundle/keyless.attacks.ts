import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { type Bundle, bundleFromJSON, bundleToJSON } from '@sigstore/bundle';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CannotRun } from '../../helpers/failure.ts';
import { Redactor } from '../../helpers/redact.ts';
import { judgedRun } from '../testing/sample-bundle.ts';
import { IDENTITY, ISSUER, identityToken, startSigstore } from '../testing/sigstore.ts';
import { packArchive } from './archive.ts';
import { readTrustedRoot } from './keyless.ts';
import { keylessSigner } from './keyless-signing.ts';
import { SIGNED } from './parts.ts';
import { verifyBundle } from './verify.ts';
import type { Believed } from './who-signed.ts';

const RUN = 'mx1d7lhd3iprve8t';
const NOW = new Date('2026-03-02T00:00:00.000Z');
const own = generateKeyPairSync('ed25519');

let sigstore: Awaited<ReturnType<typeof startSigstore>>;
let foreign: typeof sigstore;
let late: typeof sigstore;
let run: Awaited<ReturnType<typeof judgedRun>>;
let files: Map<string, Buffer>;

beforeAll(async () => {
  [sigstore, foreign, late, run] = await Promise.all([
    startSigstore(),
    startSigstore(),
    startSigstore({ logAhead: 3_600_000 }),
    judgedRun(RUN),
  ]);
  files = await signedAt(sigstore);
});
afterAll(async () => {
  run[Symbol.dispose]();
  await Promise.all([sigstore, foreign, late].map((one) => one[Symbol.asyncDispose]()));
});

async function signedAt({ url }: typeof sigstore, token = identityToken()): Promise<Map<string, Buffer>> {
  vi.stubEnv('SIGSTORE_ID_TOKEN', token);
  vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_URL', undefined);
  try {
    return (await run.files(keylessSigner({ fulcio: url, rekor: `${url}/` }, new Redactor()))).files;
  } finally {
    vi.unstubAllEnvs();
  }
}

const WHO = { identity: IDENTITY, issuer: ISSUER };
const trusting = (trustedRoot: string, who: Partial<typeof WHO> = WHO): Believed => ({
  root: readTrustedRoot(trustedRoot, 'trusted_root.json'),
  ...who,
});
const verified = async (of: Map<string, Buffer>, believed: Believed | undefined) =>
  verifyBundle(await packArchive(RUN, of, NOW), believed);

function edited(of: Map<string, Buffer>, edit: (bundle: Bundle) => void): Map<string, Buffer> {
  const bundle = bundleOf(of);
  edit(bundle);
  return new Map([...of, [SIGNED, Buffer.from(JSON.stringify(bundleToJSON(bundle)))]]);
}
const taken = (it: Bundle, parts: Partial<Bundle['verificationMaterial']>) => void Object.assign(it.verificationMaterial, parts);
const bundleOf = (of: Map<string, Buffer>) => bundleFromJSON(JSON.parse(of.get(SIGNED)?.toString() ?? '') as object);
const entryOf = (bundle: Bundle) => bundle.verificationMaterial.tlogEntries[0] ?? expect.fail('no entry');

test('what a pipeline signed is verified without a network: who, who vouches, and when', async () => {
  const { holds, broken, open, lacks } = await verified(files, trusting(sigstore.trustedRoot));

  expect({ broken, open, lacks }).toEqual({ broken: [], open: [], lacks: [] });
  expect(holds[0]).toMatch(
    /^it is signed by https:\/\/github\.com\/lab\S+, for whom https:\/\/token\S+ vouches, on \S+Z, as its log tells$/,
  );
  expect(holds).toHaveLength(6);
});

const manipulations: readonly (readonly [
  what: string,
  make: () => Map<string, Buffer> | Promise<Map<string, Buffer>>,
  words: RegExp,
])[] = [
  [
    'by another workflow',
    () => signedAt(sigstore, identityToken(`${IDENTITY}x`)),
    /^it is signed by \S+mainx, .* should be by \S+main$/,
  ],
  [
    'vouched for by another',
    () => signedAt(sigstore, identityToken(IDENTITY, 'https://evil.test')),
    /^it is signed by .*evil\.test vouches, and https:\/\/token\S+ should$/,
  ],
  ['at another Sigstore', () => signedAt(foreign), /^its certificate was not issued by an authority of the trusted root/],
  ['without its log entry', () => edited(files, (it) => taken(it, { tlogEntries: [] })), /^it has no entry of a log/],
  [
    'with the log entry of another bundle',
    async () => {
      const other = bundleOf(await signedAt(sigstore));
      return edited(files, (it) => taken(it, { tlogEntries: other.verificationMaterial.tlogEntries }));
    },
    /^its log entry is of another signature$/,
  ],
  [
    'with an earlier time in its log entry',
    () =>
      edited(files, (it) => void Object.assign(entryOf(it), { integratedTime: `${Number(entryOf(it).integratedTime) + 60}` })),
    /^its log entry is none that a log of the trusted root signed/,
  ],
  [
    'with a log entry that its log did not promise',
    () => edited(files, (it) => void Object.assign(entryOf(it), { inclusionPromise: undefined })),
    /^nobody who is trusted tells when it was signed/,
  ],
  [
    'with an entry of another log',
    async () => {
      const other = bundleOf(await signedAt(foreign));
      return edited(files, (it) => taken(it, { tlogEntries: other.verificationMaterial.tlogEntries }));
    },
    /^its log entry is none that a log of the trusted root signed/,
  ],
  [
    'with the certificate of another bundle',
    async () => {
      const other = bundleOf(await signedAt(sigstore));
      return edited(files, (it) => taken(it, { content: other.verificationMaterial.content }));
    },
    /^its signature is not that of the certificate it carries/,
  ],
  [
    'with another statement',
    () =>
      edited(files, (it) => {
        const { dsseEnvelope } = it.content as { dsseEnvelope: { payload: Buffer } };
        dsseEnvelope.payload = Buffer.from(dsseEnvelope.payload.toString().replace('"PASSED"', '"WARNED"'));
      }),
    /^its signature is not that of the certificate it carries, or it was changed/,
  ],
  [
    'signed by a key',
    async () => (await run.files({ key: own.privateKey })).files,
    /^it is signed by a key, and not as that identity/,
  ],
  ['not signed', async () => (await run.files(undefined)).files, /^it is not signed at all/],
];

test.for(manipulations)('a bundle %s is found, in words of its own', async ([, make, words]) => {
  const { broken } = await verified(await make(), trusting(sigstore.trustedRoot));

  expect(
    broken.filter((sentence) => words.test(sentence)),
    broken.join('\n'),
  ).toHaveLength(1);
});

test('a certificate that had expired when the log took the signature proves nothing', async () => {
  const { broken } = await verified(await signedAt(late), trusting(late.trustedRoot));

  expect(broken).toEqual([
    expect.stringMatching(/^its certificate was valid from \S+ to \S+, and its log tells that it was signed on /),
  ]);
});

const unproved: readonly (readonly [when: string, believed: () => Believed | undefined, words: RegExp])[] = [
  [
    'nobody is trusted',
    () => undefined,
    /^it is signed keyless, as it says by \S+main with \S+, which was not looked at: --trusted-root/,
  ],
  [
    'nobody says who it should be',
    () => trusting(sigstore.trustedRoot, {}),
    /whether it should be was not looked at: --identity WHO --issuer URL$/,
  ],
  [
    'nobody says who should vouch',
    () => trusting(sigstore.trustedRoot, { identity: IDENTITY }),
    /was not looked at: --issuer URL$/,
  ],
];

test.for(unproved)('it is not proved, and not found wrong, when %s', async ([, believed, words]) => {
  const { broken, open, holds } = await verified(files, believed());

  expect(broken).toEqual([]);
  expect(open).toEqual([expect.stringMatching(words)]);
  expect(holds.filter((what) => what.includes('signed by'))).toEqual([]);
});

test('a key proves nothing of what was signed without one', async () => {
  const { broken } = await verified(files, { key: own.publicKey });

  expect(broken).toEqual([expect.stringMatching(/^it is not signed by the key that was given, but keyless, as it says by/)]);
});

test.for([
  ['no JSON', 'hello', /no JSON of one/],
  ['nobody in it', '{}', /no certificate authority or no log/],
  ['a key in it that is none', '{"certificateAuthorities":[{}],"tlogs":[{}]}', /cannot be read/],
] as const)('a trusted root with %s is refused', ([, json, words]) => {
  expect(() => readTrustedRoot(json, 'trusted_root.json')).toThrow(words);
});

test.for([
  ['no pipeline says who signs', '', undefined, /no identity token[\s\S]*id-token: write/],
  ['the token is none', 'Zq8secretword', undefined, /none that can be read/],
  ['Fulcio is not there', identityToken(), 'http://127.0.0.1:9', /Fulcio gave no certificate[\s\S]*127\.0\.0\.1:9/],
  ['a token would go over plain HTTP', identityToken(), 'http://fulcio.test', /no address to sign at/],
] as const)('nothing is signed when %s, and the token is in no word', async ([, token, fulcio, words]) => {
  vi.stubEnv('SIGSTORE_ID_TOKEN', token);
  vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_URL', undefined);
  const redactor = new Redactor();

  const failure = await (async () => keylessSigner({ fulcio, rekor: fulcio }, redactor)(Buffer.from('{}')))().catch(
    (error: unknown) => error,
  );

  vi.unstubAllEnvs();
  expect(failure).toBeInstanceOf(CannotRun);
  expect(String((failure as Error).stack)).toMatch(words);
  expect(inspect(failure, { depth: 9 })).not.toContain(token || 'SIGSTORE_ID_TOKEN=');
});
