import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type RunTool, readHostsFile } from './inventory-file.ts';

/** What comes of these files, the first of which is the inventory: hosts as `name → destination:port`, and what is told. */
async function read(files: Readonly<Record<string, string>> | string, run?: RunTool) {
  const all = typeof files === 'string' ? { hosts: files } : files;
  const folder = mkdtempSync(join(tmpdir(), 'acc-forms-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const told: string[] = [];
  const hosts = await readHostsFile(join(folder, Object.keys(all)[0] ?? ''), run, (line) => told.push(line));
  const short = hosts.map(({ name, way }) =>
    way.kind === 'ssh'
      ? `${name} → ${way.route.destination}${way.route.port === undefined ? '' : `:${way.route.port}`}`
      : `${name} (${way.kind})`,
  );
  return { hosts: short, told: told.join('\n') };
}

test.for([
  ['YAML with a tab', 'all:\n\thosts:\n\t\ta:\n'],
  ['YAML with a bad alias', 'all:\n  hosts:\n    a: {ansible_password: *hunter22}\n'],
  ['a cut YAML file', 'all:\n  hosts:\n    a: {ansible_password: "hunter22\n'],
  ['a script', '#!/bin/sh\necho hunter22\nimport x\n'],
  ['a plugin', 'plugin: constructed\n'],
  ['an encrypted file', '$ANSIBLE_VAULT;1.1;AES256\n6162\n'],
  ['conflict markers', '[g]\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n'],
  ['a range that is none', '[g]\nn[01:100]\n'],
  ['a child that is none', '[g:children]\nh\n'],
  ['variables of none', '[g:vars]\nansible_password=hunter22\n'],
  ['a word behind a host', 'a hunter22\n'],
  ['a quote without an end', 'a ansible_password="hunter22\n'],
  ['a template', 'a ansible_host="{{ hunter22 }}"\n'],
  ['a port that is none', 'a ansible_port="22 ; hunter22"\n'],
  ['a hypervisor by another connection', '[compute]\na ansible_connection=podman\n'],
  ['groups within each other', '[a:children]\nb\n[b:children]\na\n[c]\nx\n'],
] as const)('%s is refused, without a word of it', async ([, text]) => {
  const error = await read(text).catch(String);
  expect(error).toMatch(/is not understood\n {2}reason: /);
  expect(error).not.toContain('hunter');
});

test('a folder is left to ansible-inventory, and refused without it', async () => {
  await expect(readHostsFile(tmpdir())).rejects.toThrow(/it is a folder, which ansible-inventory alone can read/);
});

test('ranges at the beginning, ports in patterns, addresses of IPv6', async () => {
  const { hosts } = await read('[g]\n[1:3].foo\ncmp3:2022\nx[1:2]:2222\n[fd00::14]:2024\n');
  expect(hosts).toEqual([
    '1.foo → 1.foo',
    '2.foo → 2.foo',
    '3.foo → 3.foo',
    'cmp3 → cmp3:2022',
    'x1 → x1:2222',
    'x2 → x2:2222',
    'fd00::14 → fd00::14:2024',
  ]);
});

test('what `ansible-inventory --list` printed is read as it was saved', async () => {
  const listing = {
    _meta: { hostvars: { a: { ansible_port: 23, ansible_user: { __ansible_unsafe: 'op' } } } },
    all: { children: ['g'] },
    g: { hosts: ['a'] },
  };
  expect(await read(JSON.stringify(listing))).toMatchObject({ hosts: ['a → op@a:23'] });
});

test('containers of OpenStack-Ansible are left to the hosts that they are on', async () => {
  // As osa_toolkit/generate.py writes /etc/openstack_deploy/openstack_inventory.json.
  const on = (host: string, name: string, address: string | null) => ({
    ...{ ansible_host: address, container_address: address, container_name: name, physical_host: host },
    ...{ physical_host_group: 'storage-infra_hosts', component: 'cinder_api', container_networks: {}, properties: {} },
  });
  const containers = ['infra1-cinder-api-container-5bb1d1b2', 'infra1-utility-container-8a9f'] as const;
  const hostvars = {
    infra1: on('infra1', 'infra1', '172.29.236.11'),
    [containers[0]]: on('infra1', containers[0], '172.29.238.4'),
    [containers[1]]: on('infra1', containers[1], null),
    compute1: { ...on('compute1', 'compute1', '172.29.236.16'), properties: { is_metal: true } },
  };
  const listing = {
    _meta: { hostvars },
    all: { vars: { lb_vip_address: '172.29.236.9' } },
    ...{ all_containers: { hosts: containers, children: [] }, lxc_hosts: { hosts: ['infra1'] } },
    ...{ cinder_volume: { hosts: ['infra1'], children: [] }, cinder_api: { hosts: [containers[0]], children: [] } },
    ...{ nova_compute: { hosts: ['compute1'] }, compute_hosts: { hosts: ['compute1'] } },
  };

  const { hosts, told } = await read(JSON.stringify(listing));

  expect(hosts.toSorted()).toEqual(['compute1 → 172.29.236.16', 'infra1 → 172.29.236.11']);
  expect(told.split('\n')).toEqual(containers.map((name) => `${name} is a container on infra1, from where it is looked at`));
});

test('Ansible’s tags, nothing, merge keys and keys that stand twice', async () => {
  const { hosts, told } = await read(
    'all:\n  hosts:\n    a: {ansible_host: null, ansible_user: !unsafe op, ansible_become_password: !vault x}\n    b: {<<: {ansible_port: 23}}\n    b: {ansible_port: 24}\n',
  );
  expect(hosts).toEqual(['a → op@a', 'b → b:24']);
  expect(told).toMatch(/the key b \(line 5, column 5\) stands twice/);
});

test('group_vars and host_vars beside the inventory are honoured, and encrypted ones told', async () => {
  const files = {
    hosts: '[g]\na ansible_port=22\nb\n[g:vars]\nansible_user=inside\n',
    'group_vars/all/1.yml': 'ansible_user: outside\n',
    'group_vars/g.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n',
    'host_vars/a.yml': 'ansible_port: 23\n',
  };
  const { hosts, told } = await read(files);
  expect(hosts).toEqual(['a → outside@a:23', 'b → outside@b']);
  expect(told).toMatch(/group_vars\/g\.yml is encrypted: what it says of g is not known here/);
});

test('group_vars of a group without hosts are left alone, as Ansible leaves them', async () => {
  const files = {
    hosts: '[g]\na\n[h]\n[parent:children]\ng\n[other:children]\nh\n',
    'group_vars/h.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n',
    'group_vars/other.yml': 'not: [closed\n',
    'group_vars/parent.yml': 'ansible_user: op\n',
  };
  const { hosts, told } = await read(files);
  expect(hosts).toEqual(['a → op@a']);
  expect(told).not.toMatch(/encrypted/);
});

test('hosts by other connections are told by name and left out', async () => {
  const { hosts, told } = await read(
    '[box]\na ansible_connection=lxc\nb ansible_connection=community.docker.docker\n[win]\nc ansible_connection=winrm\nd\n',
  );
  expect(hosts).toEqual(['b (docker)', 'd → d']);
  expect(told).toMatch(/a is reached by lxc.*not looked at\nc is reached by winrm/);
});

test('a vault beside the inventory is told with how to open it', async () => {
  const stderr = 'ERROR! Attempting to decrypt but no vault secrets found\n';
  const error = await read('a\n', async () => ({ stdout: '', stderr, exitCode: 4, timedOut: false })).catch(String);
  expect(error).toMatch(/no vault secrets found[\s\S]*→ .*export ANSIBLE_VAULT_PASSWORD_FILE=FILE/);
});

test('where ansible-inventory refuses, its words are told, without the lines that it quotes', async () => {
  const stderr = `[WARNING]:  * Failed to parse /x/hosts with ini plugin: /x/hosts:2: Expected\nkey=value host variable assignment, got: hunter22\nERROR! Completely failed to parse inventory source /x/hosts\n`;
  const error = await read('a\n', async () => ({ stdout: '', stderr, exitCode: 1, timedOut: false })).catch(String);
  expect(error).toMatch(
    /ansible-inventory says: \* Failed to parse \/x\/hosts with ini plugin: \/x\/hosts:2: Expected key=value host variable assignment, got …/,
  );
  expect(error).not.toContain('hunter');
});
