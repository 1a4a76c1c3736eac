import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { messageOf } from '../../failure.ts';
import { Problems } from '../problems.ts';
import { readCloud } from './cloud.ts';

const AUTH =
  'auth_url: http://k/v3, username: op, password: pw, project_name: acc, user_domain_name: ops, project_domain_name: ops';
const LAB = { OS_CLOUD: 'lab' };

/** What comes of these files: the access, what is refused, and what is told. */
function read(files: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = LAB) {
  const folder = mkdtempSync(join(tmpdir(), 'acc-clouds-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries({ 'ca.pem': '', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const problems = new Problems();
  const told: string[] = [];
  const access = readCloud({ HOME: folder, ...environment }, folder, problems, (line) => told.push(line));
  let refused = '';
  try {
    problems.throwIfAny('Mend it.');
  } catch (error) {
    refused = messageOf(error);
  }
  return { access, refused, told: told.join('\n') };
}

const entry = (lines: string, auth = AUTH) => ({
  'clouds.yaml': `clouds:\n  lab:\n    auth: {${auth}}\n${lines.replace(/^/gm, '    ')}\n`,
});
const withPassword = (written: string) => entry('', AUTH.replace('password: pw', `password: ${written}`));

test.for([['12345678901234567890'], ['0123456789'], ['1e5'], ['1.5'], ['y']] as const)(
  'the password %s is sent as it is written',
  ([written]) => {
    expect(read(withPassword(written))).toMatchObject({ access: { password: written }, refused: '' });
  },
);

test.for([['012345'], ['1.50'], ['yes'], ['Off'], ['2024-01-01'], ['1:30'], ['1_000'], ['0x1F']] as const)(
  'a password %s that would not be sent as it is written is refused, and not printed',
  ([written]) => {
    const { access, refused } = read(withPassword(written));
    expect(access).toBeUndefined();
    expect(refused).toMatch(/auth\.password: is .* put it in quotes/);
    expect(refused).not.toContain(written);
  },
);

test('several interfaces are kept in order of preference', () => {
  const services = 'interface: [internal, publicURL]\nimage_interface: [admin, public]\ncompute_interface: [public]';
  expect(read(entry(services))).toMatchObject({
    refused: '',
    access: {
      interface: ['internal', 'public'],
      services: { image: { interface: ['admin', 'public'] }, compute: { interface: 'public' } },
    },
  });
  expect(read(entry('interface: []')).access).toMatchObject({ interface: 'public' });
  expect(read(entry('interface: [internal, moon]')).refused).toContain('moon is none of public, internal, admin');
});

test('what the client does with what is no settings of a password', () => {
  expect(read(entry('passcode: 123456')).refused).toContain('auth.passcode: is not known to auth_type password');
  const credential = { OS_AUTH_TYPE: 'v3applicationcredential', OS_AUTH_URL: 'http://k/v3', OS_IDENTITY_API_VERSION: '3' };
  const whole = { ...credential, OS_APPLICATION_CREDENTIAL_ID: 'c', OS_APPLICATION_CREDENTIAL_SECRET: 's' };
  expect(read({}, { ...whole, OS_USERNAME: 'op' }).refused).toContain('OS_USERNAME: needs user_domain_name');
  expect(read({}, { ...whole, OS_TRUST_ID: 't' }).refused).toContain('OS_TRUST_ID: is not supported');
  expect(read(entry('identity_api_version: 2.0')).access).toMatchObject({ userDomainId: 'default', projectDomainId: 'default' });
});

test('a project id of digits stays what it is', () => {
  const id = '12345678901234567890123456789012';
  expect(read(entry('', `${AUTH}, project_id: ${id}`)).access).toMatchObject({ projectId: id });
});

test('merge keys, and aliases by the hundred', () => {
  const text = `x: &x {region_name: R}\nmany: [${'*x, '.repeat(150)}]\nclouds: {lab: {<<: *x, auth: {${AUTH}}}}\n`;
  expect(read({ 'clouds.yaml': text })).toMatchObject({ access: { regionName: 'R' }, refused: '' });
});

test('regions with their own values, region_name as a list, a region that there is not', () => {
  const regions = entry('regions: [{name: A, values: {interface: internal}}, B]');
  expect(read(regions).access).toMatchObject({ regionName: 'A', interface: 'internal' });
  expect(read(regions, { ...LAB, OS_REGION_NAME: 'B' }).access).toMatchObject({ regionName: 'B', interface: 'public' });
  expect(read(entry('region_name: [A, B]')).access).toMatchObject({ regionName: 'A' });
  expect(read(entry('region_name: A'), { ...LAB, OS_REGION_NAME: 'B' }).refused).toMatch(/region B is none of this cloud's: A/);
});

test('keys beside auth, with dashes, and of old names', () => {
  const beside = AUTH.replace(', user_domain_name: ops', '').replace('project_name', 'tenant-name');
  expect(read(entry('user_domain_name: outside', beside)).access).toMatchObject({
    userDomainName: 'outside',
    projectName: 'acc',
  });
  expect(read(entry('', 'auth-url: http://k/v3, user-id: u1, password: pw, project-id: p1')).access).toMatchObject({
    authUrl: 'http://k/v3',
    userId: 'u1',
    projectId: 'p1',
  });
});

test('certificates: home, nothing, client’s own, and a variable on top', () => {
  expect(read(entry('cacert: ~/ca.pem\ncert: ~/ca.pem\nkey: ~/ca.pem')).access).toMatchObject({
    cacert: expect.stringMatching(/^\/.*\/ca\.pem$/),
    cert: expect.stringMatching(/^\/.*\/ca\.pem$/),
    key: expect.stringMatching(/^\/.*\/ca\.pem$/),
  });
  expect(read(entry("cacert: ''"))).toMatchObject({
    refused: '',
    access: expect.not.objectContaining({ cacert: expect.anything() }),
  });
  expect(read(entry('cacert: /nonexistent'), { ...LAB, OS_CACERT: '/dev/null' }).access).toMatchObject({ cacert: '/dev/null' });
});

test('single variables go on top of the cloud that OS_CLOUD names', () => {
  expect(read(entry(''), { ...LAB, OS_PASSWORD: 'top', OS_INTERFACE: 'internal' }).access).toMatchObject({
    password: 'top',
    interface: 'internal',
    projectName: 'acc',
  });
});

test('what is said of one service holds for it alone', () => {
  const services = 'volume_endpoint_override: http://v/v3\nimage_interface: internal\ncompute_region_name: C';
  expect(read(entry(services)).access?.services).toEqual({
    'block-storage': { endpoint: 'http://v/v3' },
    image: { interface: 'internal' },
    compute: { regionName: 'C' },
  });
});

test('a profile of clouds-public.yaml, one that nobody knows, and one of a vendor', () => {
  const vendors = { 'clouds-public.yaml': 'public-clouds: {p: {interface: internal, auth: {username: other}}}' };
  expect(read({ ...entry('profile: p'), ...vendors }).access).toMatchObject({ interface: 'internal', username: 'op' });
  expect(read(entry('profile: moon'))).toMatchObject({
    access: { username: 'op' },
    told: expect.stringMatching(/moon is in no clouds-public/),
  });
  expect(read(entry('profile: ovh')).refused).toMatch(/profile: ovh is a vendor's profile/);
});

test('a fault in another cloud’s entry, and an empty secure.yaml, do not matter', () => {
  const files = { 'clouds.yaml': `${entry('')['clouds.yaml']}  todo:\n  bad: {auth: [1]}\n`, 'secure.yaml': '# nothing\n' };
  expect(read(files)).toMatchObject({ access: { username: 'op' }, refused: '' });
});

test.for([
  [
    'Identity v2.0',
    entry('', AUTH.replace('/v3', '/v2.0')),
    /auth_url: http:\/\/k\/v2\.0 is Identity API v2\.0.*end it with \/v3/,
  ],
  ['verify: no', entry('verify: no'), /verify: certificates are always verified/],
  ['verify in quotes', entry("verify: 'False'"), /verify: is text or a number/],
  [
    'an unknown key of auth',
    entry('', `${AUTH}, usernme: x`),
    /auth\.usernme: is not known to auth_type password \(username\?\)/,
  ],
  [
    'a credential without its type',
    entry('', 'auth_url: http://k, application_credential_id: c'),
    /but to v3applicationcredential/,
  ],
  ['a project that is nothing', entry('', AUTH.replace('project_name: acc', 'project_name: ')), /takes for the word None/],
  [
    'braces that nothing fills',
    entry('', AUTH.replace('http://k', '"http://{moon}"').replace('/v3', '')),
    /\{moon\} stands for nothing/,
  ],
  ['braces in a setting that nobody looks at', entry('colour: "{moon}"'), /colour: \{moon\} stands for nothing/],
  [
    'a user without a domain',
    entry('auth_type: v3password', 'auth_url: http://k/v3, username: op, password: pw, project_id: p1'),
    /auth\.username: needs user_domain_name or user_domain_id with auth_type v3password/,
  ],
] as const)('%s is refused at once', ([, files, refused]) => {
  expect(read(files)).toMatchObject({ access: undefined, refused: expect.stringMatching(refused) });
});

test('keys that nobody looks at, and keys that stand twice, are told', () => {
  const { access, told } = read(entry('regoin_name: A\nregion_name: B\nregion_name: C'));
  expect(access).toMatchObject({ regionName: 'C' });
  expect(told).toMatch(/the key region_name \(line 6, column 5\) stands twice/);
  expect(told).toMatch(/regoin_name is no setting that is known \(region_name\?\)/);
});

test('a variable that makes openstacksdk forget clouds.yaml is named', () => {
  expect(read(entry(''), { OS_IDENTITY_API_VERSION: '3' }).refused).toMatch(
    /OS_CLOUD: is not set, and OS_IDENTITY_API_VERSION is/,
  );
});

test('a file that is not in UTF-8 is named, and not quoted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'acc-clouds-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'clouds.yaml'), Buffer.from('clouds: {lab: {auth: {password: m\xfcll}}}', 'latin1'));
  const problems = new Problems();
  expect(readCloud(LAB, folder, problems)).toBeUndefined();
  expect(() => problems.throwIfAny('Mend it.')).toThrow(/clouds\.yaml: it is not in UTF-8/);
});
