import { bundleToJSON } from '@sigstore/bundle';
import { CIContextProvider, DSSEBundleBuilder, FulcioSigner, InternalError, RekorWitness } from '@sigstore/sign';
import { CannotRun, messageOf } from '../../helpers/failure.ts';
import type { Redactor } from '../../helpers/redact.ts';
import { PAYLOAD_TYPE } from './statement.ts';

/** Where Sigstore is; the public one where nothing is said. URLs. */
export interface Services {
  readonly fulcio?: string | undefined;
  readonly rekor?: string | undefined;
}

/** For each request, in milliseconds. */
const TIMEOUT = 20_000;
const RETRIES = 2;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Signs as whom this pipeline's own provider says that it is, with a key that is thrown away: a certificate of Fulcio's, an entry of Rekor's. The
 * identity token is told to the redactor. Throws CannotRun.
 */
export function keylessSigner({ fulcio, rekor }: Services, redactor: Redactor): (statement: Buffer) => Promise<Buffer> {
  const [fulcioBaseURL, rekorBaseURL] = [addressOf(fulcio, '--fulcio'), addressOf(rekor, '--rekor')];
  const ci = new CIContextProvider();
  const identityProvider = {
    getToken: async () => {
      const token: unknown = await ci.getToken();
      if (typeof token !== 'string') {
        throw new Error('no token in the answer');
      }
      redactor.learn(token);
      return token;
    },
  };
  const every = { timeout: TIMEOUT, retry: RETRIES };
  const signer = new FulcioSigner({ ...every, identityProvider, ...(fulcioBaseURL && { fulcioBaseURL }) });
  const witness = new RekorWitness({ ...every, entryType: 'dsse', ...(rekorBaseURL && { rekorBaseURL }) });
  const builder = new DSSEBundleBuilder({ signer, witnesses: [witness] });
  return async (statement) => {
    try {
      const bundle = await builder.create({ data: statement, type: PAYLOAD_TYPE });
      return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
    } catch (error) {
      throw inWords(error, fulcioBaseURL, rekorBaseURL);
    }
  };
}

/** A token goes there: over plain HTTP only within this machine. */
function addressOf(url: string | undefined, option: string): string | undefined {
  if (url === undefined) {
    return undefined;
  }
  const { protocol, hostname, username } = URL.parse(url) ?? { protocol: '', hostname: '', username: '' };
  if (username !== '' || (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.test(hostname)))) {
    throw new CannotRun('this is no address to sign at', { [option]: url }, 'Give it as https://HOST.');
  }
  return url.replace(/\/+$/, '');
}

/** The library's own words of a token that it cannot read are that token: neither they nor their cause are kept. */
function inWords(error: unknown, fulcio = 'the public one', rekor = 'the public one'): CannotRun {
  const said = error instanceof InternalError ? saidBy(error) : undefined;
  switch (error instanceof InternalError ? error.code : undefined) {
    case 'IDENTITY_TOKEN_READ_ERROR':
      return new CannotRun(
        'nobody says who signs: there is no identity token',
        { looked: 'ACTIONS_ID_TOKEN_REQUEST_URL and …_TOKEN (GitHub), SIGSTORE_ID_TOKEN (GitLab and others)' },
        'On GitHub give the job `permissions: { id-token: write }`, on GitLab `id_tokens: { SIGSTORE_ID_TOKEN: { aud: sigstore } }`; by hand sign with --key.',
      );
    case 'IDENTITY_TOKEN_PARSE_ERROR':
      return new CannotRun(
        'the identity token is none that can be read',
        { expected: 'a JWT with a subject, or with a verified e-mail address' },
        'Look what SIGSTORE_ID_TOKEN is made from: the token itself, for the audience `sigstore`.',
      );
    case 'CA_CREATE_SIGNING_CERTIFICATE_ERROR':
      return new CannotRun(
        'Fulcio gave no certificate',
        { fulcio, said },
        'Look whether it can be reached from here, and knows the provider of the token.',
      );
    case 'TLOG_CREATE_ENTRY_ERROR':
    case 'TLOG_FETCH_ENTRY_ERROR':
      return new CannotRun('Rekor took no entry', { rekor, said }, 'Look whether it can be reached from here, and try again.');
    default:
      return new CannotRun('it cannot be signed keyless', { fulcio, rekor }, 'Try again, or sign with --key.');
  }
}

function saidBy({ message, cause }: InternalError): string {
  const lines = [message, cause === undefined || message.includes(messageOf(cause)) ? '' : messageOf(cause)];
  return lines.filter(Boolean).join(': ');
}
