import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fulcioHandler, initializeCA, initializeCTLog, initializeTLog, rekorHandler } from '@sigstore/mock';

export const IDENTITY = 'https://github.com/lab/cloud/.github/workflows/acceptance.yml@refs/heads/main';
export const ISSUER = 'https://token.actions.githubusercontent.com';

/** What its log calls itself in what it signs. */
const LOG = 'https://log.test';

interface Options {
  /** By how much its log's clock is ahead of its authority's, in milliseconds. */
  readonly logAhead?: number;
}

/** A Sigstore of its own, on real sockets: Fulcio, Rekor, and the trusted root that names both. */
export async function startSigstore({ logAhead = 0 }: Options = {}) {
  const [ofAuthority, ofLog, ofCertificates] = [keys(), keys(), keys()];
  const certificates = await initializeCTLog(ofCertificates);
  const authority = await initializeCA(ofAuthority, certificates);
  const log = await initializeTLog(LOG, ofLog, ...(logAhead === 0 ? [] : [new Date(Date.now() + logAhead)]));
  const stored = { ...log, log: (entry: object) => log.log(asStored(entry as Proposed)) };
  const handlers = [fulcioHandler(authority), rekorHandler(stored)];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8');
    const handler = handlers.find(({ path }) => path === request.url);
    const { statusCode, response: said, contentType } = (await handler?.fn(body)) ?? { statusCode: 404, response: '' };
    response.writeHead(statusCode, { 'content-type': contentType ?? 'text/plain' }).end(said);
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    trustedRoot: JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [logOf(log.publicKey)],
      ctlogs: [logOf(certificates.publicKey)],
      certificateAuthorities: [
        {
          subject: { organization: 'sigstore.mock', commonName: 'sigstore' },
          certChain: { certificates: [{ rawBytes: base64(authority.rootCertificate) }] },
          validFor: { start: new Date(0).toISOString() },
        },
      ],
    }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a pipeline is given to say who it is. */
export function identityToken(sub = IDENTITY, iss = ISSUER): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ sub, iss, aud: 'sigstore' })}.${Buffer.alloc(256, 7).toString('base64url')}`;
}

const keys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const base64 = (data: ArrayBufferView) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
const sha256 = (data: Buffer | string) => createHash('sha256').update(data);

function logOf(key: Buffer) {
  return {
    baseUrl: LOG,
    hashAlgorithm: 'SHA2_256',
    logId: { keyId: sha256(key).digest('base64') },
    publicKey: {
      rawBytes: key.toString('base64'),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor: { start: new Date(0).toISOString() },
    },
  };
}

interface Proposed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: { readonly proposedContent: { readonly envelope: string; readonly verifiers: readonly string[] } };
}

/** Rekor keeps hashes of what it is shown, which this mock leaves to whoever uses it (rekor, pkg/types/dsse/v0.0.1/entry.go, Canonicalize). */
function asStored({ apiVersion, kind, spec }: Proposed): object {
  const { envelope, verifiers } = spec.proposedContent;
  const { payload, signatures } = JSON.parse(envelope) as { payload: string; signatures: { sig: string }[] };
  return {
    ...{ apiVersion, kind },
    spec: {
      envelopeHash: { algorithm: 'sha256', value: sha256(envelope).digest('hex') },
      payloadHash: { algorithm: 'sha256', value: sha256(Buffer.from(payload, 'base64')).digest('hex') },
      signatures: signatures.map(({ sig }, index) => ({ signature: sig, verifier: verifiers[index] })),
    },
  };
}
