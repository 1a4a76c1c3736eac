import { expect, test } from 'vitest';
import type { ServedMock } from '../../fixtures/mock/standalone.ts';
import { careless, onlyIn, PASSWORD, telltale } from './secrets-for-tests.ts';

const PATIENCE_MS = 240_000;

test('a run that is accepted holds no secret in its files, its output and its command lines', {
  timeout: PATIENCE_MS,
}, async () => {
  const { code, leaks, files, output, tokens } = await telltale({ commands: [['run', '--only', 'create,image']] });

  expect(code, output).toBe(0);
  expect(leaks).toEqual([]);
  expect(files.length).toBeGreaterThan(5);
  expect(tokens).toBeGreaterThan(1);
});

test('nor does a run that fails in many places with words that repeat all of them', { timeout: PATIENCE_MS }, async () => {
  const faults = [
    onlyIn('create', careless('cinder.createVolume', 400)),
    careless('glance.createImage', 403),
    careless('storpool.VolumesReassignWait', 409),
  ];
  const { code, leaks, output } = await telltale({ faults, commands: [['run', '--only', 'create,image,extend']] });

  expect(code, output).toBe(1);
  expect(leaks).toEqual([]);
  expect(output).toContain('******');
});

test('nor does a bundle of such a run, which holds together', { timeout: PATIENCE_MS }, async () => {
  const faults = [onlyIn('create', careless('cinder.createVolume', 400)), careless('glance.createImage', 403)];
  const commands = [
    ['run', '--only', 'create,image'],
    ['bundle', '--out', 'RUNS/bundle.tar.gz'],
    ['verify', 'RUNS/bundle.tar.gz'],
  ];
  const { code, leaks, output, files } = await telltale({ faults, commands });

  expect(code, output).toBe(0);
  expect(leaks).toEqual([]);
  expect(files.filter((path) => path.endsWith('.tar.gz'))).toHaveLength(1);
  expect(output).toContain('✔ the verdict is what the statement says: rejected');
});

test('nor does one that leaves things behind, as nobody may see them', { timeout: PATIENCE_MS }, async () => {
  const { code, leaks, output } = await telltale({
    faults: [careless('cinder.showVolume', 500)],
    commands: [['run', '--only', 'delete']],
  });

  expect(code, output).toBe(3);
  expect(leaks).toEqual([]);
  expect(output).toContain('******');
});

test('nor does one that cannot begin', { timeout: PATIENCE_MS }, async () => {
  const { code, leaks, output } = await telltale({
    faults: [careless('keystone.createToken', 401)],
    commands: [['run', '--only', 'create']],
  });

  expect(code, output).toBe(2);
  expect(leaks).toEqual([]);
});

test('nor do the commands that look, show and sweep, when all is well', { timeout: PATIENCE_MS }, async () => {
  const commands = [['doctor'], ['plan'], ['sweep', '--yes']];

  const { leaks, output } = await telltale({ commands });

  expect(leaks).toEqual([]);
  expect(output).toContain('There is nothing to sweep');
});

test('nor do they when services say back what they were sent', { timeout: PATIENCE_MS }, async () => {
  const faults = ['cinder.listPools', 'nova.listServices', 'storpool.ServicesList', 'glance.listImages'].map((seam) =>
    careless(seam, 500),
  );
  const commands = [['run', '--only', 'delete'], ['doctor'], ['sweep', '--yes']];

  const { leaks, output } = await telltale({ faults, commands });

  expect(leaks).toEqual([]);
  expect(output).toContain('******');
});

test('a password that stands in the environment is as secret', { timeout: PATIENCE_MS }, async () => {
  const faults = [onlyIn('create', careless('cinder.createVolume', 400))];
  const environment = ({ cluster: { core } }: ServedMock) => ({
    ...{ OS_CLOUD: '', OS_AUTH_URL: `${core.url('keystone')}/v3`, OS_USERNAME: 'admin', OS_PASSWORD: PASSWORD },
    ...{ OS_PROJECT_NAME: 'admin', OS_USER_DOMAIN_NAME: 'Default', OS_PROJECT_DOMAIN_NAME: 'Default' },
  });

  const { code, leaks, output, tokens } = await telltale({
    faults,
    environment,
    commands: [['run', '--only', 'create']],
  });

  expect(tokens, output).toBeGreaterThan(1);
  expect(output).toContain('create.available');
  expect(leaks).toEqual([]);
  expect(code, output).toBe(1);
});
