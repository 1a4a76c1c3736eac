import { isIPv4 } from 'node:net';

/** The variables that lead requests to a proxy, by their names in lower case: `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`. */
export type Proxies = Readonly<Record<string, string>>;

const NAMES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'];

/**
 * Of an environment; undefined when it names no proxy. Lower case wins over upper case, for proxies also when it is empty (python/cpython 3.11,
 * urllib/request.py, getproxies_environment; psf/requests 2.28.1, utils.py, should_bypass_proxies).
 */
export function proxiesIn(environment: Readonly<Record<string, string | undefined>>): Proxies | undefined {
  const found = NAMES.flatMap((name) => {
    const lower = environment[name];
    const value = (name === 'no_proxy' ? lower || undefined : lower) ?? environment[name.toUpperCase()] ?? '';
    return value === '' ? [] : [[name, value] as const];
  });
  return found.some(([name]) => name !== 'no_proxy') ? Object.fromEntries(found) : undefined;
}

/**
 * The proxy by which OpenStack's clients would go to `url`; undefined when they go there themselves (psf/requests 2.28.1, utils.py,
 * should_bypass_proxies and select_proxy). This machine itself is always reached without one: clients differ in that.
 */
export function proxyFor(url: string, proxies: Proxies | undefined): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const proxy = proxies?.[`${protocol.slice(0, -1)}_proxy`] ?? proxies?.['all_proxy'];
  if (proxy === undefined || isLoopback(hostname) || isExempt(hostname, port, proxies?.['no_proxy'] ?? '')) {
    return;
  }
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

const isLoopback = (hostname: string) => hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);

/** By both rules that clients apply: that of requests, and that of Python itself (python/cpython 3.11, urllib/request.py, proxy_bypass_environment). */
function isExempt(hostname: string, port: string, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const whole = port === '' ? host : `${host}:${port}`;
  const entries = list.split(',').flatMap((entry) => entry.trim() || []);
  const isOfRequests = (entry: string) => (isIPv4(host) ? isIn(host, entry) : host.endsWith(entry) || whole.endsWith(entry));
  const isOfPython = (entry: string) => {
    const name = entry.toLowerCase().replace(/^\.+/, '');
    return host === name || host.endsWith(`.${name}`);
  };
  return list === '*' || entries.some((entry) => isOfRequests(entry) || isOfPython(entry));
}

const BITS = 32;

/** Whether an address lies in a network such as `10.0.0.0/8`. */
function isIn(address: string, network: string): boolean {
  const [base = '', length = ''] = network.split('/');
  const bits = Number(length);
  if (!isIPv4(base) || !/^\d+$/.test(length) || bits < 1 || bits > BITS) {
    return false;
  }
  const shift = BITS - bits;
  return number(address) >>> shift === number(base) >>> shift;
}

const number = (address: string) => address.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0);

/** For messages: without the name and password that may stand in it. */
export function withoutSecret(proxy: string): string {
  try {
    return new URL(proxy).origin;
  } catch {
    return proxy.replace(/^.*@/, '');
  }
}

/** The passwords that stand in them. */
export function secretsIn(proxies: Proxies | undefined): string[] {
  return Object.entries(proxies ?? {}).flatMap(([name, proxy]) => (name === 'no_proxy' ? [] : secretsOf(proxy)));
}

/** The password that stands in an address, as it is written and as it is meant. It goes up to the last `@`. */
export function secretsOf(address: string): string[] {
  const [, secret = ''] = /^(?:[\w+.-]+:\/\/)?[^:/@]*:([^/]+)@/.exec(address) ?? [];
  return secret === '' ? [] : [secret, decoded(secret)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
