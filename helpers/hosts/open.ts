import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDockerHost } from './docker/docker.ts';
import type { Host, HostRecord } from './host.ts';
import { LocalHost, type LocalOptions } from './local.ts';
import { SshHosts, socketsFolder } from './ssh/ssh.ts';

let sockets: string | undefined;

/**
 * Where this thread has the sockets of its connections, which end by themselves soon after: a folder of this user's alone, that stays for the next
 * one. A folder for each process would be left behind by each that is killed.
 */
function sharedSockets(): string {
  sockets ??= ownFolder(join(tmpdir(), `acc-ssh-${process.getuid?.() ?? 'user'}`)) ?? passingFolder();
  return sockets;
}

const OTHERS = 0o077;

/** undefined where somebody else has put something there, or may put something in. */
function ownFolder(path: string): string | undefined {
  try {
    mkdirSync(path, { mode: 0o700, recursive: true });
    const found = lstatSync(path);
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & OTHERS) === 0 ? path : undefined;
  } catch {
    return;
  }
}

/** Goes with the thread. */
function passingFolder(): string {
  const folder = socketsFolder();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
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
