import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { judgedRun } from '../../reports/testing/sample-bundle.ts';
import { IDENTITY, ISSUER, identityToken, startSigstore } from '../../reports/testing/sigstore.ts';
import { Command } from './supervised-run.ts';

const RUN = 'mx1d7lhd3iprve8t';
const FOREIGN = generateKeyPairSync('ed25519');

test('what is bundled where npm was called is verified there, and exit codes tell how it came out', {
  timeout: 180_000,
}, async () => {
  using run = await judgedRun(RUN);
  const here = dirname(run.runDir);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(here, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(here, 'pub.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(join(here, 'foreign.pem'), FOREIGN.publicKey.export({ type: 'spki', format: 'pem' }));
  const told: string[] = [];
  const type = async (...words: string[]) => {
    const command = new Command(words, { ACCEPTANCE_RUNS_DIR: here, INIT_CWD: here });
    const code = await command.ended;
    told.push(command.output);
    return code;
  };

  const codes = [
    await type('bundle', RUN, '--key', 'key.pem', '--out', 'b.tar.gz'),
    await type('verify', 'b.tar.gz', '--key', 'pub.pem'),
    await type('verify', 'b.tar.gz', '--key', 'foreign.pem'),
    await type('verify', 'b.tar.gz'),
    await type('verify', 'key.pem'),
    await type('bundle', RUN, '--out', 'b.tar.gz'),
  ];

  expect(codes, told.join('\n')).toEqual([0, 0, 1, 2, 2, 2]);
  expect(told[1]).toMatch(/✔ it is signed by the key [0-9a-f]{64}, on [\s\S]*What it has holds together\.\n$/);
  expect(told[2]).toMatch(/✖ it is not signed by the key that was given[\s\S]*Do not believe it/);
  expect(told[3]).toContain('? it is signed, and by whom was not looked at: --key PUB.pem');
  expect(told[5]).toContain('this file is there already');
  expect(told.join('')).not.toContain('PRIVATE');
});

test('a pipeline signs as whom its provider knows, and its token stands nowhere', { timeout: 180_000 }, async () => {
  using run = await judgedRun(RUN);
  await using sigstore = await startSigstore();
  const here = dirname(run.runDir);
  writeFileSync(join(here, 'root.json'), sigstore.trustedRoot);
  const token = identityToken();
  const told: string[] = [];
  const type = async (...words: string[]) => {
    const variables = { ACCEPTANCE_RUNS_DIR: here, INIT_CWD: here, SIGSTORE_ID_TOKEN: token };
    const command = new Command(words, variables);
    const code = await command.ended;
    told.push(command.output);
    return code;
  };
  const root = ['--trusted-root', 'root.json', '--issuer', ISSUER];

  const codes = [
    await type('bundle', RUN, '--keyless', '--fulcio', sigstore.url, '--rekor', sigstore.url, '--out', 'b.tar.gz'),
    await type('verify', 'b.tar.gz', ...root, '--identity', IDENTITY),
    await type('verify', 'b.tar.gz', ...root, '--identity', `${IDENTITY}x`),
    await type('verify', 'b.tar.gz', ...root),
    await type('verify', 'b.tar.gz', '--identity', IDENTITY),
  ];

  expect(codes, told.join('\n')).toEqual([0, 0, 1, 2, 2]);
  expect(told[0]).toContain(`--identity ${IDENTITY} --issuer ${ISSUER}`);
  expect(told[1]).toMatch(/✔ it is signed by \S+main, for whom [\s\S]*What it has holds together\.\n$/);
  expect(told[3]).toMatch(/^\? it is signed .*--identity WHO$[\s\S]*who made it is not proved/m);
  expect(told[4]).toContain('nobody is trusted to have seen who signed');
  const [, , signature = ''] = token.split('.');
  expect(told.join('')).not.toContain(signature);
  expect(gunzipSync(readFileSync(join(here, 'b.tar.gz'))).includes(signature)).toBe(false);
});
