import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemEnvironment } from '../config/config.ts';
import { findBrowser, openPage } from './browser.ts';
import { Dashboard } from './dashboard.ts';

const HANGS_MS = 180_000;
/** As the launch wizard: it posts, and goes on when that was answered. A list of its own could not be had before, another one meanwhile. */
const WIZARD = `<div class="alert-danger">Error: Unable to retrieve the security groups.</div>
<button onclick="document.body.insertAdjacentHTML('beforeend', '<p class=alert-danger>Error: no networks');
fetch('/api/launch/', { method: 'POST' }).then(async (reply) => {
  if (reply.ok) { location.href = '/instances'; } else { if (reply.status === 503) { location.href = '/instances'; } document.body.insertAdjacentHTML('beforeend', '<p class=alert-danger>' + await reply.text()) }
})">Launch</button>`;
let folder: string;
let server: Server;
let posted: number;
let status: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'acc-dashboard-'));
  posted = 0;
  status = 202;
  server = createServer((request, response) => {
    posted += request.method === 'POST' ? 1 : 0;
    response.statusCode = request.method === 'POST' ? status : 200;
    response.setHeader('content-type', 'text/html');
    response.end({ '/wizard': WIZARD, '/api/launch/': 'Error: no host' }[request.url ?? ''] ?? '<title>Instances</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function browserHere() {
  const environment = systemEnvironment();
  return { environment, executable: findBrowser(environment['PATH'] ?? '') ?? 'chromium' };
}

async function launched(): Promise<string> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await using browser = await openPage({ ...browserHere(), folder: join(folder, 'browser'), url, stepMs: HANGS_MS });
  const dashboard = new Dashboard({ page: browser.page, url, shown: () => {} });
  await dashboard.open('wizard');
  await dashboard.submitTo('/launch/', browser.page.locator('button'));
  return await browser.page.title();
}

test('an error of the page is no answer to what was asked for', async () => {
  expect(await launched()).toBe('Instances');
  expect(posted).toBe(1);
});

test('a refusal is told, and what Horizon shows', async () => {
  status = 500;
  await expect(launched()).rejects.toThrow(/Horizon refuses\n *status: 500\n *error: Error: Unable [^\n]*\n/);
});

test('a refusal is told also where the page goes on as if nothing were', async () => {
  status = 503;
  await expect(launched()).rejects.toThrow(/Horizon refuses\n *status: 503\n/);
});

test('who is signed out meanwhile is told that', async () => {
  status = 401;
  await expect(launched()).rejects.toThrow(/Horizon has ended the session/);
});

test('a browser, whose pages are of others, sees no secret of this process', async () => {
  process.env['ACCEPTANCE_RUN_OF_TEST'] = 'hunter22';
  const own = join(folder, 'browser');
  await using _ = await openPage({ ...browserHere(), folder: own, url: 'about:blank', stepMs: HANGS_MS });
  delete process.env['ACCEPTANCE_RUN_OF_TEST'];

  const browsers = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && read(`/proc/${pid}/cmdline`).includes(own));

  expect(browsers.length).toBeGreaterThan(0);
  expect(browsers.filter((pid) => read(`/proc/${pid}/environ`).includes('hunter22'))).toEqual([]);
});

/** Empty for a process that has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
