import type { Host, HostRecord } from './host.ts';
import { LocalHost, type LocalOptions } from './local.ts';

/** Opens a host of the target by its transport. */
export function openHost(record: HostRecord, options: LocalOptions): Host {
  return new LocalHost(record, options);
}
