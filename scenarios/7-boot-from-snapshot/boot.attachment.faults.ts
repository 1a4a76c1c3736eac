import { symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { since } from '../../fixtures/mock/faults/after.ts';
import { askInstead, text } from '../../fixtures/mock/faults/corrupt.ts';
import { callOf, type ProvenFault, pretend, retell } from '../../fixtures/mock/faults/proven-fault.ts';
import { cinderAttachmentsTold, infoTold, statusTold } from '../../fixtures/mock/faults/reported.ts';

type Act = ProvenFault['act'];

/** A list of an OpenStack service leaves out what has a name of ours; asked for by its id it is there. */
const unlisted = (key: string): Act =>
  retell((body: Record<string, unknown>) => ({
    ...body,
    [key]: (body[key] as { name: string }[]).filter(({ name }) => !name.startsWith('acc-')),
  }));

/** A link to the device is left on another hypervisor, too. */
const alsoElsewhere: Act = async (next, context) => {
  await next();
  const host = text(context, 'host');
  const other = host === 'hypervisor-1' ? 'hypervisor-2' : 'hypervisor-1';
  const hosts = dirname(dirname(dirname(text(context, 'devices'))));
  const link = join(hosts, other, 'dev', 'storpool', text(context, 'volume'));
  await symlink('/dev/null', link).catch(() => undefined);
};

const onHypervisor: NonNullable<ProvenFault['when']> = ({ details }) => details['host'] !== 'controller';

const renamed: Act = (next, context) => {
  (callOf(context).body as { rename?: string }).rename = 'os--volume-11111111-1111-4111-8111-111111111111';
  return next();
};

const fewer = (id: string, cause: string, seam: string, check: string): ProvenFault => ({
  ...{ id: `${id}-one-copy`, kind: 'lie', cause: `${cause} keeps one copy (F19)`, seam, reddens: [check] },
  act: askInstead((request) => {
    request['replication'] = 1;
  }),
});
const otherTemplate = (id: string, cause: string, seam: string, check: string): ProvenFault => ({
  ...{
    id: `${id}-other-template`,
    kind: 'lie',
    cause: `${cause} has another template than promised (F19)`,
    seam,
    reddens: [check],
  },
  act: askInstead((request) => {
    request['template'] = 'ssd';
  }),
});

const FROM_SNAPSHOT = 'cinder.driver.create_volume_from_snapshot';
const CLONE = 'cinder.driver.create_cloned_volume';
const CREATE = 'cinder.driver.create_volume';

/** What is known of a new volume, in the places where it is not the first thing that is looked at. */
export const elsewhereFaults: readonly ProvenFault[] = [
  {
    id: 'create-not-in-cinder-list',
    kind: 'lose',
    cause: 'Cinder shows the volume by its id and leaves it out of its list: it belongs to another project',
    seam: 'cinder.listVolumesDetail',
    reddens: ['create.available'],
    act: unlisted('volumes'),
  },
  {
    id: 'snapshot-not-in-cinder-list',
    kind: 'lose',
    cause: 'Cinder shows the snapshot by its id and leaves it out of its list: a database replica lags behind',
    seam: 'cinder.listSnapshotsDetail',
    reddens: ['snapshot.available'],
    act: unlisted('snapshots'),
  },
  {
    id: 'boot-not-in-nova-list',
    kind: 'lose',
    cause: 'Nova shows the server by its id and leaves it out of its list: one of its cells does not answer',
    seam: 'nova.listServersDetail',
    reddens: ['boot.active'],
    act: unlisted('servers'),
  },
  otherTemplate('image', 'A volume from an image', CREATE, 'image.size'),
  fewer('image', 'A volume from an image', CREATE, 'image.size'),
  otherTemplate('from-snapshot', 'A volume from a snapshot', FROM_SNAPSHOT, 'from-snapshot.parent'),
  fewer('from-snapshot', 'A volume from a snapshot', FROM_SNAPSHOT, 'from-snapshot.parent'),
  fewer('boot-root', 'The root volume of a server', FROM_SNAPSHOT, 'boot.root-volume'),
  otherTemplate('clone', 'A clone', CLONE, 'clone.shared'),
  fewer('clone', 'A clone', CLONE, 'clone.shared'),
  {
    id: 'extend-moves-template',
    kind: 'lie',
    cause: 'Extending moves the volume to the default template of the driver, with other disks (F19)',
    seam: 'storpool.VolumeUpdate',
    reddens: ['extend.identity'],
    act: (next, context) => {
      (callOf(context).body as { template?: string }).template = 'ssd';
      return next();
    },
  },
  {
    id: 'extend-loses-copies',
    kind: 'lose',
    cause: 'After it was extended the volume keeps one copy (F19)',
    seam: 'storpool.VolumeUpdate',
    reddens: ['extend.identity'],
    act: (next, context) => {
      (callOf(context).body as { replication?: number }).replication = 1;
      return next();
    },
  },
  {
    id: 'extend-renames',
    kind: 'lie',
    cause: 'Extending gives the StorPool volume another name: Cinder loses it (F54)',
    seam: 'storpool.VolumeUpdate',
    reddens: ['extend.identity', 'run.nothing-left'],
    act: renamed,
  },
  {
    id: 'retype-renames',
    kind: 'lie',
    cause: 'The volume is copied by a migration and keeps the name of the copy on StorPool (F54)',
    seam: 'storpool.VolumeUpdate',
    reddens: ['retype.template', 'retype.identity', 'run.nothing-left'],
    act: renamed,
  },
  {
    id: 'boot-device-on-two-hosts',
    kind: 'leak',
    cause: 'An evacuation that failed left a device of the root volume on a second hypervisor: a later double writer (F63)',
    seam: 'agent.attach',
    when: onHypervisor,
    reddens: ['boot.attachment', 'boot.delete', 'run.nothing-left'],
    act: alsoElsewhere,
  },
  {
    id: 'boot-never-complete',
    kind: 'lie',
    cause: 'The server runs, and Cinder’s attachment of its root volume is never completed: the volume stays in attaching (F59)',
    seam: 'cinder.listAttachmentsDetail',
    reddens: ['boot.attachment'],
    act: cinderAttachmentsTold((rows) => rows.map((row) => ({ ...row, status: 'attaching' }))),
  },
  {
    id: 'attach-device-elsewhere',
    kind: 'leak',
    cause: 'Another host keeps a device of that name from an earlier attachment (F14, F44)',
    seam: 'agent.attach',
    when: (context) => !onHypervisor(context),
    reddens: ['fill.attach', 'run.nothing-left'],
    act: alsoElsewhere,
  },
  {
    id: 'fill-degraded',
    kind: 'lose',
    cause: 'A drive fails while the volume is filled: it is written in fewer copies (F72)',
    seam: 'storpool.VolumesGetStatus',
    reddens: ['fill.progress'],
    act: statusTold(() => ({ decreasedRedundancy: true })),
  },
  {
    id: 'fill-data-lost',
    kind: 'lose',
    cause: 'Two drives fail while the volume is filled (F73)',
    seam: 'storpool.VolumesGetStatus',
    reddens: ['fill.progress'],
    act: statusTold(() => ({ status: 'data lost' })),
  },
  {
    id: 'retype-keeps-disks',
    kind: 'lie',
    cause: 'The volume has the name of the new template, and its copies stay where they were (F54, F19)',
    seam: ['cinder.retypeVolume', 'storpool.VolumeGetInfo'],
    reddens: ['retype.template'],
    act: since(
      { trigger: 'cinder.retypeVolume' },
      infoTold(() => ({ placeAll: 'hdd' })),
    ),
  },
  {
    id: 'second-volume-on-two-hosts',
    kind: 'leak',
    cause: 'The second volume has a device on another hypervisor as well (F63)',
    seam: 'agent.attach',
    when: onHypervisor,
    // The root disk first.
    skip: 1,
    reddens: ['second-volume.attached', 'run.nothing-left'],
    act: alsoElsewhere,
  },
  {
    id: 'second-volume-device-stays',
    kind: 'leak',
    cause: 'StorPool detaches the volume and its device stays on the hypervisor: storpool_block is stuck (F43)',
    seam: 'agent.detach',
    when: onHypervisor,
    times: 1,
    reddens: ['second-volume.detached'],
    act: pretend(undefined),
  },
  {
    id: 'upload-device-stays',
    kind: 'leak',
    cause: 'After the upload the device of the volume stays on the controller (F44)',
    seam: ['cinder.uploadVolume', 'agent.detach'],
    reddens: ['upload.image'],
    act: since({ trigger: 'cinder.uploadVolume', times: 1 }, pretend(undefined)),
  },
];
