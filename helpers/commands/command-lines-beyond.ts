import type { BeyondServerCommands, BeyondVolumeCommands } from './command-book.ts';

const pairs = (name: string, metadata: Readonly<Record<string, string>> = {}): string[] =>
  Object.entries(metadata).flatMap(([key, value]) => [name, `${key}=${value}`]);
const nicOption = (nic: string): string => (nic === 'none' || nic === 'auto' ? nic : `net-id=${nic}`);

// Without these the clients ask for a version that has neither.
const REVERT = '3.40';
const EXTEND_IN_USE = '3.42';

/** What the guide has no commands for, in the spelling of its time. */
export const cinderBeyond: BeyondVolumeCommands = {
  cloneVolume: ({ name, gib, source, metadata }) => [
    ...['cinder', 'create', '--source-volid', source],
    ...pairs('--metadata', metadata),
    ...['--display-name', name, String(gib)],
  ],
  revertVolume: ({ snapshot }) => ['cinder', '--os-volume-api-version', REVERT, 'revert-to-snapshot', snapshot],
  extendInUse: ({ volume, gib }) => ['cinder', '--os-volume-api-version', EXTEND_IN_USE, 'extend', volume, String(gib)],
  volumeToImage: ({ volume, image }) => ['cinder', 'upload-to-image', '--disk-format', 'qcow2', volume, image],
  retypeVolume: ({ volume, type }) => ['cinder', 'retype', '--migration-policy', 'on-demand', volume, type],
};

export const openstackVolumesBeyond: BeyondVolumeCommands = {
  cloneVolume: ({ name, gib, source, metadata }) => [
    ...['openstack', 'volume', 'create', '--source', source],
    ...pairs('--property', metadata),
    ...['--size', String(gib), name],
  ],
  revertVolume: ({ snapshot }) => ['openstack', '--os-volume-api-version', REVERT, 'volume', 'revert', snapshot],
  extendInUse: ({ volume, gib }) => [
    ...['openstack', '--os-volume-api-version', EXTEND_IN_USE],
    ...['volume', 'set', '--size', String(gib), volume],
  ],
  volumeToImage: ({ volume, image }) => ['openstack', 'image', 'create', '--volume', volume, '--disk-format', 'qcow2', image],
  retypeVolume: ({ volume, type }) => ['openstack', 'volume', 'set', '--type', type, '--retype-policy', 'on-demand', volume],
};

export const novaBeyond: BeyondServerCommands = {
  bootFromVolume: ({ name, volume, flavor, nic, metadata }) => [
    ...['nova', 'boot', '--flavor', flavor, '--boot-volume', volume, '--nic', nicOption(nic)],
    ...pairs('--meta', metadata),
    name,
  ],
  attachToServer: ({ server, volume }) => ['nova', 'volume-attach', server, volume],
  detachFromServer: ({ server, volume }) => ['nova', 'volume-detach', server, volume],
  liveMigrate: ({ server, host }) => ['nova', 'live-migration', server, host],
  stopServer: ({ server }) => ['nova', 'stop', server],
  hardReboot: ({ server }) => ['nova', 'reboot', '--hard', server],
};

// As in command-lines.ts, and 2.30 for a host that the scheduler still has to agree to.
const NIC = ['--os-compute-api-version', '2.37'];
const LIVE = ['--os-compute-api-version', '2.30'];
// Older versions refuse volumes that several servers may have.
const SHARED = ['--os-compute-api-version', '2.60'];

export const openstackServersBeyond: BeyondServerCommands = {
  bootFromVolume: ({ name, volume, flavor, nic, metadata }) => [
    ...['openstack', ...NIC, 'server', 'create', '--flavor', flavor, '--volume', volume, '--nic', nicOption(nic)],
    ...pairs('--property', metadata),
    name,
  ],
  attachToServer: ({ server, volume, isShared }) => [
    ...['openstack', ...(isShared ? SHARED : [])],
    ...['server', 'add', 'volume', server, volume],
  ],
  detachFromServer: ({ server, volume }) => ['openstack', 'server', 'remove', 'volume', server, volume],
  stopServer: ({ server }) => ['openstack', 'server', 'stop', server],
  hardReboot: ({ server }) => ['openstack', 'server', 'reboot', '--hard', server],
  liveMigrate: ({ server, host }) => ['openstack', ...LIVE, 'server', 'migrate', '--live-migration', '--host', host, server],
};
