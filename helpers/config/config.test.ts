import { join } from 'node:path';
import { expect, test } from 'vitest';
import { glanceName, optionOf, readSettings, systemEnvironment, variableOf } from './config.ts';

test('without anything said the defaults hold', () => {
  expect(readSettings({}, {})).toEqual({
    target: 'embedded',
    only: [],
    exclude: [],
    everywhere: false,
    lastFailed: false,
    image: 'canary',
    nic: 'none',
    keepOnFailure: false,
    yes: false,
    small: false,
    keep: false,
    reuse: false,
  });
});

test('every setting can also be a variable, and an option wins over it', () => {
  const variables = {
    ACCEPTANCE_TARGET: 'live',
    ACCEPTANCE_ONLY: 'extend.size, 5',
    ACCEPTANCE_REPLICATION: '2',
    ACCEPTANCE_VOLUME_TYPE: 'storpool',
    ACCEPTANCE_KEEP_ON_FAILURE: 'yes',
    ACCEPTANCE_TEMPLATE: 'ssd',
  };
  expect(readSettings({ template: 'hybrid', keepOnFailure: false }, variables)).toMatchObject({
    target: 'live',
    only: ['extend.size', '5'],
    replication: 2,
    volumeType: 'storpool',
    keepOnFailure: false,
    template: 'hybrid',
  });
});

test('an empty variable is as good as none', () => {
  expect(readSettings({}, { ACCEPTANCE_TARGET: '', ACCEPTANCE_TEMPLATE: '' }).target).toBe('embedded');
});

test('all problems are told together, by the name that the person used', () => {
  const reading = () =>
    readSettings({ replication: '7' }, { ACCEPTANCE_TARGET: 'moon', ACCEPTANCE_TEMPLAT: 'x', ACCEPTANCE_IMAGE: 'glance:' });
  expect(reading).toThrow(/4 settings are not right/);
  expect(reading).toThrow(/ACCEPTANCE_TARGET: [\s\S]*it is "moon"/);
  expect(reading).toThrow(/--replication: /);
  expect(() => readSettings({ replication: 'x' }, {})).toThrow('--replication: must be 1, 2 or 3 (it is "x")');
  expect(reading).toThrow(/ACCEPTANCE_TEMPLAT: there is no such setting/);
  expect(reading).toThrow(/ACCEPTANCE_IMAGE: name the image/);
});

test('what only containers know is refused elsewhere', () => {
  expect(readSettings({ small: true, target: 'container' }, { ACCEPTANCE_KEEP: '1' })).toMatchObject({ small: true, keep: true });
  expect(() => readSettings({ small: true }, { ACCEPTANCE_KEEP: '1', ACCEPTANCE_REUSE: 'no' })).toThrow(
    /2 settings are not right[\s\S]*--small: only[\s\S]*ACCEPTANCE_KEEP: only/,
  );
});

test('hypervisors are counted, and there are none to count where one host is everything', () => {
  const read = (options: object) => readSettings({ target: 'container', ...options }, {}).hypervisors;
  expect(read({ hypervisors: '3' })).toBe(3);
  expect(read({})).toBeUndefined();
  for (const hypervisors of ['0', '1.5', 'x', '10']) {
    expect(() => read({ hypervisors })).toThrow(`--hypervisors: must be a number from 1 to 9 (it is "${hypervisors}")`);
  }
  expect(() => read({ hypervisors: '3', small: true })).toThrow(
    '--hypervisors: there is one host that is everything with `--small`',
  );
  expect(() => read({ hypervisors: '3', layout: 'kolla' })).toThrow(/--hypervisors: there is one host .* with `--layout`/);
});

test('drivers are given one by one, or in one line in which each follows a component; only containers have them', () => {
  const read = (options: object, line?: string) =>
    readSettings({ target: 'container', ...options }, { ACCEPTANCE_DRIVER: line }).driver;
  expect(read({})).toBeUndefined();
  expect(read({ driver: ['cinder=a b', 'nova=c'] })).toEqual(['cinder=a b', 'nova=c']);
  expect(read({}, 'cinder=/a b,c  os-brick=d, nova=e')).toEqual(['cinder=/a b,c', 'os-brick=d', 'nova=e']);
  expect(() => readSettings({ driver: ['cinder=a'] }, {})).toThrow(/--driver: only `--target container` knows it/);
});

test('what the suite’s own processes tell each other is no setting', () => {
  expect(readSettings({}, { ACCEPTANCE_RUN: '{}', ACCEPTANCE_PROOF: '{}' }).target).toBe('embedded');
});

test('names follow from the setting', () => {
  expect(variableOf('keepOnFailure')).toBe('ACCEPTANCE_KEEP_ON_FAILURE');
  expect(optionOf('volumeType')).toBe('--volume-type');
});

test('commands see a path and a home, and no secret', () => {
  expect(systemEnvironment({ PATH: '/bin', HOME: '/root', OS_PASSWORD: 'hunter22' })).toEqual({ PATH: '/bin', HOME: '/root' });
});

test('an image is a file where it was typed, or a name in Glance with all its colons', () => {
  const image = (setting: string) => readSettings({ image: setting }, { INIT_CWD: '/home/operator' }).image;
  expect(['canary', 'glance:my:name', '/srv/a.qcow2', 'b-2024-01-01T10:00.raw', '../c.img'].map(image)).toEqual([
    ...['canary', 'glance:my:name', '/srv/a.qcow2', '/home/operator/b-2024-01-01T10:00.raw', '/home/c.img'],
  ]);
  expect(image('package.json')).toBe(join(process.cwd(), 'package.json'));
  expect(glanceName('glance:my:name')).toBe('my:name');
});
