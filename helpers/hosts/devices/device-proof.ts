import type { Identity, VolumeOfDevice } from './device.ts';

/** What is at a link. */
export interface AtLink {
  /** False when a file, folder or device stands there itself. */
  readonly isLink: boolean;
  readonly kind: 'block-device' | 'file' | 'other';
  /** See `Identity`. */
  readonly node: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** What a host shows of a volume. */
export interface DeviceSight {
  /** True when the host has links by global id at all. */
  readonly hasIds: boolean;
  readonly byId: AtLink | undefined;
  readonly byName: AtLink | undefined;
  /** Every link in either folder that leads to the same device, this volume's own included. */
  readonly leading: readonly string[];
}

/** Where a host's links are, and what may stand for StorPool's devices on a mock. */
export interface DeviceTrees {
  readonly devices: string;
  readonly standIns: 'none' | 'loops' | 'files';
}

/** Why nothing is proved (yet). */
export class Unproved {
  readonly why: string;
  /** True when a link is not there yet, or any more. */
  readonly isMissing: boolean;

  constructor(why: string, isMissing: boolean) {
    this.why = why;
    this.isMissing = isMissing;
  }
}

/** `/devices/virtual/block/sp-N` in StorPool's udev helper of 2013, `/dev/spN` in the StorPool reference §3, device nodes. */
const STORPOOL_DEVICE = /^\/dev\/sp-?\d+$/;
const LOOP_DEVICE = /^\/dev\/loop\d+$/;

/** By a host's record. */
export function standInsOf({ loops, files }: { readonly loops?: boolean; readonly files?: boolean }): DeviceTrees['standIns'] {
  return files === true ? 'files' : loops === true ? 'loops' : 'none';
}

/** The folder of the links by global id. */
export const idsOf = (devices: string): string => `${devices}-byid`;

/**
 * Whose device it is, by what a host shows. The link by global id decides; the link by name, which follows renames and was seen to lead
 * elsewhere (Launchpad 2033292), must agree with it. Hosts of old releases have no links by global id: there the name counts only when no
 * other name leads to the same device and its size is the volume's, and the first block is looked at before the first write.
 */
export function identify(volume: VolumeOfDevice, { devices, standIns }: DeviceTrees, sight: DeviceSight): Identity | Unproved {
  const { hasIds, byName } = sight;
  const name = `${devices}/${volume.name}`;
  const id = `${idsOf(devices)}/${volume.globalId}`;
  const [link, found] = hasIds ? [id, sight.byId] : [name, byName];
  if (found === undefined || byName === undefined) {
    return new Unproved(`${found === undefined ? link : name} is missing`, true);
  }
  const others = sight.leading.filter(
    (other) => other.startsWith(hasIds ? `${idsOf(devices)}/` : `${devices}/`) && other !== link,
  );
  // A plain file in the place of the name says nothing about the device by global id; it is a finding of its own.
  const names = hasIds && byName.isLink ? [name] : [];
  const { path, node, size } = found;
  const why =
    strange(link, found, standIns) ??
    (names.length > 0 && byName.path !== path ? `${name} leads to ${byName.path}, ${id} to ${path}` : undefined) ??
    (others.length > 0 ? `${path} is also the device of ${others.join(', ')}` : undefined) ??
    (!hasIds && size !== volume.size ? `${path} has ${size} bytes, the volume ${volume.size}` : undefined);
  return why === undefined ? { volume, links: [link, ...names], path, node, size, isById: hasIds } : new Unproved(why, false);
}

function strange(link: string, { isLink, kind, path }: AtLink, standIns: DeviceTrees['standIns']): string | undefined {
  if (!isLink) {
    return `${link} is no link but a ${kind}`;
  }
  const isDevice =
    standIns === 'files'
      ? kind === 'file' && !path.startsWith('/dev/')
      : kind === 'block-device' && (STORPOOL_DEVICE.test(path) || (standIns === 'loops' && LOOP_DEVICE.test(path)));
  return isDevice ? undefined : `${link} leads to ${path}, which is no device of StorPool's`;
}
