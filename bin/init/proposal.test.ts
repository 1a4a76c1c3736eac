import { expect, test } from 'vitest';
import { REST } from '../../fixtures/actions/client-choice.ts';
import { chooseClients } from '../../fixtures/actions/client-search.ts';
import type { HostCase } from '../../fixtures/preflight/hosts/host-case.ts';
import { gib } from '../../helpers/units.ts';
import { type Found, masked, propose } from './proposal.ts';
import { settingsText } from './settings-text.ts';

const pool = (name: string, backEnd: string, protocol: string) => ({
  name,
  capabilities: { volume_backend_name: backEnd, storage_protocol: protocol, storpool_template: ['fast', '012'] },
});
const type = (name: string, extraSpecs: Readonly<Record<string, string>>) => ({ id: name, name, isPublic: true, extraSpecs });
const STORPOOL = pool('c@sp#sp', 'sp', 'storpool');
const CEPH = pool('c@rbd#rbd', 'rbd', 'ceph');
const toStorpool = type('nvme', { volume_backend_name: 'sp', storpool_template: 'fast' });
const toCeph = type('rbd', { volume_backend_name: 'rbd' });

const found = (changes: Partial<Found>): Found => ({
  ...{ cloud: 'prod', authUrl: 'https://keystone:5000/v3', wantedType: undefined, defaultType: toCeph },
  ...{
    types: [toCeph, toStorpool],
    pools: [STORPOOL, CEPH],
    flavor: { id: '1', name: 'tiny', vcpus: 1, ramMiB: 64, disk: gib(1), isDisabled: false, extraSpecs: {} },
  },
  templates: [{ name: 'fast', replication: 2 }] as unknown as Found['templates'],
  hosts: [],
  named: [],
  clients: REST,
  own: [{ name: 'seat', client: 7, devices: '/dev/storpool', transport: { kind: 'local' } }],
  ...changes,
});
const lineOf = (key: string, changes: Partial<Found>) => propose(found(changes)).find((line) => line.key === key);

test('a type that leads to StorPool alone is taken, also where it is not the default', () => {
  expect(lineOf('volume-type', {})).toEqual({
    ...{ key: 'volume-type', value: 'nvme', remark: 'the default is rbd; leads to c@sp#sp' },
  });
  expect(lineOf('volume-type', { defaultType: toStorpool, types: [toStorpool, type('b', toStorpool.extraSpecs)] })).toMatchObject(
    {
      ...{ value: 'nvme', remark: 'the default; leads to c@sp#sp; so do b' },
    },
  );
  expect(lineOf('template', {})).toMatchObject({ value: 'fast' });
  expect(lineOf('replication', {})).toMatchObject({ value: 2 });
});

test('clients are those that a run would act by here', () => {
  const clients = chooseClients({ wanted: undefined, target: 'live', has: (name) => name === 'openstack' || name === 'cinder' });

  expect(lineOf('clients', { clients })).toEqual({
    key: 'clients',
    value: 'legacy',
    remark: 'cinder, openstack, installed here',
  });
  expect(lineOf('clients', {})).toMatchObject({ value: 'rest' });
});

test('what could not be found is a remark and no setting', () => {
  expect(lineOf('volume-type', { types: [toCeph] })).toEqual({
    ...{ key: 'volume-type', remark: 'none leads to StorPool alone; pools of StorPool: c@sp#sp' },
  });
  expect(lineOf('template', { types: [toCeph] })?.value).toBeUndefined();
  expect(lineOf('volume-type', { pools: undefined })).toMatchObject({
    value: 'rbd',
    remark: expect.stringContaining('administrators'),
  });
  expect(lineOf('flavor', { flavor: undefined })?.value).toBeUndefined();
  expect(lineOf('cloud', { cloud: undefined })?.value).toBeUndefined();
  expect(lineOf('replication', { templates: [] })?.value).toBeUndefined();
});

test('a host that was not reached is told, and is none of the hosts', () => {
  const host = (name: string, why: string): HostCase => ({
    ...{ name, roles: new Set(['hypervisor']), probed: { reached: false, why } as HostCase['probed'] },
  });
  const lines = propose(found({ hosts: [host('seat', 'x'), host('compute-2', 'ssh: no route to host')] }));

  expect(lines.filter(({ key }) => key === 'hosts')).toEqual([
    expect.objectContaining({ value: [expect.objectContaining({ name: 'seat', roles: ['hypervisor'] })] }),
    { key: 'hosts', remark: 'not compute-2: ssh: no route to host' },
  ]);
});

test('whatever things are called, each setting is one line that reads back', () => {
  const odd = type('a: #\n\u001b[2J', { volume_backend_name: 'sp', storpool_template: '012' });
  const text = settingsText(propose(found({ types: [odd], templates: [] })), 'made\nhere');

  expect(text).toMatch(/^# made\\nhere\n/);
  expect(text).toContain('volume-type: "a: #\\n\\e[2J"');
  expect(text).toContain('template: "012"');
  expect(text).not.toContain('\u001b');
});

test('a value that holds a secret is not written in half, and its remark is masked', () => {
  const clean = (text: string) => text.replaceAll('hunter22', '******');
  const lines = [
    { key: 'volume-type', value: 'sp-hunter22', remark: 'leads to hunter22' },
    { key: 'nic', value: 'none', remark: 'hunter22' },
  ];

  expect(masked(lines, clean)).toEqual([
    { key: 'volume-type', remark: expect.stringMatching(/^found, and not written here: .*; leads to \*{6}$/) },
    { key: 'nic', value: 'none', remark: '******' },
  ]);
});
