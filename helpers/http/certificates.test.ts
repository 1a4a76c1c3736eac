import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AUTHORITY, CLIENT, EXPIRED, OTHER, SERVER } from '../testing/certificates.ts';
import { useCertificates } from './certificates.ts';
import { Http } from './http.ts';
import { Unreachable } from './http-failure.ts';

const before = getCACertificates('default');
const authUrl = 'https://127.0.0.1';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acc-certificates-'));
});

afterEach(() => {
  useCertificates({ authUrl });
  setDefaultCACertificates(before);
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What a request to such a server comes to, and the name of the client's certificate. */
async function asked(options: ServerOptions): Promise<unknown> {
  const server = createServer(options, (request, response) => {
    const { subject } = (
      request.socket as unknown as { getPeerCertificate: () => { subject?: { CN: string } } }
    ).getPeerCertificate();
    response.end(JSON.stringify({ client: subject?.CN }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { body } = await new Http({ service: 'Keystone', baseUrl, requestMs: 60_000 }).ask({ method: 'GET', path: '/' });
    return body;
  } catch (error) {
    return error;
  } finally {
    server.close();
  }
}

test('an authority that is not trusted is named, with how to name it, and nothing may be done there', async () => {
  const error = await asked(SERVER);
  expect(error).toBeInstanceOf(Unreachable);
  expect(error).toMatchObject({ maybeDone: false });
  expect(String(error)).toMatch(
    /Keystone cannot be trusted: its certificate comes from the authority "Lab Root CA", which is not trusted here[\s\S]*→ .*cacert in clouds\.yaml or as OS_CACERT/,
  );
});

test('a private authority is trusted by its file, among others in it', async () => {
  useCertificates({ authUrl, cacert: file('ca.pem', `# ours\n${before[0] ?? ''}\n${AUTHORITY}`) });
  expect(await asked(SERVER)).toEqual({});
});

test('the authorities of this machine’s own store are trusted, and those that come along stay so', () => {
  useCertificates({ authUrl });
  const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256;
  const trusted = new Set(getCACertificates('default').map(fingerprint));
  expect([...before, ...getCACertificates('system')].filter((pem) => !trusted.has(fingerprint(pem)))).toHaveLength(0);
});

test('a certificate that has expired is told as such', async () => {
  useCertificates({ authUrl, cacert: file('ca.pem', AUTHORITY) });
  expect(String(await asked({ ...SERVER, cert: EXPIRED }))).toMatch(/its certificate has expired[\s\S]*→ Renew it/);
});

test('a certificate for other names is told with its names', async () => {
  useCertificates({ authUrl, cacert: file('ca.pem', AUTHORITY) });
  expect(String(await asked(OTHER))).toMatch(/its certificate is for other names: DNS:other\.example/);
});

test('the client shows its certificate, with its key in a file of its own or in the same', async () => {
  const wanted = { ...SERVER, requestCert: true, rejectUnauthorized: true, ca: AUTHORITY };
  const cacert = file('ca.pem', AUTHORITY);
  useCertificates({ authUrl, cacert, cert: file('c.pem', CLIENT.cert), key: file('k.pem', CLIENT.key) });
  expect(await asked(wanted)).toEqual({ client: 'client' });
  useCertificates({ authUrl, cacert, cert: file('both.pem', `${CLIENT.cert}${CLIENT.key}`) });
  expect(await asked(wanted)).toEqual({ client: 'client' });
});

test('a file without a certificate, and one that is not there, are named', () => {
  expect(() => useCertificates({ authUrl, cacert: file('ca.pem', 'no\n') })).toThrow(/ca\.pem holds no certificate/);
  expect(() => useCertificates({ authUrl, cert: join(folder, 'none') })).toThrow(/none cannot be read/);
});
