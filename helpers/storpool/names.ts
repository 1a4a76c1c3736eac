/** `<prefix>--volume-<uuid>`: what Cinder's driver calls a volume in StorPool (StorPool reference §5.1). */
export function cinderVolumeName(prefix: string, id: string): string {
  return `${prefix}--volume-${id}`;
}

/** `<prefix>--snap--none--snapshot-<uuid>`: what Cinder's driver calls a snapshot in StorPool (StorPool reference §5.1). */
export function cinderSnapshotName(prefix: string, id: string): string {
  return `${prefix}--snap--none--snapshot-${id}`;
}

/**
 * True for every name that Cinder's driver gives to something of a volume or snapshot (StorPool reference §5.1). What an operator names after
 * it, such as a backup, is the operator's.
 */
export function isOfCinder(prefix: string, id: string, name: string): boolean {
  const own = name.startsWith(`${prefix}--`) ? name.slice(prefix.length) : '';
  return (
    own === `--volume-${id}` ||
    own === `--volume-${id}--temp--mig` ||
    own.startsWith(`--volsnap-${id}--req-`) ||
    (own.endsWith(`--snapshot-${id}`) && /^--\w+--[\w-]+--snapshot-[\da-f-]+$/.test(own))
  );
}

/** The id of the volume that Cinder's driver gave this name to; undefined for any other name. */
export function volumeIdIn(prefix: string, name: string): string | undefined {
  const id = name.startsWith(cinderVolumeName(prefix, '')) ? name.slice(cinderVolumeName(prefix, '').length) : '';
  return UUID.test(id) ? id : undefined;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
