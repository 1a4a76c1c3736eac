import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { send } from '../../fixtures/mock/http/send.ts';
import { startMock } from './start-mock.ts';

const health = (address: string | undefined) => send(`${address}/healthz`);

test('a mock of the whole cluster is served until it is disposed of, and leaves nothing', async () => {
  const mock = await startMock();
  const addresses = Object.values(mock.services);
  expect(addresses).toHaveLength(7);
  for (const address of addresses) {
    expect((await health(address)).status).toBe(200);
  }
  expect(mock).toMatchObject({
    openstack: { OS_AUTH_URL: `${mock.services['keystone']}/v3` },
    exports: { OS_CLOUD: 'mock' },
    defects: [],
  });

  await mock[Symbol.asyncDispose]();

  expect(existsSync(mock.dir)).toBe(false);
  await expect(health(addresses[0])).rejects.toThrow(/ECONNREFUSED/);
});

test('StorPool alone has its port, its command and its configuration, and nothing of OpenStack', async () => {
  await using mock = await startMock({ only: 'storpool' });
  const storpool = async (...words: string[]) =>
    (await execa(join(mock.dir, 'bin', 'storpool'), words, { env: mock.exports })).stdout;

  await storpool('volume', 'mine', 'create', 'size', '1G', 'template', 'hybrid');
  await storpool('attach', 'here', 'volume', 'mine');

  expect(Object.keys(mock.services)).toEqual(['storpool']);
  expect(await storpool('attach', 'list')).toContain('mine');
  expect(mock.openstack).toEqual({});
  expect(Object.keys(mock.exports).filter((name) => name.startsWith('OS_'))).toEqual([]);
  expect(['storpool.conf', 'clouds.yaml', 'openrc'].map((file) => existsSync(join(mock.dir, file)))).toEqual([
    true,
    false,
    false,
  ]);
});

test('what cannot be started is told, and leaves no folder', async () => {
  const place = mkdtempSync(join(tmpdir(), 'acc-start-'));
  vi.stubEnv('TMPDIR', place);
  try {
    await using first = await startMock({ only: 'storpool' });
    const { port } = first.storpool;
    await expect(startMock({ only: 'storpool', portBase: port })).rejects.toThrow(/cannot be served[\s\S]*choose another port/);
    await expect(startMock({ faults: ['none-such'] })).rejects.toThrow(/there is no such fault/);
    expect(readdirSync(place)).toHaveLength(1);
  } finally {
    vi.unstubAllEnvs();
    rmSync(place, { recursive: true });
  }
});
