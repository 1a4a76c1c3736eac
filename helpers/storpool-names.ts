/** `<prefix>--volume-<uuid>`: what Cinder's driver calls a volume in StorPool (StorPool reference §5.1). */
export function cinderVolumeName(prefix: string, id: string): string {
  return `${prefix}--volume-${id}`;
}

/** `<prefix>--snap--none--snapshot-<uuid>`: what Cinder's driver calls a snapshot in StorPool (StorPool reference §5.1). */
export function cinderSnapshotName(prefix: string, id: string): string {
  return `${prefix}--snap--none--snapshot-${id}`;
}
