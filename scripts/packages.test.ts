import { expect, test } from 'vitest';
import { aptGet } from '../fixtures/containers/build/apt.ts';
import { BROWSER_TOOLS, CLIENT_TOOLS, type Machine, planSetup, READER_TOOLS, RUN_TOOLS, TEST_TOOLS } from './packages.ts';

const machine = (platform: NodeJS.Platform, isRoot: boolean, ...commands: string[]): Machine => ({
  platform,
  isRoot,
  has: (command) => commands.includes(command),
});
const everything = RUN_TOOLS.map(({ command }) => command);

test('a machine that has everything is left alone', () => {
  expect(planSetup(machine('linux', true, ...everything), RUN_TOOLS)).toEqual({ missing: [], commands: [], isOurs: true });
});

test('root on Debian installs only the packages of what is missing', () => {
  expect(planSetup(machine('linux', true, 'apt-get', 'losetup', 'blockdev', 'file'), RUN_TOOLS)).toEqual({
    missing: ['qemu-img', 'qemu-system-x86_64'],
    commands: [aptGet('update'), aptGet('install', '--yes', '--no-install-recommends', 'qemu-utils', 'qemu-system-x86')],
    isOurs: true,
  });
});

test('a plain user is only told the command', () => {
  expect(planSetup(machine('linux', false, 'dnf', 'file'), RUN_TOOLS)).toEqual({
    missing: ['qemu-img', 'qemu-system-x86_64', 'losetup', 'blockdev'],
    commands: [['dnf', 'install', '--assumeyes', 'qemu-img', 'qemu-system-x86-core', 'util-linux']],
    isOurs: false,
  });
});

test('on macOS the brew packages are named, and nothing that only Linux has', () => {
  expect(planSetup(machine('darwin', true), RUN_TOOLS)).toEqual({
    missing: ['qemu-img', 'qemu-system-x86_64', 'file'],
    commands: [['brew', 'install', 'qemu', 'file-formula']],
    isOurs: false,
  });
});

test('the tests need a browser, ssh and Python besides', () => {
  const plan = planSetup(machine('linux', true, 'apt-get', ...everything), [...RUN_TOOLS, ...TEST_TOOLS]);

  expect(plan?.missing).toEqual(['chromium', 'sshd', 'ssh', 'python3']);
});

test('the clients are packages, on Linux only', () => {
  const tools = [...RUN_TOOLS, ...CLIENT_TOOLS];
  const install = planSetup(machine('linux', true, 'apt-get', 'openstack', ...everything), tools)?.commands.at(-1);

  expect(install?.slice(-4)).toEqual(['python3-cinderclient', 'python3-glanceclient', 'python3-novaclient', 'ansible-core']);
  expect(planSetup(machine('darwin', true, ...everything), tools)?.missing).toEqual([]);
});

test('what has no package for a machine is not asked of it', () => {
  const tools = [...CLIENT_TOOLS.slice(0, 1), ...READER_TOOLS];

  expect(
    planSetup(machine('linux', true, 'apt-get'), tools)
      ?.commands.at(-1)
      ?.slice(-2),
  ).toEqual(['confget', 'python3-confget']);
  expect(planSetup(machine('linux', true, 'dnf'), tools)?.missing).toEqual(['openstack']);
});

test('a machine without a known package manager gets no made-up command', () => {
  expect(planSetup(machine('linux', true), RUN_TOOLS)).toBeUndefined();
});

test('Horizon is no command: it is there when its files are, and on Debian only', () => {
  const [chromium, horizon] = BROWSER_TOOLS;
  const plan = (...there: string[]) => planSetup(machine('linux', true, 'apt-get', ...there), BROWSER_TOOLS);

  expect(plan('chromium')?.missing).toEqual(['openstack-dashboard']);
  expect(plan('chromium')?.commands.at(-1)?.at(-1)).toBe('openstack-dashboard');
  expect(plan('chromium', horizon?.file ?? '')?.missing).toEqual([]);
  expect(planSetup(machine('linux', true, 'dnf'), BROWSER_TOOLS)?.missing).toEqual([chromium?.command]);
});
