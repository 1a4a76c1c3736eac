import type { FileCommands, ImageCommands, ServerCommands, StorpoolCommands, VolumeCommands } from './command-book.ts';

const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);
const pairs = (name: string, metadata: Readonly<Record<string, string>> = {}): string[] =>
  Object.entries(metadata).flatMap(([key, value]) => [name, `${key}=${value}`]);
const nicOption = (nic: string): string => (nic === 'none' || nic === 'auto' ? nic : `net-id=${nic}`);

// cinder's `--metadata` takes every word up to the next option, so that it never stands last (cinder help create).
export const cinderCommands: VolumeCommands = {
  createVolume: ({ name, gib, imageId, snapshotId, volumeType, metadata }) => [
    ...['cinder', 'create'],
    ...option('--image-id', imageId),
    ...option('--snapshot-id', snapshotId),
    ...option('--volume-type', volumeType),
    ...pairs('--metadata', metadata),
    ...['--display-name', name, String(gib)],
  ],
  listVolumes: () => ['cinder', 'list'],
  showVolume: ({ volume }) => ['cinder', 'show', volume],
  extendVolume: ({ volume, gib }) => ['cinder', 'extend', volume, String(gib)],
  deleteVolume: ({ volume }) => ['cinder', 'delete', volume],
  createSnapshot: ({ name, volume, metadata }) => [
    ...['cinder', 'snapshot-create'],
    ...pairs('--metadata', metadata),
    ...['--display-name', name, volume],
  ],
  listSnapshots: () => ['cinder', 'snapshot-list'],
  deleteSnapshot: ({ snapshot }) => ['cinder', 'snapshot-delete', snapshot],
};

export const openstackVolumeCommands: VolumeCommands = {
  createVolume: ({ name, gib, imageId, snapshotId, volumeType, metadata }) => [
    ...['openstack', 'volume', 'create'],
    ...option('--image', imageId),
    ...option('--snapshot', snapshotId),
    ...option('--type', volumeType),
    ...pairs('--property', metadata),
    ...['--size', String(gib), name],
  ],
  listVolumes: () => ['openstack', 'volume', 'list'],
  showVolume: ({ volume }) => ['openstack', 'volume', 'show', volume],
  extendVolume: ({ volume, gib }) => ['openstack', 'volume', 'set', '--size', String(gib), volume],
  deleteVolume: ({ volume }) => ['openstack', 'volume', 'delete', volume],
  createSnapshot: ({ name, volume, metadata }) => [
    ...['openstack', 'volume', 'snapshot', 'create', '--volume', volume],
    ...pairs('--property', metadata),
    name,
  ],
  listSnapshots: () => ['openstack', 'volume', 'snapshot', 'list'],
  deleteSnapshot: ({ snapshot }) => ['openstack', 'volume', 'snapshot', 'delete', snapshot],
};

export const glanceCommands: ImageCommands = {
  imageList: () => ['glance', 'image-list'],
  uploadImage: ({ name, file, diskFormat = 'qcow2', metadata }) => [
    ...['glance', 'image-create', '--name', name],
    ...['--disk-format', diskFormat, '--container-format', 'bare'],
    ...pairs('--property', metadata),
    ...['--file', file],
  ],
  deleteImage: ({ image }) => ['glance', 'image-delete', image],
};

export const openstackImageCommands: ImageCommands = {
  imageList: () => ['openstack', 'image', 'list'],
  uploadImage: ({ name, file, diskFormat = 'qcow2', metadata }) => [
    ...['openstack', 'image', 'create'],
    ...['--disk-format', diskFormat, '--container-format', 'bare'],
    ...pairs('--property', metadata),
    ...['--file', file, name],
  ],
  deleteImage: ({ image }) => ['openstack', 'image', 'delete', image],
};

export const novaCommands: ServerCommands = {
  bootFromSnapshot: ({ name, snapshotId, flavor, nic, metadata }) => [
    ...['nova', 'boot', '--flavor', flavor, '--snapshot', snapshotId, '--nic', nicOption(nic)],
    ...pairs('--meta', metadata),
    name,
  ],
  showServer: ({ server }) => ['nova', 'show', server],
  consoleLog: ({ server }) => ['nova', 'console-log', server],
  deleteServer: ({ server }) => ['nova', 'delete', server],
};

// `--nic none` and `auto` need Nova 2.37, and `openstack` asks for 2.1 unless it is told otherwise.
const NIC_MICROVERSION = ['--os-compute-api-version', '2.37'];

export const openstackServerCommands: ServerCommands = {
  bootFromSnapshot: ({ name, snapshotId, flavor, nic, metadata }) => [
    ...['openstack', ...NIC_MICROVERSION, 'server', 'create'],
    ...['--flavor', flavor, '--snapshot', snapshotId, '--nic', nicOption(nic)],
    ...pairs('--property', metadata),
    name,
  ],
  showServer: ({ server }) => ['openstack', 'server', 'show', server],
  consoleLog: ({ server }) => ['openstack', 'console', 'log', 'show', server],
  deleteServer: ({ server }) => ['openstack', 'server', 'delete', server],
};

/** As the guide of 2015 types them. */
export const guideStorpoolCommands: StorpoolCommands = {
  storpoolVolumeList: () => ['storpool', 'volume', 'list'],
  storpoolVolumeStatus: (name) =>
    name === undefined ? ['storpool', 'volume', 'status'] : ['storpool', 'volume', name, 'status'],
  storpoolSnapshotList: () => ['storpool', 'snapshot', 'list'],
  attachHere: (name) => ['storpool', 'attach', 'here', 'volume', name],
  detachHere: (name) => ['storpool', 'detach', 'here', 'volume', name],
};

/** As scripts do today: no questions asked (`-B`), JSON (`-j`), and the word order of the current manual. */
export const batchStorpoolCommands: StorpoolCommands = {
  storpoolVolumeList: () => ['storpool', '-B', '-j', 'volume', 'list'],
  storpoolVolumeStatus: () => ['storpool', '-B', '-j', 'volume', 'status'],
  storpoolSnapshotList: () => ['storpool', '-B', '-j', 'snapshot', 'list'],
  attachHere: (name) => ['storpool', '-B', '-j', 'attach', 'volume', name, 'here'],
  detachHere: (name) => ['storpool', '-B', '-j', 'detach', 'volume', name, 'here'],
};

/** The same whichever clients are used. */
export const fileCommands: FileCommands = {
  qemuImgInfo: (file, format) => ['qemu-img', 'info', '-f', format, file],
  qemuImgConvert: ({ source, format, bytesPerSecond }) => ({
    on: (device) => [
      ...['qemu-img', 'convert', '-p'],
      ...option('-r', bytesPerSecond?.toString()),
      ...['-f', format, '-n', '-O', 'raw', source, device],
    ],
    writes: true,
  }),
  discard: ({ offset, length }) => ({
    on: (device) => ['blkdiscard', '--offset', `${offset}`, '--length', `${length}`, device],
    writes: true,
  }),
  flush: () => ({ on: (device) => ['sync', device], writes: false }),
  fileL: () => ({ on: (device) => ['file', '-L', device], writes: false }),
  fileSL: () => ({ on: (device) => ['file', '-sL', device], writes: false }),
};
