import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemEnvironment } from '../config/config.ts';
import { useCertificates } from '../http/certificates.ts';
import { AUTHORITY, SERVER } from '../testing/certificates.ts';
import { findBrowser, openPage } from './browser.ts';

const before = getCACertificates('default');
const HANGS_MS = 180_000;
let folder: string;
let server: Server;
let asked: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'acc-browser-'));
  asked = [];
  server = createServer(SERVER, (request, response) => {
    asked.push(request.url ?? '');
    response.end('<title>Horizon</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  useCertificates({ authUrl: 'http://127.0.0.1' });
  setDefaultCACertificates(before);
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = () => {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const executable = findBrowser(systemEnvironment()['PATH'] ?? '') ?? 'chromium';
  return {
    url,
    opened: openPage({ executable, environment: systemEnvironment(), folder: join(folder, 'browser'), url, stepMs: HANGS_MS }),
  };
};

test('an authority that the cloud names is trusted by the browser, too', async () => {
  const cacert = join(folder, 'ca.pem');
  writeFileSync(cacert, AUTHORITY);
  useCertificates({ authUrl: 'https://127.0.0.1', cacert });
  const { url, opened } = open();
  await using browser = await opened;

  await browser.page.goto(url);

  expect(await browser.page.title()).toBe('Horizon');
  expect(readdirSync(join(folder, 'browser'))).toEqual(['profile']);
});

test('whom nobody trusts is not asked for anything', async () => {
  await expect(open().opened).rejects.toThrow(/cannot be trusted[\s\S]*Lab Root CA[\s\S]*→ .*cacert/);
  expect(asked).toEqual([]);
});

test('where nobody answers that is told', async () => {
  const executable = findBrowser(systemEnvironment()['PATH'] ?? '') ?? 'chromium';
  const opened = openPage({
    executable,
    environment: systemEnvironment(),
    folder: join(folder, 'browser'),
    url: 'https://127.0.0.1:9/',
    stepMs: HANGS_MS,
  });
  await expect(opened).rejects.toThrow(/does not answer[\s\S]*--horizon/);
});
