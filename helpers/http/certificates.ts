import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, getCACertificates, type PeerCertificate, setDefaultCACertificates } from 'node:tls';
import { CannotRun, messageOf } from '../failure.ts';

/** Files as `cacert`, `cert` and `key` in clouds.yaml name them, and where Keystone is. */
export interface CertificateFiles {
  readonly authUrl: string;
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** By what this process shows who it is; like the authorities it holds for all of the process, and only OpenStack is spoken to by https. */
let own: { readonly cert: string; readonly key: string } | undefined;

export function ownCertificate(): { readonly cert: string; readonly key: string } | undefined {
  return own;
}

/**
 * Trusts the authorities of this machine's own store besides those that come with Node, as other programs here do, and a private one; shows a
 * certificate where one is given. Throws CannotRun when a file is not what it should be.
 */
export function useCertificates({ authUrl, cacert, cert, key }: CertificateFiles): void {
  own = cert === undefined ? undefined : { cert: contentOf(cert), key: contentOf(key ?? cert) };
  // The stores are long, and a cluster that is asked by http needs none.
  if (!authUrl.startsWith('https:') && cacert === undefined) {
    return;
  }
  const known = [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  const private_ = cacert === undefined ? [] : certificatesIn(cacert);
  setDefaultCACertificates([...new Set([...known, ...private_])]);
}

function certificatesIn(file: string): string[] {
  const found = contentOf(file).match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g);
  if (found === null) {
    throw new CannotRun(
      `${file} holds no certificate`,
      {},
      'Give the authority’s certificate in PEM (BEGIN CERTIFICATE) as cacert.',
    );
  }
  return found;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CannotRun(`the certificate file ${file} cannot be read`, { reason: messageOf(cause) }, 'Correct its path.', {
      cause,
    });
  }
}

/** A connection that came to nothing over certificates: nothing was sent. */
export class Untrusted extends Error {
  override name = 'Untrusted';
  readonly advice: string;

  constructor(message: string, advice: string, cause: unknown) {
    super(message, { cause });
    this.advice = advice;
  }
}

/** OpenSSL's words for a chain whose end nobody here trusts. */
const UNKNOWN_ISSUER = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);
const NAME_IT =
  'Give that authority’s certificate (PEM) as cacert in clouds.yaml or as OS_CACERT, or add it to this machine’s own store (update-ca-certificates, update-ca-trust).';

/** What is wrong with certificates in words, where that is what `error` tells of; else the error as it is. */
export async function explained(error: unknown, url: string): Promise<unknown> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (UNKNOWN_ISSUER.has(code)) {
    const issuer = await issuerAt(url);
    const who = issuer === undefined ? 'an authority' : `the authority "${issuer}"`;
    return new Untrusted(`its certificate comes from ${who}, which is not trusted here`, NAME_IT, error);
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = error instanceof Error && 'cert' in error ? (error.cert as PeerCertificate).subjectaltname : undefined;
    const what = `its certificate is for other names${names === undefined ? '' : `: ${names}`}`;
    return new Untrusted(
      what,
      'Use an address that the certificate is for, in auth_url and in the catalogue of endpoints.',
      error,
    );
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const when = code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet';
    return new Untrusted(`its certificate ${when}`, 'Renew it there, or correct this machine’s clock.', error);
  }
  if (/^ERR_SSL_\w*ALERT\w*CERTIFICATE/.test(code)) {
    return new Untrusted(
      'it wants another certificate of the client',
      'Check cert and key in clouds.yaml, or OS_CERT and OS_KEY.',
      error,
    );
  }
  return error;
}

const PATIENCE_MS = 5000;

/**
 * The key of a server that is trusted here, as browsers know it by: they have authorities of their own. Only shakes hands. Throws Untrusted, or why
 * it does not answer.
 */
export async function trustedKeyAt(url: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(addressOf(url));
  socket.setTimeout(PATIENCE_MS * PATIENT, () => socket.destroy(new Error(`${new URL(url).host} does not answer`)));
  socket.once('error', reject);
  socket.once('secureConnect', () => {
    const key = new X509Certificate(socket.getPeerCertificate().raw).publicKey.export({ type: 'spki', format: 'der' });
    resolve(createHash('sha256').update(key).digest('base64'));
    socket.destroy();
  });
  return await promise.catch(async (error: unknown) => {
    throw await explained(error, url);
  });
}

const PATIENT = 6;

function addressOf(url: string) {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(port || '443'), ...(/[a-z]/i.test(host) && !host.includes(':') && { servername: host }) };
}

/** Who issued the last certificate that the server shows. Only shakes hands: nothing is sent to a server that is not trusted. */
function issuerAt(url: string): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = connect({ ...addressOf(url), rejectUnauthorized: false });
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  socket.once('error', () => resolve(undefined));
  socket.once('close', () => resolve(undefined));
  socket.once('secureConnect', () => {
    let last = socket.getPeerCertificate(true);
    while (last.issuerCertificate !== undefined && last.issuerCertificate !== last) {
      last = last.issuerCertificate;
    }
    const { CN, O, OU } = last.issuer ?? {};
    const name = CN ?? OU ?? O;
    resolve(Array.isArray(name) ? name[0] : name);
    socket.destroy();
  });
  return promise;
}
