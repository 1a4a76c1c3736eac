import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readGivenSettings, readSettings } from './config.ts';

function folderWith(text: string, name = 'acceptance.yaml') {
  const path = mkdtempSync(join(tmpdir(), 'acc-settings-'));
  writeFileSync(join(path, name), text);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test('a settings file counts after options and variables, texts stay as written, and it is told who gave what', () => {
  using folder = folderWith(`target: live
cloud: prod
volume-type: 0123
template: from the file
replication: 2
waivers: answered.yaml
hosts: [{ name: a, client: 1, transport: local }]
only: [extend, fill]
keep-on-failure: yes
nic:
`);
  const { settings, given, unused } = readGivenSettings(
    { replication: '3' },
    { INIT_CWD: folder.path, ACCEPTANCE_TEMPLATE: 'of the variable' },
  );

  expect(settings).toMatchObject({
    ...{ target: 'live', cloud: 'prod', volumeType: '0123', template: 'of the variable', replication: 3, nic: 'none' },
    ...{ waivers: join(folder.path, 'answered.yaml'), only: ['extend', 'fill'], keepOnFailure: true },
    hosts: [{ name: 'a', client: 1, transport: 'local' }],
  });
  expect(given).toEqual({
    replication: '3 (--replication)',
    template: 'of the variable (ACCEPTANCE_TEMPLATE)',
    target: 'live (acceptance.yaml)',
    cloud: 'prod (acceptance.yaml)',
    'volume-type': '0123 (acceptance.yaml)',
    waivers: `${join(folder.path, 'answered.yaml')} (acceptance.yaml)`,
    hosts: '1 listed (acceptance.yaml)',
    only: 'extend fill (acceptance.yaml)',
    'keep-on-failure': 'yes (acceptance.yaml)',
  });
  expect(unused).toBeUndefined();
});

test('it says nothing of another target, and can be left out', () => {
  using folder = folderWith('target: live\ntemplate: hybrid\n');
  const from = { INIT_CWD: folder.path };

  const other = readGivenSettings({ target: 'embedded' }, from);
  expect(other.settings.template).toBeUndefined();
  expect(other.unused).toBe(join(folder.path, 'acceptance.yaml'));
  expect(readSettings({ config: 'none' }, from)).toMatchObject({ target: 'embedded', config: 'none' });
});

test('another file is named from where the person is, and its paths count from where it lies', () => {
  using folder = folderWith('target: live\nhosts: hosts.yaml\nimage: disks/a.qcow2\n', 'prod.yaml');
  using elsewhere = folderWith('target: moon\n');

  expect(readSettings({ config: join(folder.path, 'prod.yaml') }, { INIT_CWD: elsewhere.path })).toMatchObject({
    ...{ target: 'live', hosts: join(folder.path, 'hosts.yaml'), image: join(folder.path, 'disks/a.qcow2') },
  });
  expect(readSettings({}, { INIT_CWD: folder.path, ACCEPTANCE_CONFIG: 'prod.yaml' }).target).toBe('live');
});

test.for([
  ['target: live\ntemplat: x\n', /acceptance\.yaml: templat: there is no such setting in this file: did you mean template\?/],
  ['target: live\nyes: true\n', /acceptance\.yaml: yes: there is no such setting in this file/],
  ['template: x\n', /acceptance\.yaml: target: missing: say which target/],
  ['target: moon\n', /acceptance\.yaml: target: [^\n]*"moon"/],
  ['target: live\nreplication: 7\n', /acceptance\.yaml: replication: /],
  ['- target: live\n', /acceptance\.yaml: it is no mapping of settings/],
  ['target: live\n  template: x\n', /acceptance\.yaml: .*line/],
  ['', /acceptance\.yaml: it is no mapping of settings/],
] as const)('%j is refused with the line that is wrong', ([text, said]) => {
  using folder = folderWith(text);
  expect(() => readSettings({}, { INIT_CWD: folder.path })).toThrow(said);
});

test('a file that is named must be there', () => {
  using folder = folderWith('target: live\n');
  expect(() => readSettings({ config: 'prod.yaml' }, { INIT_CWD: folder.path })).toThrow(/prod\.yaml: ENOENT/);
});

test('a file that is called otherwise, leads nowhere or is for a target that is none is told, whatever was typed', () => {
  using other = folderWith('target: live\n', 'acceptance.yml');
  expect(() => readSettings({}, { INIT_CWD: other.path })).toThrow(/acceptance\.yml: settings are read from acceptance\.yaml/);
  using astray = folderWith('', 'x');
  symlinkSync('nowhere', join(astray.path, 'acceptance.yaml'));
  expect(() => readSettings({}, { INIT_CWD: astray.path })).toThrow(/acceptance\.yaml: ENOENT/);
  using mistyped = folderWith('target: Live\ntemplate: hybrid\n');
  expect(() => readSettings({ target: 'live' }, { INIT_CWD: mistyped.path })).toThrow(/target: it is "Live"/);
});

test.for([
  'target: live\neverywhere: True\nonly: [create, fill]\n',
  '\ufefftarget: live\r\neverywhere: Yes\r\nonly:\r\n  - create\r\n  - fill\r\n',
  '---\ntarget: "live" # ours\neverywhere: ON\nonly: >-\n  create\n  fill\n...\n',
  '%YAML 1.2\n---\n{target: \'live\', everywhere: "true", only: [\n  create,\n  fill,\n]}\n',
])('whichever way people write it, it says the same: %j', (text) => {
  using folder = folderWith(text);

  const { settings } = readGivenSettings({}, { INIT_CWD: folder.path });

  expect(settings).toMatchObject({ target: 'live', everywhere: true, only: ['create', 'fill'] });
});
