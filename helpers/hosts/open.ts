import { DockerHost } from './docker.ts';
import type { Host, HostRecord } from './host.ts';
import { LocalHost, type LocalOptions } from './local.ts';

/** Opens a host of the target by its transport. */
export function openHost(record: HostRecord, options: LocalOptions): Host {
  const { transport } = record;
  return transport.kind === 'docker' ? new DockerHost(record, transport.container, options) : new LocalHost(record, options);
}
