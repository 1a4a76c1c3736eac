import { typed } from '../commands/commands.ts';
import { CannotRun, Failure } from '../failure.ts';
import { Untrusted } from './certificates.ts';
import { withoutSecret } from './proxies.ts';

export interface HttpFault {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestId: string | undefined;
  /** The service's own words. */
  readonly said: string | undefined;
  /** Of a redirect: where to. */
  readonly location?: string | undefined;
  readonly body: unknown;
  /** How often it was sent before, and put off or not answered. */
  readonly repeats?: number | undefined;
  /** For how long the service asks to be left alone, in milliseconds. */
  readonly restMs?: number | undefined;
  /** The service itself says in the body what comes of asking again. */
  readonly isFinal?: boolean | undefined;
}

/** A service answered with an error status, or sends one elsewhere. */
export class HttpFailure extends Failure {
  override name = 'HttpFailure';
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestId: string | undefined;
  /** The service's own words, dug out of its envelope. */
  readonly said: string | undefined;
  readonly body: unknown;
  readonly repeats: number;
  readonly restMs: number | undefined;
  readonly isFinal: boolean;
  override readonly leavesOpen: boolean;

  constructor(fault: HttpFault) {
    const { service, method, path, status, requestId, location, repeats = 0, restMs, isFinal = false } = fault;
    const said = location === undefined ? fault.said : `redirects to ${location}`;
    const did = location === undefined ? 'refused' : 'answered';
    const what = `${service} ${did} ${method} ${path} with ${status}${said === undefined ? '' : `: ${said}`}`;
    super(what, { service, status, requestId, ...repeated(repeats) }, advice(fault));
    this.service = service;
    this.method = method;
    this.path = path;
    this.status = status;
    this.requestId = requestId;
    this.said = said;
    this.body = fault.body;
    this.repeats = repeats;
    this.restMs = restMs;
    this.isFinal = isFinal;
    this.leavesOpen = leavesOpen(method, status) || isForbidden(fault);
  }
}

function repeated(repeats: number): { readonly repeated?: string } {
  return repeats === 0 ? {} : { repeated: `${repeats} times, in vain` };
}

const DENIALS = new Set([401, 403, 429]);
const SERVER_ERROR = 500;

/** A look that is denied or goes wrong shows nothing; one that is answered with 404 shows that there is no such thing. */
export function leavesOpen(method: string, status: number): boolean {
  return method === 'GET' && (DENIALS.has(status) || status >= SERVER_ERROR);
}

const FORBIDDEN = 403;
/** How Cinder, Nova and Glance name the policy or the action (openstack/cinder and nova, PolicyNotAuthorized; openstack/glance, Forbidden), or a property that it protects (ReservedProperty). */
const NOT_ALLOWED =
  /Policy doesn't allow (\S+) to be performed|You are not authorized to complete (?:this|(\S+)) action|Attribute '(\S+)' is reserved/;

/** An operator lets this user not do it: of what would come of it nothing is known. A quota that is used up is refused with 403, too. */
export const isForbidden = ({ status, said = '' }: Pick<HttpFault, 'status' | 'said'>) =>
  status === FORBIDDEN && NOT_ALLOWED.test(said);

/** `35 s`, `0.3 s`. */
function seconds(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 1000)} s`;
}

/** What gateways and their filters refuse by themselves (RFC 9110 §15.5, RFC 6585 §5). */
const REFUSED_BY_GATEWAYS = new Set([403, 405, 413, 414, 431]);

/** OpenStack's services give each answer a request id, and their errors as JSON or with that (oslo.middleware, RequestId). */
const isOfGateway = ({ service, status, requestId, body }: HttpFault) =>
  REFUSED_BY_GATEWAYS.has(status) &&
  service !== 'StorPool' &&
  requestId === undefined &&
  (typeof body !== 'object' || body === null);

function advice(fault: HttpFault): string {
  const { service, status, requestId, location, said } = fault;
  if (location !== undefined) {
    return `No redirect is followed: give ${service}'s address as it is (https? a path?), in its settings or in the catalogue of endpoints.`;
  }
  if (isOfGateway(fault)) {
    return `Look at the proxy or firewall before ${service}: the answer has no request id of ${service}'s. It may limit what is sent (nginx: client_max_body_size) or filter requests.`;
  }
  return refusalAdvice(service, status, requestId, said);
}

/** What to do about a refusal of `service`, whoever asked. */
export function refusalAdvice(service: string, status: number, requestId?: string, said = ''): string {
  if (isForbidden({ status, said })) {
    const [, policy, action, property] = NOT_ALLOWED.exec(said) ?? [];
    if (property !== undefined) {
      return `Let this user make and see the property ${property} of images (${service}'s property_protection_file), or run as one who may.`;
    }
    return `Let this user do ${policy ?? action ?? 'this'} (${service}'s policy.yaml), or run as one who may.`;
  }
  if (status === 401 || status === 403) {
    return `Check that the user's roles in the project allow this in ${service}; the cause may also be a quota.`;
  }
  if (status === 404) {
    return 'Check whether somebody else deleted it, and that the right project and region are used.';
  }
  if (status === 413 || status === 429) {
    return `Check the project's quota and the rate limits of ${service}.`;
  }
  if (status >= 500) {
    return `Look into the logs of ${service}${requestId === undefined ? '' : typed`: grep ${requestId}`}.`;
  }
  return `Look at the reason that ${service} gives.`;
}

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the connection was cut (reset by the other side)',
  UND_ERR_SOCKET: 'the connection was cut (closed by the other side)',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ETIMEDOUT: 'the connection timed out',
  ENOTLS: 'what listens there speaks no TLS',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
};

/** What a service that is restarted, or an address that moves to another node, looks like from outside, and a name server that is busy. */
const MAY_COME_BACK = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

interface Unanswered extends Pick<HttpFault, 'service' | 'method' | 'repeats'> {
  readonly url: string;
  readonly ms: number;
  /** The proxy that it went by. */
  readonly proxy?: string | undefined;
}

/** No answer came: refused, cut, timed out, or an unknown name. Whether the request was carried out is not known. */
export class Unreachable extends CannotRun {
  override name = 'Unreachable';
  readonly service: string;
  /** False when it is certain that the request never reached the service. */
  readonly maybeDone: boolean;
  /** Nothing was cut: the answer may still come. */
  readonly isTimeout: boolean;
  /** Nothing was sent, and what was asked a moment ago may be there again in a moment. */
  readonly isRestarting: boolean;
  /** How often it was sent before, and put off or not answered. */
  readonly repeats: number;

  constructor({ service, method, url, ms, repeats = 0, proxy }: Unanswered, error: unknown) {
    const code = codeOf(error);
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    const what = isLate ? `no answer from ${service} for ${seconds(ms)}` : `${service} does not answer: ${reason(error, code)}`;
    const by = proxy === undefined ? {} : { proxy: withoutSecret(proxy) };
    const details = { request: `${method} ${url}`, after: `${ms} ms`, ...by, ...repeated(repeats) };
    const untrusted = error instanceof Untrusted ? error : undefined;
    super(
      untrusted === undefined ? what : `${service} cannot be trusted: ${untrusted.message}`,
      details,
      untrusted?.advice ?? adviceFor(service, code, proxy),
      {
        cause: error,
      },
    );
    this.service = service;
    this.repeats = repeats;
    this.isTimeout = isLate;
    this.isRestarting = untrusted === undefined && MAY_COME_BACK.has(code);
    this.maybeDone =
      untrusted === undefined &&
      !['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTLS'].includes(code);
  }
}

function adviceFor(service: string, code: string, proxy: string | undefined): string {
  if (proxy !== undefined) {
    return `Requests go by the proxy that this shell's environment names (http_proxy, https_proxy): look whether it reaches ${service}, or name ${service}'s host in no_proxy.`;
  }
  if (code === 'ENOTLS') {
    return 'Write http:// in place of https:// if that is what it speaks, or name the port where it speaks https.';
  }
  return service === 'StorPool'
    ? 'Check SP_API_HTTP_HOST and SP_API_HTTP_PORT, and that a management node is active.'
    : `Check the URL and that ${service} runs and can be reached from this host.`;
}

function reason(error: unknown, code: string): string {
  const cause = causeOf(error);
  return CAUSES[code] ?? (cause instanceof Error && cause.message !== '' ? cause.message : String(cause));
}

/** The innermost cause; for a name with several addresses the first attempt's error. */
function causeOf(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return causeOf(error.errors[0]);
  }
  return error instanceof Error && error.cause !== undefined ? causeOf(error.cause) : error;
}

/** What OpenSSL says of a first answer that is none of TLS. */
const NO_TLS = /wrong version number|packet length too long/;

function codeOf(error: unknown): string {
  const cause = causeOf(error);
  if (cause instanceof Error && NO_TLS.test(cause.message)) {
    return 'ENOTLS';
  }
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}
