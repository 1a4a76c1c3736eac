import { rmSync } from 'node:fs';
import { openDockerHost } from './docker/docker.ts';
import type { Host, HostRecord } from './host.ts';
import { LocalHost, type LocalOptions } from './local.ts';
import { SshHosts, socketsFolder } from './ssh/ssh.ts';

let sockets: string | undefined;

/** Where all of this thread share their connections. They end by themselves soon after; the folder goes with the thread. */
function sharedSockets(): string {
  if (sockets === undefined) {
    const folder = socketsFolder();
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    sockets = folder;
  }
  return sockets;
}

/** Opens a host of the target by its transport. Over ssh there is one connection a host, however often it is opened: nothing is to be closed. */
export function openHost(record: HostRecord, options: LocalOptions): Host {
  const { transport } = record;
  switch (transport.kind) {
    case 'local':
      return new LocalHost(record, options);
    case 'docker':
      return openDockerHost(record, transport.container, options);
    case 'ssh':
      return new SshHosts({ ...options, sockets: sharedSockets() }).open(record, transport.route);
  }
}
