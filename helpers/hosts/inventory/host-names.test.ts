import { array, assert, constantFrom, property, tuple } from 'fast-check';
import { expect, test, vi } from 'vitest';
import { discoverHosts } from './discovery.ts';
import { ByHost, sameHost } from './host-names.ts';

const name = tuple(constantFrom('a', 'B', 'b', 'ab', ''), constantFrom('', '.x', '.x.y', '.X', '.')).map((parts) =>
  parts.join(''),
);

test('what is known of hosts is found by every name of theirs, the first first', () => {
  const any = property(array(name, { maxLength: 6 }), name, (known, sought) => {
    const byHost = new ByHost(known.map((one, i) => [one, i]));
    const found = known.findIndex((one) => sameHost(one, sought));
    expect(byHost.get(sought)).toBe(found < 0 ? undefined : found);
    expect(byHost.has(sought)).toBe(found >= 0);
  });
  assert(any, { numRuns: 2000 });
});

test('to discover ten times the hosts takes ten times the looks', () => {
  const looks = (hosts: number): number => {
    const lower = vi.spyOn(String.prototype, 'toLowerCase');
    const nova = Array.from({ length: hosts }, (_, i) => ({ binary: 'nova-compute', host: `compute-${i}.example.com` }));
    const found = discoverHosts({ nova, cinder: nova.map(({ host }) => ({ binary: 'cinder-volume', host: `${host}@sp` })) });
    const { length } = lower.mock.calls;
    lower.mockRestore();
    expect(found).toHaveLength(hosts);
    expect(found[0]?.roles).toEqual(['controller', 'hypervisor']);
    return length;
  };
  expect(looks(300)).toBe(10 * looks(30));
});
