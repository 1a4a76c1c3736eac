import { expect, test } from 'vitest';
import { applicability, compareVersions, driverFits, seriesOf } from './release.ts';

test('versions are ordered, those by year before all others', () => {
  const versions = ['31.0.0', '2015.1.0', '6.9.0', '2014.2.3', '6.10.0', '6.10'];
  expect(versions.toSorted(compareVersions)).toEqual(['2014.2.3', '2015.1.0', '6.9.0', '6.10.0', '6.10', '31.0.0']);
});

test.for([
  [{ 'os-brick': '6.9.3', cinder: '25.0.0' }, true],
  [{ 'os-brick': '6.10.0', cinder: '26.0.0' }, false],
  [{ cinder: '2014.2.3' }, true],
  [{ nova: '2015.1.0' }, true],
  [{ cinder: '26.0.0' }, undefined],
  [{}, undefined],
] as const)('with %j the attach database is needed: %s', ([installed, applies]) => {
  expect(applicability('attach-database', installed).applies).toBe(applies);
});

test('what does not apply says which version tells so, and why', () => {
  expect(applicability('nova-patched-files', { nova: '17.0.0' })).toEqual({
    applies: false,
    evidence: 'nova 17.0.0: Nova has StorPool’s volume driver in its tree since Queens',
  });
  expect(applicability('nova-volume-drivers', { nova: '2014.2.3' }).applies).toBe(true);
  expect(applicability('nova-volume-drivers', { nova: '2015.1.0' }).applies).toBe(false);
});

test('a version tells its series', () => {
  expect(seriesOf('cinder', '21.3.1')).toBe('Zed');
  expect(seriesOf('nova', '31.0.0')).toBe('2025.1');
  expect(seriesOf('nova', '2014.2.3')).toBe('Juno');
  expect(seriesOf('cinder', '99.0')).toBeUndefined();
});

test('a driver file fits the releases that it was made for', () => {
  expect(driverFits('0.1.0', '2014.2.3')).toBe(true);
  expect(driverFits('0.1.0', '2015.1.0')).toBe(false);
  expect(driverFits('1.2.3', '21.3.1')).toBe(true);
  expect(driverFits('1.2.3', '26.0.0')).toBe(false);
  expect(driverFits('2.4.0', '21.3.1')).toBe(true);
  expect(driverFits('9.9', '26.0.0')).toBeUndefined();
});
