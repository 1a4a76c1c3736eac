import type { CinderPool, CinderService, VolumeType } from './back-ends.ts';

type Typed = Pick<VolumeType, 'extraSpecs'>;

/**
 * Whether Cinder's scheduler may put a volume of that type into the pool.
 * Source: openstack/cinder@016d28808 cinder/scheduler/filters/capabilities_filter.py.
 */
export function fits({ capabilities }: CinderPool, { extraSpecs }: Typed): boolean {
  return Object.entries(extraSpecs).every(([key, wanted]) => {
    const [scope = '', ...rest] = key.split(':');
    if (rest.length > 0 && scope !== 'capabilities') {
      return true;
    }
    const offered = (scope === 'capabilities' ? rest : [scope]).reduce(memberOf, capabilities);
    return [offered].flat().some((value) => satisfies(value, wanted));
  });
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

const numbers = (holds: (a: number, b: number) => boolean) => (value: unknown, word: string) =>
  holds(Number.parseFloat(String(value)), Number.parseFloat(word));
const words = (holds: (a: string, b: string) => boolean) => (value: unknown, word: string) => holds(String(value), word);
const isTrue = (value: unknown) => /^(1|t|true|on|y|yes)$/i.test(String(value).trim());

/** Source: openstack/cinder@e154cf1e9 cinder/scheduler/filters/extra_specs_ops.py. */
const OPERATORS: Readonly<Record<string, (value: unknown, word: string) => boolean>> = {
  '=': numbers((a, b) => a >= b),
  '==': numbers((a, b) => a === b),
  '!=': numbers((a, b) => a !== b),
  '>=': numbers((a, b) => a >= b),
  '<=': numbers((a, b) => a <= b),
  's==': words((a, b) => a === b),
  's!=': words((a, b) => a !== b),
  's<': words((a, b) => a < b),
  's<=': words((a, b) => a <= b),
  's>': words((a, b) => a > b),
  's>=': words((a, b) => a >= b),
  '<in>': words((a, b) => a.includes(b)),
  '<is>': (value, word) => isTrue(value) === isTrue(word),
};

function satisfies(value: unknown, wanted: string): boolean {
  const [operator = '', ...rest] = wanted.split(/\s+/).filter((word) => word !== '');
  if (value === undefined || value === null) {
    return false;
  }
  if (operator === '<or>') {
    return rest.some((word, i) => i % 2 === 0 && word === value);
  }
  const holds = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  const [word] = rest;
  return holds === undefined ? value === wanted : word !== undefined && holds(value, word);
}

/** The driver says who made it whichever way it exports volumes; the protocol is `iSCSI` with `iscsi_export_to = *` (StorPool reference §5.6). */
export function isStorpool({ capabilities }: CinderPool): boolean {
  return capabilities['storage_protocol'] === 'storpool' || capabilities['vendor_name'] === 'StorPool';
}

/** Where Cinder may put a volume of a type. */
export interface Destinations {
  readonly storpool: readonly CinderPool[];
  readonly others: readonly CinderPool[];
}

export function destinationsOf(type: Typed, pools: readonly CinderPool[]): Destinations {
  const [others = [], storpool = []] = [false, true].map((is) =>
    pools.filter((pool) => fits(pool, type) && isStorpool(pool) === is),
  );
  return { storpool, others };
}

/** True when a volume of that type can only get to StorPool. */
export function leadsToStorpoolOnly(type: Typed, pools: readonly CinderPool[]): boolean {
  const { storpool, others } = destinationsOf(type, pools);
  return storpool.length > 0 && others.length === 0;
}

/**
 * The pool that a volume lives in, by the `host@backend#pool` that Cinder shows of it. The pools of a back end that several cinder-volume
 * serve together are called after their cluster instead (openstack/cinder@ab09bc39d cinder/scheduler/host_manager.py, get_pools).
 */
export function poolAt(
  host: string,
  pools: readonly CinderPool[],
  services: readonly Pick<CinderService, 'host' | 'cluster'>[],
): CinderPool | undefined {
  const [backEnd = '', pool = ''] = host.split('#');
  const cluster = services.find((service) => service.host === backEnd)?.cluster;
  return pools.find(({ name }) => name === host || (cluster !== undefined && name === `${cluster}#${pool}`));
}
