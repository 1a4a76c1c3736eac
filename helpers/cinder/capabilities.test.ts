import { expect, test } from 'vitest';
import { destinationsOf, fits, leadsToStorpoolOnly, poolAt } from './capabilities.ts';

const pool = (capabilities: Readonly<Record<string, unknown>>, name = 'c@b#p') => ({ name, capabilities });
const STORPOOL = pool(
  { volume_backend_name: 'storpool', storage_protocol: 'storpool', vendor_name: 'StorPool' },
  'c@storpool#default',
);
const LVM = pool({ volume_backend_name: 'lvm', storage_protocol: 'iSCSI', vendor_name: 'Open Source' }, 'c@lvm#LVM');

test.for([
  ['<or> ceph <or> storpool', 'storpool', true],
  ['<or> ceph <or> lvm', 'storpool', false],
  ['<or>', 'storpool', false],
  ['storpool', 'storpool', true],
  ['Storpool', 'storpool', false],
  ['two words', 'two words', true],
  ['<is> True', true, true],
  ['<is> true', 'yes', true],
  ['<is> False', true, false],
  ['<in> pool', 'storpool', true],
  ['<in> ssd', ['hdd', 'ssd-2'], true],
  ['= 10', 11, true],
  ['= 10', 9, false],
  ['== 10', '10.0', true],
  ['!= 10', 10, false],
  ['>= 3', 3, true],
  ['<= 3', 4, false],
  ['>= 3', 'unknown', false],
  ['s== a', 'a', true],
  ['s!= a', 'a', false],
  ['s< b', 'a', true],
  ['s>= b', 'a', false],
  ['<is>', true, false],
  ['storpool', undefined, false],
] as const)('an extra spec %s of a pool with %s: %s', ([wanted, offered, expected]) => {
  expect(fits(pool({ key: offered }), { extraSpecs: { key: wanted } })).toBe(expected);
});

test('only what is not scoped, or scoped as a capability, is asked of a pool', () => {
  const has = pool({ volume_backend_name: 'storpool', nested: { deep: 'x' } });
  expect(fits(has, { extraSpecs: { 'capabilities:volume_backend_name': 'storpool', 'storpool:qos_class': 'gold' } })).toBe(true);
  expect(fits(has, { extraSpecs: { 'capabilities:nested:deep': 'x' } })).toBe(true);
  expect(fits(has, { extraSpecs: { 'capabilities:nested:other': 'x' } })).toBe(false);
  expect(fits(has, { extraSpecs: { constructor: 'x' } })).toBe(false);
});

test('a type leads where its extra specs let it', () => {
  const pools = [STORPOOL, LVM];
  expect(destinationsOf({ extraSpecs: {} }, pools)).toEqual({ storpool: [STORPOOL], others: [LVM] });
  expect(leadsToStorpoolOnly({ extraSpecs: {} }, pools)).toBe(false);
  expect(leadsToStorpoolOnly({ extraSpecs: {} }, [STORPOOL])).toBe(true);
  expect(leadsToStorpoolOnly({ extraSpecs: { volume_backend_name: '<or> storpool <or> ceph' } }, pools)).toBe(true);
  expect(leadsToStorpoolOnly({ extraSpecs: { volume_backend_name: 'lvm' } }, pools)).toBe(false);
});

test('a pool called after its cluster is found by the host that serves it', () => {
  const clustered = { ...STORPOOL, name: 'trio@storpool#default' };
  const services = [{ host: 'c2@storpool', cluster: 'trio@storpool' }];
  expect(poolAt('c2@storpool#default', [LVM, clustered], services)).toBe(clustered);
  expect(poolAt('c3@storpool#default', [LVM, clustered], services)).toBeUndefined();
  expect(poolAt('c@lvm#LVM', [LVM, clustered], services)).toBe(LVM);
});
