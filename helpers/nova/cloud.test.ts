import { expect, test } from 'vitest';
import { OpenstackApi } from '../http/openstack-api.ts';
import { answering } from '../testing/answering.ts';
import { NovaCloud } from './cloud.ts';

type Specs = Readonly<Record<string, string>>;
const ANY_HOST: Specs = { 'quota:disk_read_iops_sec': '500', 'hw_rng:allowed': 'True', 'hw:cpu_sockets': '1' };

/** A cloud of flavors by what they ask for, the smallest first; `tells`: in the list itself, as from 2.61 on. */
async function withFlavors(flavors: readonly (Specs & { readonly disabled?: string })[], tells: boolean | 'never') {
  const rows = flavors.map(({ disabled, ...extra_specs }, n) => ({
    ...{ id: `${n}`, name: `f${n}`, vcpus: 1, ram: 64 * (n + 1), disk: 1 },
    ...(disabled !== undefined && { 'OS-FLV-DISABLED:disabled': true }),
    ...(tells === true && { extra_specs }),
  }));
  const server = await answering(({ url }) => {
    const [, asked] = /\/flavors\/(\d+)\/os-extra_specs/.exec(url) ?? [];
    if (asked === undefined) {
      return { body: { flavors: rows } };
    }
    const { disabled: _, ...extra_specs } = flavors[Number(asked)] ?? {};
    return tells === 'never' ? { status: 403, body: {} } : { body: { extra_specs } };
  });
  const tokens = { token: async () => 't', renew: async () => 't' };
  const cloud = new NovaCloud(new OpenstackApi({ http: { service: 'Nova', baseUrl: server.url, requestMs: 5000 }, tokens }));
  return { cloud, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test.for([
  { 'resources:CUSTOM_BAREMETAL': '1', 'resources:VCPU': '0' },
  { 'trait:CUSTOM_GPU': 'required' },
  { 'pci_passthrough:alias': 'a1:2' },
  { 'hw:mem_page_size': 'large' },
  { 'hw:cpu_policy': 'dedicated' },
  { 'aggregate_instance_extra_specs:ssd': 'true' },
  { gpu: 'true' },
  { disabled: 'yes' },
])('a smaller flavor that not every host can give is not the usual one: %j', async (specs) => {
  for (const tells of [true, false]) {
    await using stand = await withFlavors([specs as Specs, ANY_HOST], tells);
    expect((await stand.cloud.flavor()).name).toBe('f1');
    expect((await stand.cloud.flavor('f0')).name).toBe('f0');
  }
});

test('where each flavor asks for something, or none tells what, it is the smallest', async () => {
  await using particular = await withFlavors([{ 'trait:CUSTOM_A': 'required' }, { 'hw:mem_page_size': 'large' }], true);
  expect((await particular.cloud.flavor()).name).toBe('f0');
  await using silent = await withFlavors([{ 'trait:CUSTOM_A': 'required' }, {}], 'never');
  expect((await silent.cloud.flavor()).name).toBe('f0');
});

test('a flavor that is gone again when it is looked at, as those of a Tempest beside the run, is passed over', async () => {
  const rows = [1, 2].map((n) => ({ id: `${n}`, name: `f${n}`, vcpus: 1, ram: 64 * n, disk: 1 }));
  await using server = await answering(({ url }) => {
    if (url.endsWith('/flavors/1/os-extra_specs')) {
      return { status: 404, body: { itemNotFound: { code: 404, message: 'Flavor 1 could not be found.' } } };
    }
    return { body: url.endsWith('/os-extra_specs') ? { extra_specs: {} } : { flavors: rows } };
  });
  const tokens = { token: async () => 't', renew: async () => 't' };
  const cloud = new NovaCloud(new OpenstackApi({ http: { service: 'Nova', baseUrl: server.url, requestMs: 5000 }, tokens }));

  expect((await cloud.flavor()).name).toBe('f2');
});

test.for([
  ['{"arch": "aarch64", "model": "Neoverse-N1"}', 'aarch64'],
  [{ arch: 'x86_64', topology: { cores: 2 } }, 'x86_64'],
  ['', undefined],
  [{}, undefined],
  [undefined, undefined],
])('what processors a hypervisor has is known where Nova tells: %j', async ([told, expected]) => {
  const row = { hypervisor_hostname: 'h', service: { host: 'h' }, ...(told !== undefined && { cpu_info: told }) };
  await using server = await answering(() => ({ body: { hypervisors: [row] } }));
  const tokens = { token: async () => 't', renew: async () => 't' };
  const cloud = new NovaCloud(new OpenstackApi({ http: { service: 'Nova', baseUrl: server.url, requestMs: 5000 }, tokens }));

  expect((await cloud.hypervisors()).map(({ architecture }) => architecture)).toEqual([expected]);
});
