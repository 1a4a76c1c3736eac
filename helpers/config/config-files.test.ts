import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readCloud } from './clouds/cloud.ts';
import { readHosts, thisHost } from './hosts.ts';
import { Problems } from './problems.ts';
import { readStorpool } from './storpool.ts';

/** A folder with these files, removed at the end. */
function files(contents: Readonly<Record<string, string>>): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'acc-config-'));
  for (const [name, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

const said = (problems: Problems): string => {
  try {
    problems.throwIfAny('Mend it.');
  } catch (error) {
    return String(error);
  }
  return '';
};

const CLOUDS = `
clouds:
  lab:
    auth: {auth_url: 'http://lab:5000', username: op, project_name: acc, user_domain_id: default}
    region_name: RegionOne
    interface: internal
  prod:
    auth: {auth_url: 'https://prod:5000/v3', username: op, project_id: 1234, password: known-secret}
`;

test('the cloud that OS_CLOUD names is read, with its password from secure.yaml', () => {
  using dir = files({ 'clouds.yaml': CLOUDS, 'secure.yaml': 'clouds: {lab: {auth: {password: hunter22}}}' });
  const problems = new Problems();
  expect(readCloud({ OS_CLOUD: 'lab' }, dir.path, problems)).toEqual({
    authUrl: 'http://lab:5000',
    username: 'op',
    password: 'hunter22',
    projectName: 'acc',
    userDomainName: 'Default',
    userDomainId: 'default',
    projectDomainName: 'Default',
    projectDomainId: 'default',
    regionName: 'RegionOne',
    interface: 'internal',
  });
  expect(said(problems)).toBe('');
  expect(readCloud({ OS_CLOUD: 'prod' }, dir.path, problems)).toMatchObject({ projectId: '1234', interface: 'public' });
});

test('OS_CLIENT_CONFIG_FILE wins over the working folder, which wins over the home', () => {
  const cloud = (name: string) =>
    `clouds: {${name}: {auth: {auth_url: 'http://${name}', username: u, password: pppp, project_name: p}}}`;
  using dir = files({
    'clouds.yaml': cloud('here'),
    'home/.config/openstack/clouds.yaml': cloud('home'),
    'given.yml': cloud('given'),
  });
  const HOME = join(dir.path, 'home');
  const url = (environment: Record<string, string>, cwd: string) => readCloud(environment, cwd, new Problems())?.authUrl;
  expect(url({ HOME }, '/nonexistent')).toBe('http://home');
  expect(url({ HOME }, dir.path)).toBe('http://here');
  expect(url({ HOME, OS_CLIENT_CONFIG_FILE: join(dir.path, 'given.yml') }, dir.path)).toBe('http://given');
});

test('the OS_* variables of an rc file do without clouds.yaml', () => {
  const problems = new Problems();
  const variables = {
    OS_AUTH_URL: 'http://lab:5000/v3',
    OS_USERNAME: 'op',
    OS_PASSWORD: 'hunter22',
    OS_PROJECT_NAME: 'acc',
    OS_PROJECT_ID: '99',
    OS_USER_DOMAIN_NAME: 'ops',
    OS_PROJECT_DOMAIN_ID: 'default',
    OS_REGION_NAME: 'R2',
    OS_INTERFACE: 'adminURL',
  };
  expect(readCloud(variables, '/nonexistent', problems)).toMatchObject({
    username: 'op',
    projectName: 'acc',
    userDomainName: 'ops',
    projectDomainId: 'default',
    regionName: 'R2',
    interface: 'admin',
  });
  expect(readCloud({ ...variables, OS_CLOUD: '', OS_CLIENT_CONFIG_FILE: '' }, '/nonexistent', problems)).toMatchObject({
    username: 'op',
  });
  expect(said(problems)).toBe('');
});

test('an application credential does without a user and a project', () => {
  using dir = files({
    'clouds.yaml':
      'clouds: {a: {auth_type: v3applicationcredential, auth: {auth_url: http://lab, application_credential_id: c1, application_credential_secret: s3}}}',
  });
  const problems = new Problems();
  expect(readCloud({}, dir.path, problems)).toMatchObject({
    applicationCredential: { id: 'c1' },
    password: 's3',
    projectName: '',
  });
  const variables = {
    OS_AUTH_URL: 'http://lab',
    OS_AUTH_TYPE: 'v3applicationcredential',
    OS_APPLICATION_CREDENTIAL_NAME: 'acc',
    OS_APPLICATION_CREDENTIAL_SECRET: 's3',
  };
  expect(readCloud({ ...variables, OS_USERNAME: 'op', OS_USER_DOMAIN_NAME: 'ops' }, dir.path, problems)).toMatchObject({
    applicationCredential: { name: 'acc' },
    username: 'op',
  });
  expect(said(problems)).toBe('');
  expect(readCloud(variables, dir.path, problems)).toBeUndefined();
  expect(said(problems)).toContain('OS_USERNAME: missing');
});

test('whatever is missing or not supported is told at once', () => {
  using dir = files({
    'clouds.yaml':
      "clouds: {a: {auth: {auth_url: 'lab:5000'}, auth_type: v3oidcpassword, interface: moon, verify: false, cacert: /nonexistent/ca.pem}}",
  });
  const problems = new Problems();
  expect(readCloud({}, dir.path, problems)).toBeUndefined();
  for (const name of [
    'auth.username',
    'auth.password',
    'auth.project_name',
    'auth.auth_url',
    'auth_type',
    'interface',
    'verify',
    'cacert',
  ]) {
    expect(said(problems)).toContain(`${join(dir.path, 'clouds.yaml')}, cloud a: ${name}: `);
  }
});

test.for([
  ['nothing at all', {}, {}, /OS_CLOUD or OS_AUTH_URL: no cloud is named/],
  ['an unknown cloud', { 'clouds.yaml': CLOUDS }, { OS_CLOUD: 'none' }, /none: .*has the clouds lab, prod/],
  ['several clouds and no name', { 'clouds.yaml': CLOUDS }, {}, /\(not set\): .*has the clouds lab, prod/],
  ['a file that is no YAML', { 'clouds.yaml': 'a: [' }, {}, /clouds\.yaml: Flow sequence/],
  ['a file without clouds', { 'clouds.yaml': 'x: 1' }, {}, /clouds\.yaml: clouds: /],
] as const)('%s is one clear problem', ([, contents, environment, message]) => {
  using dir = files(contents);
  const problems = new Problems();
  expect(readCloud(environment, dir.path, problems)).toBeUndefined();
  expect(problems.count).toBe(1);
  expect(said(problems)).toMatch(message);
});

test('StorPool’s files are merged, the host’s own section wins, then the environment', () => {
  using dir = files({
    'storpool.conf':
      'SP_AUTH_TOKEN=1111\nSP_API_HTTP_HOST=10.0.0.1\n[node-1]\nSP_OURID=11\nSP_API_HTTP_PORT=8181\n[node-2]\nSP_OURID=12\n',
    'storpool.conf.d/10-token.conf': 'SP_AUTH_TOKEN=2222\nSP_API_HTTP_PORT=82\n',
    'storpool.conf.d/20-prefix.conf': 'SP_OPENSTACK_VOLUME_PREFIX=lab\nSP_AUTH_TOKEN=3333\n',
    'storpool.conf.d/.hidden.conf': 'SP_AUTH_TOKEN=4444\n',
    'storpool.conf.d/other.txt': 'SP_AUTH_TOKEN=5555\n',
  });
  const STORPOOL_CONF = join(dir.path, 'storpool.conf');
  const problems = new Problems();
  expect(readStorpool({ STORPOOL_CONF }, 'node-1', problems)).toEqual({
    access: { host: '10.0.0.1', port: 8181, token: '3333', prefix: 'lab' },
    client: 11,
  });
  expect(readStorpool({ STORPOOL_CONF, SP_API_HTTP_PORT: '83', SP_AUTH_TOKEN: '6666' }, 'node-2', problems)).toEqual({
    access: { host: '10.0.0.1', port: 83, token: '6666', prefix: 'lab' },
    client: 12,
  });
  expect(said(problems)).toBe('');
});

test('a file that os-brick or StorPool’s packages can read is read, and what neither can is a problem, without its words', () => {
  const problems = new Problems();
  using dir = files({ 'storpool.conf': 'SP_AUTH_TOKEN=1111\nSP_PROXY=http://u:p%40ss@x\n[n]\n  SP_OURID=0x1\n' });
  expect(readStorpool({ STORPOOL_CONF: join(dir.path, 'storpool.conf') }, 'n', problems).access?.token).toBe('1111');
  expect(said(problems)).toMatch(/SP_OURID: 0x1 is no whole number/);
  using broken = files({ 'storpool.conf': 'SP_AUTH_TOKEN=1111\n=======secret\n' });
  readStorpool({ STORPOOL_CONF: join(broken.path, 'storpool.conf') }, 'n', problems);
  expect(said(problems)).toMatch(/storpool\.conf: line 2 is a conflict marker of git/);
  expect(said(problems)).not.toContain('secret');
});

test('the environment alone is enough, with StorPool’s own defaults', () => {
  const problems = new Problems();
  expect(readStorpool({ STORPOOL_CONF: '/nonexistent/storpool.conf', SP_AUTH_TOKEN: '1111' }, 'n', problems)).toEqual({
    access: { host: '127.0.0.1', port: 81, token: '1111', prefix: 'os' },
  });
  expect(said(problems)).toBe('');
});

test('a missing token, a wrong port and a wrong client id are told together', () => {
  const problems = new Problems();
  readStorpool({ STORPOOL_CONF: '/nonexistent/storpool.conf', SP_API_HTTP_PORT: 'x', SP_OURID: '5000' }, 'n', problems);
  expect(said(problems)).toMatch(
    /SP_AUTH_TOKEN: there is no \/nonexistent\/storpool.conf[\s\S]*SP_API_HTTP_PORT: x is no[\s\S]*SP_OURID: 5000 is no/,
  );
});

test('a hosts file lists the hosts, the seat first', () => {
  using dir = files({
    'hosts.yaml': '- {name: c, client: 1, transport: local}\n- {name: h, client: 2, devices: /x, transport: {kind: local}}\n',
  });
  const problems = new Problems();
  expect(readHosts(join(dir.path, 'hosts.yaml'), problems)).toEqual([
    { name: 'c', client: 1, devices: '/dev/storpool', transport: { kind: 'local' } },
    { name: 'h', client: 2, devices: '/x', transport: { kind: 'local' } },
  ]);
  expect(said(problems)).toBe('');
});

test('a hosts file that is wrong names each field', () => {
  using dir = files({
    'bad.yaml': '- {name: c, client: 0, transport: local, colour: red}\n',
    'twice.yaml': '- {name: c, client: 1, transport: local}\n- {name: d, client: 1, transport: local}\n',
  });
  const problems = new Problems();
  readHosts(join(dir.path, 'bad.yaml'), problems);
  readHosts(join(dir.path, 'twice.yaml'), problems);
  readHosts(join(dir.path, 'none.yaml'), problems);
  expect(said(problems)).toMatch(/bad\.yaml: 0\.client: [\s\S]*twice\.yaml: client: 1 is given twice[\s\S]*none\.yaml: ENOENT/);
});

test('this machine alone needs its SP_OURID', () => {
  const problems = new Problems();
  expect(thisHost('node-1', 11, problems)).toEqual([
    { name: 'node-1', client: 11, devices: '/dev/storpool', transport: { kind: 'local' } },
  ]);
  expect(thisHost('node-1', undefined, problems)).toEqual([]);
  expect(said(problems)).toMatch(/SP_OURID: missing: .*\[node-1\]/);
});
