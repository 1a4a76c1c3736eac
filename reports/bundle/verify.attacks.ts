import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type BundleWithDsseEnvelope, bundleFromJSON, bundleToJSON } from '@sigstore/bundle';
import { type Headers, pack } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgedRun, writeEvidence } from '../testing/sample-bundle.ts';
import { greenLines } from '../testing/sample-run.ts';
import { packArchive } from './archive.ts';
import { SIGNED, UNSIGNED } from './parts.ts';
import { signed } from './signature.ts';
import { stateOf } from './statement.ts';
import { verifyBundle } from './verify.ts';

const RUN = 'mx1d7lhd3iprve8t';
const OTHER_RUN = 'mx1d8agjiq1d3lfn';
const NOW = new Date('2026-03-02T00:00:00.000Z');
const own = generateKeyPairSync('ed25519');
const foreign = generateKeyPairSync('ed25519');
const signer = { key: own.privateKey };
const trusted = { key: own.publicKey };

type Judged = Awaited<ReturnType<typeof judgedRun>>;
type Files = Map<string, Buffer>;
let run: Judged;
let other: Judged;
let files: Files;
let others: Files;

beforeAll(async () => {
  [run, other] = await Promise.all([judgedRun(RUN), judgedRun(OTHER_RUN)]);
  [{ files }, { files: others }] = await Promise.all([run.files(signer), other.files(signer)]);
});
afterAll(() => {
  run[Symbol.dispose]();
  other[Symbol.dispose]();
});

const text = (name: string) => files.get(name)?.toString('utf8') ?? '';
const having = (changes: Readonly<Record<string, string | Buffer>>): Files =>
  new Map([...files, ...Object.entries(changes).map(([name, data]) => [name, Buffer.from(data)] as const)]);
/** Another letter in place of the last one of these words. */
const touched = (name: string, words: string) => {
  expect(text(name)).toContain(words);
  return having({ [name]: text(name).replace(words, `${words.slice(0, -1)}~`) });
};
const without = (...names: string[]) => new Map([...files].filter(([name]) => !names.includes(name)));
const from = (name: string) => having({ [name]: others.get(name) ?? '' });
const packed = (of: Files, folder = RUN) => packArchive(folder, of, NOW);
const lines = () => text('evidence.ndjson').trimEnd().split('\n');
const evidence = (of: readonly string[]) => having({ 'evidence.ndjson': `${of.join('\n')}\n` });
const exchanged = (of: readonly string[], one: number, other: number) => of.with(one, of[other] ?? '').with(other, of[one] ?? '');
const plainParts = (of: Files) => new Map([...of].filter(([name]) => name !== SIGNED && name !== UNSIGNED));

async function withEntry(header: Headers, data = 'x'): Promise<Buffer> {
  const tar = pack();
  tar.entry(header, ...(header.type === undefined || header.type === 'file' ? [data] : []));
  tar.finalize();
  const added = Buffer.concat(await Array.fromAsync(tar));
  return gzipSync(Buffer.concat([gunzipSync(await packed(files)).subarray(0, -1024), added]));
}

type Envelope = BundleWithDsseEnvelope['content']['dsseEnvelope'];

function editedEnvelope(edit: (envelope: Envelope) => void): Files {
  const bundle = bundleFromJSON(JSON.parse(text(SIGNED)) as object);
  edit((bundle as BundleWithDsseEnvelope).content.dsseEnvelope);
  return having({ [SIGNED]: JSON.stringify(bundleToJSON(bundle)) });
}

/** The same lines, written and chained once more: nothing in the file tells. */
function chainedAnew(): Files {
  const folder = join(run.runDir, 'anew', RUN);
  mkdirSync(folder, { recursive: true });
  writeEvidence(folder, greenLines().slice(0, -1));
  return having({ 'evidence.ndjson': readFileSync(join(folder, 'evidence.ndjson')) });
}

const verdictWith = (changes: object) => having({ 'verdict.json': JSON.stringify({ ...run.verdict, ...changes }) });
const waiver = { check: 'extend.size', reason: 'because', owner: 'me', expires: '2099-01-01' };

const waivedChecks = () =>
  run.verdict.checks.map((check) =>
    check.id === waiver.check ? { ...check, outcome: 'waived', waived: { outcome: 'failed', waiver } } : check,
  );

const manipulations: readonly (readonly [what: string, make: () => Promise<Buffer>, words: RegExp])[] = [
  [
    'a byte in the evidence',
    () => packed(touched('evidence.ndjson', 'Make the create volume')),
    /evidence\.ndjson: line \d+ does not follow line \d+: that was changed/,
  ],
  [
    'a byte in the verdict',
    () => packed(touched('verdict.json', 'volume becomes available')),
    /^verdict\.json is not the file that its statement is about/,
  ],
  ['a byte in the page', () => packed(touched('sign-off.html', 'Acceptance')), /^sign-off\.html is not the file/],
  [
    'a byte in the report',
    () => packed(touched('allure/index.html', '<html')),
    /^sign-off\.md tells another checksum of allure\/index\.html/,
  ],
  ['a byte in the journal', () => packed(touched('journal.ndjson', 'swept')), /^journal\.ndjson is not the file/],
  ['a byte in junit.xml', () => packed(touched('junit.xml', '<testsuite')), /^junit\.xml is not the file/],
  [
    'a byte in the statement',
    () => packed(editedEnvelope((it) => (it.payload = Buffer.from(it.payload.toString().replace('"accepted"', '"accepteD"'))))),
    /^it is not signed by the key that was given, or was changed/,
  ],
  [
    'another kind of statement',
    () => packed(editedEnvelope((it) => (it.payloadType = 'text/plain'))),
    /^its envelope does not hold .* but text\/plain/,
  ],
  ['a statement that is none', () => packed(having({ [SIGNED]: '{"a":1}' })), /^its statement cannot be read/],
  ['evidence of another run', () => packed(from('evidence.ndjson')), /evidence\.ndjson: line 1 begins nothing of this run/],
  ['a journal of another run', () => packed(from('journal.ndjson')), new RegExp(`^journal\\.ndjson is of run ${OTHER_RUN}`)],
  ['a verdict of another run', () => packed(from('verdict.json')), new RegExp(`^verdict\\.json: it is of run ${OTHER_RUN}`)],
  [
    'a page of another run',
    () => packed(from('sign-off.de.html')),
    /^sign-off\.de\.html tells another checksum of .*verdict\.json/,
  ],
  [
    "another run's signature",
    () => packed(from(SIGNED)),
    new RegExp(`^its folder is called ${RUN}, and its statement is about run ${OTHER_RUN}`),
  ],
  [
    'signed anew by another key',
    () => packed(having({ [SIGNED]: signed(stateOf(plainParts(files), run.verdict, NOW), { key: foreign.privateKey }) })),
    /^it is not signed by the key that was given/,
  ],
  [
    'made anew without a signature',
    () => packed(new Map([...without(SIGNED), [UNSIGNED, stateOf(plainParts(files), run.verdict, NOW)]])),
    /^it is not signed at all/,
  ],
  [
    'a second statement',
    () => packed(having({ [UNSIGNED]: stateOf(plainParts(files), run.verdict, NOW) })),
    /^it has two statements/,
  ],
  ['no statement', () => packed(without(SIGNED)), /^it has no statement/],
  ['a line removed', () => packed(evidence(lines().toSpliced(5, 1))), /it had \d+ lines, and has \d+$/],
  [
    'a line added',
    () => packed(evidence(lines().toSpliced(5, 0, '{"type":"note"}'))),
    /line 6 hangs together with no other: it was added/,
  ],
  [
    'the last line cut off',
    () => packed(evidence(lines().slice(0, -1))),
    /its chain holds, and it is not what was stated: .* cut short/,
  ],
  [
    'a chain made anew, the statement old',
    () => packed(chainedAnew()),
    /its chain holds, and it is not what was stated: it was written and chained anew/,
  ],
  [
    'a waiver added',
    () => packed(verdictWith({ overall: 'accepted-with-waivers', waivers: [waiver], checks: waivedChecks() })),
    /^verdict\.json: it tells extend\.size as waived, and the statement does not/,
  ],
  [
    'another verdict',
    () => packed(verdictWith({ overall: 'rejected' })),
    /^verdict\.json: it says rejected, and the statement accepted/,
  ],
  ['a verdict that is none', () => packed(having({ 'verdict.json': '{}' })), /^verdict\.json is no verdict/],
  ['a file removed', () => packed(without('journal.ndjson')), /^journal\.ndjson is missing/],
  ['a file added', () => packed(having({ 'notes.txt': 'x' })), /notes\.txt is no part of a bundle/],
  [
    'a known file added that was not stated',
    async () =>
      packed(
        having({
          [SIGNED]: signed(
            stateOf(new Map([...plainParts(files)].filter(([name]) => name !== 'junit.xml')), run.verdict, NOW),
            signer,
          ),
        }),
      ),
    /^its statement says nothing about junit\.xml/,
  ],
  ['the run renamed', () => packed(files, 'mx1d7lhd3iprve8u'), /^its folder is called mx1d7lhd3iprve8u/],
  [
    'an entry twice',
    () => withEntry({ name: `${RUN}/verdict.json` }, text('verdict.json')),
    /^verdict\.json stands in it more than once/,
  ],
  ['a way out of the folder', () => withEntry({ name: `${RUN}/../../evil` }), /outside of its folder: .*\.\.\/\.\.\/evil/],
  ['an absolute name', () => withEntry({ name: '/tmp/evil' }), /outside of its folder: \/tmp\/evil/],
  [
    'a link',
    () => withEntry({ name: `${RUN}/junit.xml`, type: 'symlink', linkname: '/etc/passwd' }),
    /is no file, but a symlink/,
  ],
  ['an archive cut off', async () => (await packed(files)).subarray(0, -100), /^the archive ends too early/],
  ['a tar cut off', async () => gzipSync(gunzipSync(await packed(files)).subarray(0, -5000)), /^the archive is not whole/],
  ['two lines exchanged', () => packed(evidence(exchanged(lines(), 4, 5))), /line 6 (?:hangs|does not follow)/],
  ['a line twice', () => packed(evidence(lines().toSpliced(5, 0, lines()[5] ?? ''))), /evidence\.ndjson: line 7/],
  [
    'lines of another system',
    () => packed(having({ 'evidence.ndjson': text('evidence.ndjson').replaceAll('\n', '\r\n') })),
    /^evidence\.ndjson: line 2 does not follow line 1/,
  ],
  [
    'a line of the journal removed',
    () => packed(having({ 'journal.ndjson': text('journal.ndjson').replace(/\n.*\n$/, '\n') })),
    /^journal\.ndjson is not the file/,
  ],
  [
    'one page in place of the other',
    () => packed(having({ 'sign-off.de.html': text('sign-off.html') })),
    /^sign-off\.de\.html is not/,
  ],
  [
    'a verdict with two outcomes, of which readers take one or the other',
    () => packed(having({ 'verdict.json': text('verdict.json').replace('{', '{"overall":"rejected",') })),
    /^verdict\.json is not the file/,
  ],
  [
    'an empty signature',
    () => packed(editedEnvelope((it) => (it.signatures[0] = { sig: Buffer.alloc(0), keyid: '' }))),
    /^its statement cannot be read/,
  ],
  [
    'a second signature in the envelope',
    () => packed(editedEnvelope((it) => it.signatures.unshift({ sig: Buffer.alloc(64), keyid: '' }))),
    /^its statement cannot be read/,
  ],
  [
    'a statement of another form, signed by the same key',
    () => packed(having({ [SIGNED]: signed(Buffer.from('{"_type":"https://in-toto.io/Statement/v1","subject":[]}'), signer) })),
    /^its statement cannot be read/,
  ],
  ['a folder', () => withEntry({ name: `${RUN}/more`, type: 'directory' }), /is no file, but a directory/],
  ['a pipe', () => withEntry({ name: `${RUN}/junit.xml`, type: 'fifo' }), /is no file, but a fifo/],
  ['a name in other letters', () => withEntry({ name: `${RUN}/Verdict.json` }), /Verdict\.json is no part of a bundle/],
  [
    'a name in a header of its own',
    () => withEntry({ name: 'x', pax: { path: `${RUN}/verdict.json` } } as Headers),
    /^verdict\.json stands in it more than once/,
  ],
  ['an entry of another run', () => withEntry({ name: `${OTHER_RUN}/verdict.json` }), /verdict\.json is no part of a bundle/],
  [
    'a second archive after the end of the first',
    async () => gzipSync(Buffer.concat([gunzipSync(await packed(files)), gunzipSync(await packed(others, OTHER_RUN))])),
    /^mx1d8agjiq1d3lfn\/verdict\.json is no part of a bundle of mx1d7lhd3iprve8t/,
  ],
  [
    'a second compressed file after the first',
    async () => Buffer.concat([await packed(files), await packed(others, OTHER_RUN)]),
    /^mx1d8agjiq1d3lfn\/verdict\.json is no part of a bundle of mx1d7lhd3iprve8t/,
  ],
  [
    'bytes after the end of what was compressed',
    async () => gzipSync(Buffer.concat([gunzipSync(await packed(files)), Buffer.alloc(512, 'x')])),
    /^the archive is not whole/,
  ],
  ['bytes after the end', async () => Buffer.concat([await packed(files), Buffer.alloc(9)]), /^9 bytes follow/],
];

test.for(manipulations)('%s is found, in words of its own', async ([, make, words]) => {
  const { broken } = await verifyBundle(await make(), trusted);

  expect(
    broken.filter((sentence) => words.test(sentence)),
    broken.join('\n'),
  ).toHaveLength(1);
});

test('nothing is found on the untouched bundle, and all that holds is told', async () => {
  const { packed: untouched } = await run.files(signer);

  const { holds, broken, open, lacks, about } = await verifyBundle(untouched, trusted);

  expect({ broken, open, lacks }).toEqual({ broken: [], open: [], lacks: [] });
  expect(holds).toHaveLength(6);
  expect(about).toMatchObject({ run: RUN, verdict: 'accepted' });
});

test('who signed is not known without a key, and nobody did without a signature', async () => {
  const { packed: bySomebody } = await run.files(signer);
  const { packed: byNobody } = await run.files(undefined);

  const findings = await Promise.all([bySomebody, byNobody].map((one) => verifyBundle(one, undefined)));

  expect(findings.map(({ broken, open, lacks }) => [broken.length, open.length, lacks.length])).toEqual([
    [0, 1, 0],
    [0, 0, 1],
  ]);
  expect(findings[1]?.lacks[0]).toMatch(/^it is not signed/);
});
