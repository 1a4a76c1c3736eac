import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/** State of a socket that listens, and where a row of the kernel's tables has what (Linux, Documentation/networking/proc_net_tcp.rst). */
const LISTENS = '0A';
const COLUMN = { local: 1, state: 3, inode: 9 } as const;
const DIGITS = 4;
const HEX = 16;

export interface ListeningProcess {
  readonly pid: number;
  /** The name of its program, as `ps` shows it. */
  readonly program: string;
}

/**
 * The process that listens on a TCP port of this machine, as far as the kernel tells this user. Undefined where there is none, where
 * it belongs to somebody else, or where there is no /proc.
 */
export async function listeningProcess(port: number): Promise<ListeningProcess | undefined> {
  const sockets = (await Promise.all([socketsOn(port, 'tcp'), socketsOn(port, 'tcp6')])).flat();
  const pids = sockets.length === 0 ? [] : (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (await holds(pid, sockets)) {
      const program = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      return { pid: Number(pid), program: basename(program.trim()) };
    }
  }
  return;
}

async function socketsOn(port: number, protocol: 'tcp' | 'tcp6'): Promise<string[]> {
  const table = await readFile(`/proc/net/${protocol}`, 'utf8').catch(() => '');
  const end = `:${port.toString(HEX).toUpperCase().padStart(DIGITS, '0')}`;
  const rows = table.split('\n').map((row) => row.trim().split(/\s+/));
  const own = rows.filter((row) => row[COLUMN.state] === LISTENS && row[COLUMN.local]?.endsWith(end) === true);
  return own.map((row) => `socket:[${row[COLUMN.inode]}]`);
}

async function holds(pid: string, sockets: readonly string[]): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const open = await readdir(folder).catch(() => []);
  const targets = await Promise.all(open.map((fd) => readlink(`${folder}/${fd}`).catch(() => '')));
  return targets.some((target) => sockets.includes(target));
}
