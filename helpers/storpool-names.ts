/** `<prefix>--volume-<uuid>`: what Cinder's driver calls a volume in StorPool (StorPool reference §5.1). */
export function cinderVolumeName(prefix: string, id: string): string {
  return `${prefix}--volume-${id}`;
}

/** `<prefix>--snap--none--snapshot-<uuid>`: what Cinder's driver calls a snapshot in StorPool (StorPool reference §5.1). */
export function cinderSnapshotName(prefix: string, id: string): string {
  return `${prefix}--snap--none--snapshot-${id}`;
}

/** The Cinder id in a StorPool volume's name, or undefined when Cinder did not name it. */
export function cinderVolumeId(prefix: string, name: string): string | undefined {
  const start = cinderVolumeName(prefix, '');
  return name.startsWith(start) ? name.slice(start.length).split('--')[0] : undefined;
}
