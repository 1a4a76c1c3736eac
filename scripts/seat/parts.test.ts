import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asTypedHere, notPacked, seat } from '../../bin/seat.ts';
import { filesOfPackage, packagesOf, sourcesOf } from './parts.ts';

const ROOT = join(import.meta.dirname, '../..');

test('in its sources the suite advises commands as npm runs them, packed as they are called there; a missing module is a defect', () => {
  expect(seat).toBeUndefined();
  expect(asTypedHere('npm run sweep -- --yes')).toBe('npm run sweep -- --yes');
  const packed = { version: '1', commit: '', command: 'npx acceptance' };
  expect(asTypedHere('npm run sweep -- --yes, npm run acceptance -- list', packed)).toBe(
    'npx acceptance sweep --yes, npx acceptance list',
  );
  expect(notPacked(Object.assign(new Error('x'), { code: 'ERR_MODULE_NOT_FOUND' }))).toBeUndefined();
});

test('what is packed for a seat is what a run needs, and neither tests nor their tools nor containers', () => {
  const sources = sourcesOf(ROOT);

  expect(sources).toEqual(expect.arrayContaining(['bin/main.ts', 'helpers/hosts/probe/probe.sh', 'fixtures/mock/cluster.ts']));
  expect(sources.filter((path) => path.endsWith('.scenario.ts')).length).toBeGreaterThan(10);
  expect(sources.filter((path) => /\/testing\/|\.test\.ts$|^fixtures\/containers\/cluster\/cluster/.test(path))).toEqual([]);
  expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('its libraries are those of runs, without what only developers read', { timeout: 180_000 }, () => {
  const packages = packagesOf(ROOT);

  expect(packages).toEqual(expect.arrayContaining(['node_modules/vitest', 'node_modules/zod', 'node_modules/playwright-core']));
  expect(packages.filter((folder) => /testcontainers|typescript$|@biomejs|fast-check/.test(folder))).toEqual([]);
  const files = filesOfPackage(ROOT, 'node_modules/zod');
  expect(files).toContain('node_modules/zod/package.json');
  expect(files.filter((path) => path.endsWith('.d.ts'))).toEqual([]);
});
