import { expect, test } from 'vitest';
import { type AtLink, type DeviceSight, identify, standInsOf, Unproved } from './device-proof.ts';

const devices = '/dev/storpool';
const volume = { name: 'os--volume-1', globalId: 'd.n.b7f', size: 1024, mark: 'run' };
const byName = '/dev/storpool/os--volume-1';
const byId = '/dev/storpool-byid/d.n.b7f';

const at = (path: string, more: Partial<AtLink> = {}): AtLink => ({
  ...{ isLink: true, kind: 'block-device', node: 'fc:3', path, size: 1024 },
  ...more,
});
const both = (path: string, more: Partial<DeviceSight> = {}): DeviceSight => ({
  ...{ hasIds: true, byId: at(path), byName: at(path), leading: [byId, byName] },
  ...more,
});

function told(sight: DeviceSight, record: Parameters<typeof standInsOf>[0] = {}): string {
  const found = identify(volume, { devices, standIns: standInsOf(record) }, sight);
  return found instanceof Unproved ? found.why : `${found.links.join(' ')} → ${found.path}`;
}

test.for(['/dev/sp-3', '/dev/sp17'])('%s is a device of StorPool’s', (path) => {
  expect(told(both(path))).toBe(`${byId} ${byName} → ${path}`);
});

test.for(['/dev/sda', '/dev/vda', '/dev/nvme0n1', '/dev/dm-3', '/dev/sp-3p1', '/dev/spare', '/dev/loop3', '/srv/sp-3'])(
  '%s is none on a real host',
  (path) => {
    expect(told(both(path))).toBe(`${byId} leads to ${path}, which is no device of StorPool's`);
  },
);

test('a mock may have loop devices or files, but not those of a real disk', () => {
  const file = at('/mock/bytes', { kind: 'file' });
  expect(told(both('/dev/loop3'), { loops: true })).toContain('→ /dev/loop3');
  expect(told(both('/dev/sda'), { loops: true })).toContain('no device of StorPool');
  expect(told(both('/mock/bytes', { byId: file, byName: file }), { files: true })).toContain('→ /mock/bytes');
  expect(told(both('/dev/sda'), { files: true })).toContain('no device of StorPool');
});

test('what is missing may still come; where links disagree, the why names both', () => {
  expect(identify(volume, { devices, standIns: 'none' }, both('/dev/sp-3', { byId: undefined }))).toMatchObject({
    ...{ why: `${byId} is missing`, isMissing: true },
  });
  expect(told(both('/dev/sp-3', { byName: undefined }))).toBe(`${byName} is missing`);
  expect(told(both('/dev/sp-3', { byName: at('/dev/sp-5') }))).toBe(`${byName} leads to /dev/sp-5, ${byId} to /dev/sp-3`);
  const leading = [byId, byName, '/dev/storpool-byid/d.n.other'];
  expect(told(both('/dev/sp-3', { leading }))).toBe('/dev/sp-3 is also the device of /dev/storpool-byid/d.n.other');
});

test('another name for the same device proves nothing against a link by global id, and everything where there is none', () => {
  const leading = [byId, byName, '/dev/storpool/prod-db'];
  expect(told(both('/dev/sp-3', { leading }))).toContain('→ /dev/sp-3');
  const withoutIds = { hasIds: false, byId: undefined };
  expect(told(both('/dev/sp-3', { ...withoutIds, leading }))).toBe('/dev/sp-3 is also the device of /dev/storpool/prod-db');
  expect(told(both('/dev/sp-3', withoutIds))).toBe(`${byName} → /dev/sp-3`);
  expect(told(both('/dev/sp-3', { ...withoutIds, byName: at('/dev/sp-3', { size: 512 }) }))).toBe(
    '/dev/sp-3 has 512 bytes, the volume 1024',
  );
});
