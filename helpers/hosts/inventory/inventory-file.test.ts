import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { discoverHosts, unclaimedClients } from './discovery.ts';
import { type NamedHost, type RunTool, readHostsFile } from './inventory-file.ts';

function read(text: string, run?: RunTool): Promise<NamedHost[]> {
  const dir = mkdtempSync(join(tmpdir(), 'acc-hosts-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const path = join(dir, 'hosts');
  writeFileSync(path, text);
  return readHostsFile(path, run);
}

const ssh = (destination: string, more = {}) => ({ kind: 'ssh', route: { destination, ...more } });

test('a YAML list names hosts, or says how to reach them', async () => {
  const hosts = await read(`
- controller
- { name: hyp-1, roles: [hypervisor], ssh: root@10.0.0.1, port: 2222, identity_file: /k }
- { name: hyp-2, docker: nova_compute }
- { name: here, local: true }
`);
  expect(hosts).toEqual([
    { name: 'controller', way: ssh('controller') },
    { name: 'hyp-1', roles: ['hypervisor'], way: ssh('root@10.0.0.1', { port: 2222, identityFile: '/k' }) },
    { name: 'hyp-2', way: { kind: 'docker', container: 'nova_compute' } },
    { name: 'here', way: { kind: 'local' } },
  ]);
});

const expected = [
  { name: 'ctl1', supposed: ['controller'], way: ssh('admin@10.0.0.9') },
  { name: 'node08', roles: ['hypervisor'], way: ssh('root@node08', { port: 2200, options: ['-o', 'ProxyJump=bast ion'] }) },
  { name: 'node09', roles: ['hypervisor'], way: ssh('root@node09', { port: 2200, options: ['-o', 'ProxyJump=bast ion'] }) },
  { name: 'node10', roles: ['hypervisor'], way: ssh('root@node10', { port: 22, options: ['-o', 'ProxyJump=bast ion'] }) },
];

test('an Ansible inventory in INI gives ranges, groups of groups, and variables with the nearer one winning', async () => {
  const hosts = await read(`
; comment
[controller]
ctl1 ansible_host=10.0.0.9 ansible_user=admin   # the first

[rack1]
node[08:10]
node10 ansible_port=22

[compute:children]
rack1

[compute:vars]
ansible_port=2200
ansible_ssh_common_args='-o "ProxyJump=bast ion"'

[all:vars]
ansible_user=root
`);
  expect(hosts).toEqual(expected);
});

test('the same inventory in YAML gives the same hosts', async () => {
  const hosts = await read(`
all:
  vars: { ansible_user: root }
  children:
    controller:
      hosts: { ctl1: { ansible_host: 10.0.0.9, ansible_user: admin } }
    compute:
      vars: { ansible_port: 2200, ansible_ssh_common_args: '-o "ProxyJump=bast ion"' }
      children:
        rack1: { hosts: { 'node[08:09]': , node10: { ansible_port: 22 } } }
`);
  expect(hosts).toEqual(expected);
});

test('where ansible-inventory is installed, it reads the file', async () => {
  const asked: (readonly string[])[] = [];
  const listing = {
    _meta: { hostvars: { a: { ansible_connection: 'local' }, b: { ansible_host: '10.0.0.2', ansible_port: 22 } } },
    all: { children: ['ungrouped', 'compute'] },
    compute: { hosts: ['a', 'b'] },
  };
  const hosts = await read('[compute]\na\nb\n', async (argv) => {
    asked.push(argv);
    return { stdout: JSON.stringify(listing), stderr: '', exitCode: 0, timedOut: false };
  });
  expect(asked[0]).toContain('ansible-inventory');
  expect(hosts).toEqual([
    { name: 'a', roles: ['hypervisor'], way: { kind: 'local' } },
    { name: 'b', roles: ['hypervisor'], way: ssh('10.0.0.2', { port: 22 }) },
  ]);
});

test('without ansible-inventory the suite reads the file itself', async () => {
  const hosts = await read('[hypervisors]\na\n', async () => ({
    stdout: '',
    stderr: 'not found',
    exitCode: undefined,
    timedOut: false,
  }));
  expect(hosts).toEqual([{ name: 'a', roles: ['hypervisor'], way: ssh('a') }]);
});

test('a file that is neither says what it should be, and what is wrong with it', async () => {
  await expect(read('- { name: a, ship: true }\n')).rejects.toThrow(
    /is not understood\n {2}reason: 0.*\n.*YAML list of host names/s,
  );
  await expect(read('all: { hosts: 7 }\n')).rejects.toThrow(/is not understood/);
  await expect(read('# nothing\n')).rejects.toThrow(/names no host/);
  await expect(readHostsFile('/no/such/file')).rejects.toThrow(/cannot be read/);
});

test('OpenStack’s services tell the hosts, whatever they call themselves', () => {
  const found = discoverHosts({
    nova: [
      { binary: 'nova-compute', host: 'hyp-1.example.net' },
      { binary: 'nova-compute', host: 'all-in-one' },
      { binary: 'nova-scheduler', host: 'elsewhere' },
    ],
    cinder: [
      { binary: 'cinder-volume', host: 'all-in-one.example.net@storpool' },
      { binary: 'cinder-scheduler', host: 'elsewhere' },
    ],
  });
  expect(found).toEqual([
    { name: 'all-in-one.example.net', roles: ['controller', 'hypervisor'], way: ssh('all-in-one.example.net') },
    { name: 'hyp-1.example.net', roles: ['hypervisor'], way: ssh('hyp-1.example.net') },
  ]);
});

test('full names that begin alike are different hosts', () => {
  const names = ['node-1.rack-1', 'node-1.rack-2', 'node-2', 'NODE-2.rack-1'];
  const found = discoverHosts({ nova: names.map((host) => ({ binary: 'nova-compute', host })), cinder: [] });
  expect(found.map(({ name }) => name)).toEqual(['node-1.rack-1', 'node-1.rack-2', 'node-2']);
});

test('the groups of Kolla, OpenStack-Ansible and TripleO tell what a host is for', async () => {
  const hosts = await read(`
[control]
ctl
[storage]
sto
[cinder-volume:children]
storage
[cinder_volume]
osa
[Controller]
oc-0
[overcloud_Compute]
oc-1
[nova_compute]
oc-2
[monitoring]
mon
`);
  const told = hosts.map(({ name, roles, supposed }) => [name, roles?.[0], supposed?.[0]]);
  expect(told).toEqual([
    ['ctl', undefined, 'controller'],
    ['sto', 'controller', undefined],
    ['osa', 'controller', undefined],
    ['oc-0', undefined, 'controller'],
    ['oc-1', 'hypervisor', undefined],
    ['oc-2', 'hypervisor', undefined],
    ['mon', undefined, undefined],
  ]);
});

test('StorPool clients that no host claims are told', () => {
  expect(unclaimedClients([12, 3, 11], [11])).toEqual([3, 12]);
});
