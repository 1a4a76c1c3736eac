import { openDockerHost } from './docker/docker.ts';
import type { Host, HostRecord } from './host.ts';
import { LocalHost, type LocalOptions } from './local.ts';
import { SshHosts } from './ssh/ssh.ts';

/** Opens a host of the target by its transport. Over ssh each command is a connection of its own: there is nothing to close. */
export function openHost(record: HostRecord, options: LocalOptions): Host {
  const { transport } = record;
  switch (transport.kind) {
    case 'local':
      return new LocalHost(record, options);
    case 'docker':
      return openDockerHost(record, transport.container, options);
    case 'ssh':
      return new SshHosts(options).open(record, transport.route);
  }
}
