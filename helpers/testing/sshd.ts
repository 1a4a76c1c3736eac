import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import type { SshRoute } from '../hosts/host.ts';

const SSHD = '/usr/sbin/sshd';
const NOBODY = 65_534;

/** What ssh needs of the environment in tests: no agent, no configuration of the person who runs them. */
export const SSH_ENVIRONMENT = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };

const ASKS = 'echo "sudo: a password is required" >&2; exit 1';

interface Manners {
  /** What login files say to whoever comes, also to commands. */
  readonly greeting?: string;
  /** As pam_env gives it to whoever comes. */
  readonly locale?: string;
  /** What `sudo` is there, as lines of a shell, for who comes by `nobodyKey`; one that asks for a password when absent. */
  readonly sudo?: string;
}

/** A throw-away OpenSSH server on loopback with keys and configuration of its own. */
export class Sshd implements AsyncDisposable {
  readonly dir: string;
  readonly port: number;
  readonly #process: ReturnType<typeof spawn>;

  private constructor(dir: string, port: number, server: ReturnType<typeof spawn>) {
    this.dir = dir;
    this.port = port;
    this.#process = server;
  }

  static async start({ greeting, locale = 'C', sudo = ASKS }: Manners = {}): Promise<Sshd> {
    if (!existsSync(SSHD)) {
      throw new Error(`${SSHD} is missing: apt-get install openssh-server`);
    }
    const dir = mkdtempSync(join(tmpdir(), 'acc-sshd-'));
    const port = await freePort();
    for (const name of ['host_key', 'client_key', 'other_key', 'nobody_key']) {
      await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, name)]);
    }
    writeFileSync(join(dir, 'authorized_keys'), authorizedKeys(dir), { mode: 0o600 });
    mkdirSync(join(dir, 'bin'));
    writeFileSync(join(dir, 'bin/sudo'), `#!/bin/sh\n${sudo}\n`, { mode: 0o755 });
    writeFileSync(join(dir, 'greeting'), greeting ?? '');
    const greets = greeting === undefined ? '' : `ForceCommand cat ${join(dir, 'greeting')}; eval "$SSH_ORIGINAL_COMMAND"\n`;
    writeFileSync(join(dir, 'sshd_config'), `${configuration(dir, port, locale)}${greets}`);
    writeFileSync(join(dir, 'known_hosts'), `[127.0.0.1]:${port} ${readFileSync(join(dir, 'host_key.pub'), 'utf8')}`);
    writeFileSync(join(dir, 'ssh_config'), '');
    if (process.getuid?.() === 0) {
      // sshd asks for it when it runs as root; Debian makes it when the service starts.
      mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    }
    const server = spawn(SSHD, ['-D', '-e', '-f', join(dir, 'sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
    await listening(server);
    return new Sshd(dir, port, server);
  }

  /** The way to it, with the key that it accepts. */
  route(fields: Partial<SshRoute> = {}): SshRoute {
    return {
      destination: `${userInfo().username}@127.0.0.1`,
      port: this.port,
      identityFile: join(this.dir, 'client_key'),
      configFile: join(this.dir, 'ssh_config'),
      options: ['-o', `UserKnownHostsFile=${join(this.dir, 'known_hosts')}`, '-o', 'GlobalKnownHostsFile=/dev/null'],
      ...fields,
    };
  }

  /** A key that it does not know. */
  get strangerKey(): string {
    return join(this.dir, 'other_key');
  }

  /** A key with which commands run as a user without any privilege. */
  get nobodyKey(): string {
    return join(this.dir, 'nobody_key');
  }

  /** Makes it look as if this server's key were another one than the client knows. */
  pretendKeyChanged(): void {
    const other = readFileSync(join(this.dir, 'other_key.pub'), 'utf8');
    writeFileSync(join(this.dir, 'known_hosts'), `[127.0.0.1]:${this.port} ${other}`);
  }

  /** What the client's own file says besides. */
  configure(text: string): void {
    appendFileSync(join(this.dir, 'ssh_config'), text);
  }

  forgetKey(): void {
    writeFileSync(join(this.dir, 'known_hosts'), '');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
    await rm(this.dir, { recursive: true });
  }
}

function authorizedKeys(dir: string): string {
  const key = (name: string) => readFileSync(join(dir, `${name}.pub`), 'utf8');
  if (process.getuid?.() !== 0) {
    return `${key('client_key')}${key('nobody_key')}`;
  }
  const drop = join(dir, 'as-nobody');
  writeFileSync(
    drop,
    `#!/bin/sh\nexec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups env PATH="${join(dir, 'bin')}:$PATH" sh -c "$SSH_ORIGINAL_COMMAND"\n`,
  );
  chmodSync(drop, 0o755);
  chmodSync(dir, 0o755);
  return `${key('client_key')}command="${drop}" ${key('nobody_key')}`;
}

function configuration(dir: string, port: number, locale: string): string {
  return [
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    `HostKey ${join(dir, 'host_key')}`,
    `PidFile ${join(dir, 'sshd.pid')}`,
    `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'MaxStartups 200',
    'PrintMotd no',
    'LogLevel INFO',
    // A bash that ssh starts reads ~/.bashrc at the outermost level only: what that does on this machine is no part of a test.
    `SetEnv SHLVL=2 LC_ALL=${locale}`,
    '',
  ].join('\n');
}

async function listening(server: ReturnType<typeof spawn>): Promise<void> {
  if (server.stderr === null) {
    return;
  }
  const said: string[] = [];
  const lines = createInterface(server.stderr);
  for await (const line of lines) {
    said.push(line);
    if (line.includes('Server listening')) {
      // What it logs later must be read, or it would block on a full pipe.
      server.stderr.resume();
      return;
    }
  }
  throw new Error(`sshd did not start: ${said.join('\n')}`);
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
