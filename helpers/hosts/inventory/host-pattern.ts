import { isIPv6 } from 'node:net';
import { NotUnderstood } from './unknown-inventory.ts';

export interface HostPattern {
  readonly names: readonly string[];
  readonly port?: number;
}

// As Ansible has them (ansible/ansible@2.14 lib/ansible/parsing/utils/addresses.py).
const BRACKETED_PORT = /^\[(.+)\]:([0-9]+)$/;
const PORT = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/;
const RANGE = '\\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\\]';
const LABEL = `(?:[\\p{L}\\p{N}_]|${RANGE})(?:[\\p{L}\\p{N}_-]|${RANGE})*(?<![_-])`;
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'iu');

/** A name that ends with :PORT, and ranges such as `node[01:12].example`, in brackets an IPv6 address with a port. */
export function readHostPattern(pattern: string): HostPattern {
  const [, inner, innerPort] = BRACKETED_PORT.exec(pattern) ?? [];
  const [, outer, outerPort] = PORT.exec(inner ?? pattern) ?? [];
  const name = outer ?? inner ?? pattern;
  const port = outerPort ?? innerPort;
  if (!HOST_NAME.test(name) && !isIPv6(name)) {
    throw new NotUnderstood('what stands where a host should be is no name of one');
  }
  return { names: expanded(name), ...(port === undefined ? {} : { port: Number(port) }) };
}

/** ansible/ansible@2.14 lib/ansible/plugins/inventory/__init__.py, expand_hostname_range. */
function expanded(pattern: string): string[] {
  const [, before = '', first = '', last = '', step = '1', after = ''] =
    /^([^[]*)\[(\w+):(\w+)(?::(\d+))?\](.*)$/.exec(pattern) ?? [];
  if (first === '') {
    return [pattern];
  }
  return between(first, last, Number(step)).flatMap((item) => expanded(`${before}${item}${after}`));
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** More are a slip of the finger. */
const MOST_HOSTS = 10_000;

function between(first: string, last: string, step: number): string[] {
  const isNumeric = /^\d/.test(first);
  const width = isNumeric && first.startsWith('0') && first.length > 1 ? first.length : 0;
  const [from, to] = isNumeric ? [Number(first), Number(last)] : [LETTERS.indexOf(first), LETTERS.indexOf(last)];
  if (step === 0 || (width > 0 && width !== last.length) || (!isNumeric && from > to) || to - from > MOST_HOSTS * step) {
    throw new NotUnderstood('a range of hosts has a beginning, an end or a step that do not fit');
  }
  const count = Math.max(0, Math.floor((to - from) / step) + 1);
  return Array.from({ length: count }, (_, i) => {
    const at = from + i * step;
    return isNumeric ? String(at).padStart(width, '0') : LETTERS.charAt(at);
  });
}
