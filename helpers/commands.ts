/** Volumes, snapshots and servers are named as a person names them: by name or id. Sizes are GiB. */
interface NewVolume {
  readonly name: string;
  readonly gib: number;
  readonly imageId?: string;
  readonly snapshotId?: string;
  readonly volumeType?: string;
}

interface NewServer {
  readonly name: string;
  readonly snapshotId: string;
  readonly flavor: string;
  /** `none`, `auto` or a network id. */
  readonly nic: string;
}

/**
 * The command lines of the guide, as argv. The only place in the suite that spells them: plan, report and (where the tools are
 * installed) the run itself take them from here.
 */
export interface CommandBook {
  imageList(): readonly string[];
  uploadImage(image: { readonly name: string; readonly file: string }): readonly string[];
  createVolume(volume: NewVolume): readonly string[];
  listVolumes(): readonly string[];
  showVolume(of: { readonly volume: string }): readonly string[];
  extendVolume(to: { readonly volume: string; readonly gib: number }): readonly string[];
  deleteVolume(of: { readonly volume: string }): readonly string[];
  createSnapshot(snapshot: { readonly name: string; readonly volume: string }): readonly string[];
  listSnapshots(): readonly string[];
  deleteSnapshot(of: { readonly snapshot: string }): readonly string[];
  bootFromSnapshot(server: NewServer): readonly string[];
  showServer(of: { readonly server: string }): readonly string[];
  consoleLog(of: { readonly server: string }): readonly string[];
  deleteServer(of: { readonly server: string }): readonly string[];
  storpoolVolumeList(): readonly string[];
  storpoolVolumeStatus(name?: string): readonly string[];
  storpoolSnapshotList(): readonly string[];
  attachHere(name: string): readonly string[];
  detachHere(name: string): readonly string[];
  qemuImgInfo(file: string): readonly string[];
  /** `bytesPerSecond` slows the copy of a small image down enough to be watched (qemu-img's `-r`). */
  qemuImgConvert(copy: { readonly source: string; readonly device: string; readonly bytesPerSecond?: number }): readonly string[];
  /** Hands what was written to the device on to StorPool. */
  flush(device: string): readonly string[];
  fileL(path: string): readonly string[];
  fileSL(path: string): readonly string[];
}

const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);

/** The commands on a host: the same whichever OpenStack client is used. */
const HOST_COMMANDS = {
  storpoolVolumeList: () => ['storpool', 'volume', 'list'],
  storpoolVolumeStatus: (name?: string) =>
    name === undefined ? ['storpool', 'volume', 'status'] : ['storpool', 'volume', name, 'status'],
  storpoolSnapshotList: () => ['storpool', 'snapshot', 'list'],
  attachHere: (name: string) => ['storpool', 'attach', 'here', 'volume', name],
  detachHere: (name: string) => ['storpool', 'detach', 'here', 'volume', name],
  qemuImgInfo: (file: string) => ['qemu-img', 'info', file],
  qemuImgConvert: ({ source, device, bytesPerSecond }: Parameters<CommandBook['qemuImgConvert']>[0]) => [
    'qemu-img',
    'convert',
    '-p',
    ...option('-r', bytesPerSecond?.toString()),
    '-n',
    '-O',
    'raw',
    source,
    device,
  ],
  flush: (device: string) => ['sync', device],
  fileL: (path: string) => ['file', '-L', path],
  fileSL: (path: string) => ['file', '-sL', path],
} satisfies Partial<CommandBook>;

/** The guide's own commands, of 2015: cinder, glance and nova. */
export const legacyCommands: CommandBook = {
  ...HOST_COMMANDS,
  imageList: () => ['glance', 'image-list'],
  uploadImage: ({ name, file }) => [
    'glance',
    'image-create',
    '--name',
    name,
    '--disk-format',
    'qcow2',
    '--container-format',
    'bare',
    '--file',
    file,
  ],
  createVolume: ({ name, gib, imageId, snapshotId, volumeType }) => [
    'cinder',
    'create',
    ...option('--image-id', imageId),
    ...option('--snapshot-id', snapshotId),
    ...option('--volume-type', volumeType),
    '--display-name',
    name,
    String(gib),
  ],
  listVolumes: () => ['cinder', 'list'],
  showVolume: ({ volume }) => ['cinder', 'show', volume],
  extendVolume: ({ volume, gib }) => ['cinder', 'extend', volume, String(gib)],
  deleteVolume: ({ volume }) => ['cinder', 'delete', volume],
  createSnapshot: ({ name, volume }) => ['cinder', 'snapshot-create', '--display-name', name, volume],
  listSnapshots: () => ['cinder', 'snapshot-list'],
  deleteSnapshot: ({ snapshot }) => ['cinder', 'snapshot-delete', snapshot],
  bootFromSnapshot: ({ name, snapshotId, flavor, nic }) => [
    'nova',
    'boot',
    '--flavor',
    flavor,
    '--snapshot',
    snapshotId,
    '--nic',
    nicOption(nic),
    name,
  ],
  showServer: ({ server }) => ['nova', 'show', server],
  consoleLog: ({ server }) => ['nova', 'console-log', server],
  deleteServer: ({ server }) => ['nova', 'delete', server],
};

/** The same with the unified client, where the old ones are retired. */
export const openstackCommands: CommandBook = {
  ...HOST_COMMANDS,
  imageList: () => ['openstack', 'image', 'list'],
  uploadImage: ({ name, file }) => [
    'openstack',
    'image',
    'create',
    '--disk-format',
    'qcow2',
    '--container-format',
    'bare',
    '--file',
    file,
    name,
  ],
  createVolume: ({ name, gib, imageId, snapshotId, volumeType }) => [
    'openstack',
    'volume',
    'create',
    ...option('--image', imageId),
    ...option('--snapshot', snapshotId),
    ...option('--type', volumeType),
    '--size',
    String(gib),
    name,
  ],
  listVolumes: () => ['openstack', 'volume', 'list'],
  showVolume: ({ volume }) => ['openstack', 'volume', 'show', volume],
  extendVolume: ({ volume, gib }) => ['openstack', 'volume', 'set', '--size', String(gib), volume],
  deleteVolume: ({ volume }) => ['openstack', 'volume', 'delete', volume],
  createSnapshot: ({ name, volume }) => ['openstack', 'volume', 'snapshot', 'create', '--volume', volume, name],
  listSnapshots: () => ['openstack', 'volume', 'snapshot', 'list'],
  deleteSnapshot: ({ snapshot }) => ['openstack', 'volume', 'snapshot', 'delete', snapshot],
  bootFromSnapshot: ({ name, snapshotId, flavor, nic }) => [
    'openstack',
    'server',
    'create',
    '--flavor',
    flavor,
    '--snapshot',
    snapshotId,
    '--nic',
    nicOption(nic),
    name,
  ],
  showServer: ({ server }) => ['openstack', 'server', 'show', server],
  consoleLog: ({ server }) => ['openstack', 'console', 'log', 'show', server],
  deleteServer: ({ server }) => ['openstack', 'server', 'delete', server],
};

function nicOption(nic: string): string {
  return nic === 'none' || nic === 'auto' ? nic : `net-id=${nic}`;
}

const PLAIN = /^[A-Za-z0-9_\-./:=@%+,]+$/;

/** One line that a POSIX shell splits back into the same argv. Placeholders in angle brackets stay readable. */
export function shellLine(argv: readonly string[]): string {
  return argv
    .map((word) => (PLAIN.test(word) || /^[\w\-./:]*<[\w .-]*>$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
