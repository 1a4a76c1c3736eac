import type { Command } from 'commander';
import type { Settings } from '../helpers/config/config.ts';

// Spelled out, because help must not wait for the settings' schema to load.
const OPTIONS: Readonly<Record<keyof Settings, readonly [flags: string, text: string]>> = {
  config: ['--config <file>', 'YAML file of settings; or none; default: acceptance.yaml, if it is here (`init` writes it)'],
  target: ['--target <kind>', 'embedded (default), container or live'],
  only: [
    '--only <what...>',
    'chapters (number or name), scenarios, checks (id), or all; default: the guide’s chapters, on `container` all',
  ],
  exclude: ['--exclude <what...>', 'chapters, scenarios or checks that are left out'],
  lastFailed: ['--last-failed', 'only the checks that were not green in the last run on such a target'],
  cloud: ['--cloud <name>', 'the cloud of clouds.yaml; default: OS_CLOUD'],
  hosts: ['--hosts <file>', "YAML file that lists a live target's hosts; default: this machine"],
  template: ['--template <name>', 'the StorPool template that new volumes must get'],
  replication: ['--replication <copies>', 'how many copies that template must keep'],
  volumeType: ['--volume-type <name>', 'the volume type to use; default: the cloud’s own default'],
  image: ['--image <image>', 'canary (default), glance:NAME, or a file: the disk image to fill volumes with'],
  flavor: ['--flavor <name>', 'the flavor to boot; default: the smallest'],
  nic: ['--nic <network>', 'none (default), auto, or a network’s id, as `nova boot --nic` takes it'],
  waivers: ['--waivers <file>', 'YAML file of checks that may be red until a date; default: waivers.yaml, if it is here'],
  keepOnFailure: ['--keep-on-failure', 'leave what a failed scenario made; `sweep` removes it later'],
  yes: ['--yes', 'do not ask'],
  clients: ['--clients <kind>', 'act by cinder, glance and nova (legacy), by openstack, or by the APIs alone (rest)'],
  horizon: ['--horizon <url>', 'where Horizon is, to be used by a browser; `embedded` or `container`: Debian’s, for that target'],
  performance: ['--performance <file>', 'YAML file of what fio’s loads must come to, for scenario `performance`'],
  everywhere: ['--everywhere', 'also a server on each hypervisor, four at a time, and each host by hand: scenario `everywhere`'],
  small: ['--small', 'on `container`: one host that is everything, instead of a controller and two hypervisors'],
  hypervisors: ['--hypervisors <number>', 'on `container`: how many hypervisors, 1 to 9; default: 2'],
  layout: [
    '--layout <name>',
    'on `container`: kolla: one host, on which cinder-volume, nova-compute and libvirt have a container each',
  ],
  release: ['--release <name>', 'on `container`: the release of OpenStack, epoxy (default), 2026.2 or zed'],
  keep: ['--keep', 'on `container`: leave the containers running, for a look'],
  reuse: ['--reuse', 'on `container`: use the containers that an earlier run kept, and keep them'],
  driver: [
    '--driver <component=path...>',
    'on `container`: test this driver of cinder, os-brick or nova: a checkout, its file or a folder of patches',
  ],
};

/** What `--target container` alone knows. */
export const OF_CONTAINERS = [
  'small',
  'hypervisors',
  'layout',
  'release',
  'keep',
  'reuse',
  'driver',
] as const satisfies (keyof Settings)[];

/** Declares the options of these settings, each of which can also be given as a variable. */
export function addSettings(command: Command, ...names: (keyof Settings)[]): Command {
  for (const name of names) {
    command.option(...OPTIONS[name]);
  }
  return command.addHelpText(
    'after',
    '\nEach setting can also be given as a variable: --volume-type as ACCEPTANCE_VOLUME_TYPE, and most as a line of acceptance.yaml.',
  );
}
