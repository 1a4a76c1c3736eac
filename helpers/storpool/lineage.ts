import type { StorpoolSnapshots } from './snapshots.ts';

/** Of what the parent is asked: a volume or snapshot, as any call of StorPool's tells of it. */
export interface Descendant {
  readonly globalId: string;
  readonly parentName: string;
  /** Of a snapshot: the volume that it was taken of. */
  readonly createdFromGlobalId?: string | undefined;
}

/**
 * What a volume or snapshot was made of: its parent, but for snapshots that were only taken of it. Each of those stands between it and the parent
 * that it had, and services of StorPool's take them by themselves (StorPool's knowledge base, "VolumeCare").
 */
export async function originOf(
  snapshots: Pick<StorpoolSnapshots, 'find'>,
  { globalId, parentName, createdFromGlobalId }: Descendant,
  isOfCinder: (name: string) => boolean,
): Promise<string> {
  const passed = new Set<string>();
  let parent = parentName;
  while (!passed.has(parent)) {
    // Those that Cinder asked for are what somebody expects to find, and one that goes has the name of another then.
    if (parent === '' || parent.startsWith('*') || isOfCinder(parent)) {
      return parent;
    }
    const between = await snapshots.find(parent);
    const source = between?.createdFromGlobalId;
    if (between === undefined || source === undefined || (source !== globalId && source !== createdFromGlobalId)) {
      return parent;
    }
    passed.add(parent);
    parent = between.parentName;
  }
  // Told as its own ancestor: then it is as it is told.
  return parentName;
}
