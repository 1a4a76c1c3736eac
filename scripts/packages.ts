import { aptGet } from '../fixtures/containers/build/apt.ts';
import { HORIZON_STATIC } from '../fixtures/horizon/debian-horizon.ts';

/** A command that the suite needs, and the package that brings it, by package manager. */
export interface Tool {
  readonly command: string;
  /** Of what is no command: the file that is there once it is installed. */
  readonly file?: string;
  readonly apt: string | readonly string[];
  /** Absent where there is no such package. */
  readonly dnf?: string;
  /** Absent where the command is only needed on Linux. */
  readonly brew?: string;
}

/** For the embedded cluster: image conversion, servers, the guide's `file`, loop devices. */
export const RUN_TOOLS: readonly Tool[] = [
  { command: 'qemu-img', apt: 'qemu-utils', dnf: 'qemu-img', brew: 'qemu' },
  { command: 'qemu-system-x86_64', apt: 'qemu-system-x86', dnf: 'qemu-system-x86-core', brew: 'qemu' },
  { command: 'file', apt: 'file', dnf: 'file', brew: 'file-formula' },
  { command: 'losetup', apt: 'mount', dnf: 'util-linux' },
  { command: 'blockdev', apt: 'util-linux', dnf: 'util-linux' },
];

/** For the suite's own tests: the report is opened in a browser, hosts are reached over a real sshd, and as containers. */
export const TEST_TOOLS: readonly Tool[] = [
  { command: 'chromium', apt: 'chromium', dnf: 'chromium', brew: 'chromium' },
  { command: 'sshd', apt: 'openssh-server', dnf: 'openssh-server' },
  { command: 'ssh', apt: 'openssh-client', dnf: 'openssh-clients' },
  { command: 'python3', apt: 'python3', dnf: 'python3', brew: 'python' },
];

/** For `--clients legacy` and `--clients openstack`: OpenStack's command-line clients, which bring openstacksdk along; Ansible for tests. */
export const CLIENT_TOOLS: readonly Tool[] = [
  { command: 'openstack', apt: 'python3-openstackclient', dnf: 'python3-openstackclient' },
  { command: 'cinder', apt: 'python3-cinderclient', dnf: 'python3-cinderclient' },
  { command: 'glance', apt: 'python3-glanceclient', dnf: 'python3-glanceclient' },
  { command: 'nova', apt: 'python3-novaclient', dnf: 'python3-novaclient' },
  { command: 'ansible-inventory', apt: 'ansible-core', dnf: 'ansible-core' },
];

/** Whose reading of storpool.conf ours is held against, where they are there; oslo.config comes with the clients. */
export const READER_TOOLS: readonly Tool[] = [{ command: 'confget', apt: ['confget', 'python3-confget'] }];

/** What makes the load of `performance`. */
export const LOAD_TOOLS: readonly Tool[] = [{ command: 'fio', apt: 'fio', dnf: 'fio', brew: 'fio' }];

/** For `npm run test:peers`: other people's test suites. */
export const PEER_TOOLS: readonly Tool[] = [{ command: 'tempest', apt: 'tempest', dnf: 'openstack-tempest' }];

/** For Horizon by a browser: Chromium, and Debian's Horizon before the embedded cluster. */
export const BROWSER_TOOLS: readonly Tool[] = [
  ...TEST_TOOLS.filter(({ command }) => command === 'chromium'),
  { command: 'openstack-dashboard', file: HORIZON_STATIC, apt: 'openstack-dashboard' },
];

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  /** True when the command is installed, or when there is that file, by its whole path. */
  readonly has: (command: string) => boolean;
}

export interface SetupPlan {
  readonly missing: readonly string[];
  /** The commands that install what is missing, one after the other. */
  readonly commands: readonly (readonly string[])[];
  /** True when this process may run them itself. */
  readonly isOurs: boolean;
}

/** What is missing on a machine and how to install it; undefined when its package manager is not known. */
export function planSetup(machine: Machine, tools: readonly Tool[]): SetupPlan | undefined {
  const isMac = machine.platform === 'darwin';
  const hasApt = machine.has('apt-get');
  const needed = tools.filter((tool) => tool[isMac ? 'brew' : hasApt ? 'apt' : 'dnf'] !== undefined);
  const lacking = needed.filter(({ command, file = command }) => !machine.has(file));
  const missing = lacking.map(({ command }) => command);
  if (missing.length === 0) {
    return { missing, commands: [], isOurs: true };
  }
  const packages = (manager: 'apt' | 'dnf' | 'brew') => [...new Set(lacking.flatMap((tool) => tool[manager] ?? []))];
  if (isMac) {
    return { missing, commands: [['brew', 'install', ...packages('brew')]], isOurs: false };
  }
  if (hasApt) {
    const install = aptGet('install', '--yes', '--no-install-recommends', ...packages('apt'));
    return { missing, commands: [aptGet('update'), install], isOurs: machine.isRoot };
  }
  if (machine.has('dnf')) {
    return { missing, commands: [['dnf', 'install', '--assumeyes', ...packages('dnf')]], isOurs: machine.isRoot };
  }
  return;
}
