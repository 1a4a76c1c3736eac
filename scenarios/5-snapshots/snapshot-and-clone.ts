import { type KnownVolume, known, stampedVolume } from '../../fixtures/devices/stamped-volume.ts';
import type { World } from '../../fixtures/scenario/world.ts';
import type { Snapshot } from '../../helpers/cinder/snapshots.ts';
import { gib } from '../../helpers/units.ts';

type Beginning = Pick<
  World<'volume' | 'write' | 'snapshot' | 'clone', 'prepare' | 'snapshot' | 'clone', never>,
  'step' | 'names' | 'run' | 'make' | 'cinder' | 'storpool' | 'hands' | 'here' | 'signal'
>;

/** How three of the scenarios begin: a stamped volume, a snapshot of it, and a volume from that. */
export async function snapshotAndClone(
  world: Beginning,
): Promise<{ readonly source: KnownVolume; readonly snapshot: Snapshot; readonly clone: KnownVolume }> {
  const { step, names, make, cinder } = world;
  const source = await step('prepare', () => stampedVolume(world, names));
  const snapshot = await step('snapshot', async () => {
    const { id } = await make.snapshot({ name: names.snapshot, volumeId: source.volume.id });
    return cinder.snapshots.untilAvailable(id);
  });
  const clone = await step('clone', async () => {
    const { id } = await make.volume({ name: names.clone, size: gib(1), snapshotId: snapshot.id });
    return known(world, await cinder.volumes.untilAvailable(id), source.content);
  });
  return { source, snapshot, clone };
}
