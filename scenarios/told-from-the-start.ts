import { join } from 'node:path';
import { runCommand } from '../fixtures/mock/core/shell-command.ts';
import { onHypervisor } from '../fixtures/mock/faults/hosts.ts';
import type { Act } from '../fixtures/mock/faults/proven-fault.ts';
import { callOf, detail, type ProvenFault } from '../fixtures/mock/faults/proven-fault.ts';
import { retell } from '../fixtures/mock/faults/replies.ts';
import { reportedInfo, reportedVolume } from '../fixtures/mock/faults/reported.ts';
import type { OneCall } from './hardly-seen.ts';

type Fields = Readonly<Record<string, unknown>>;
type Count = { readonly in_use: number };
interface Volumes {
  readonly volume?: Fields;
  readonly volumes?: readonly Fields[];
}

/** By itself and in the list of volumes. */
const IN_BOTH = ['cinder.showVolume', 'cinder.listVolumesDetail'];

const volumesTold = (change: (volume: Fields) => Fields): Act =>
  retell(({ volume, volumes, ...body }: Volumes) => ({
    ...body,
    ...(volume && { volume: { ...volume, ...change(volume) } }),
    ...(volumes && { volumes: volumes.map((row) => ({ ...row, ...change(row) })) }),
  }));

/** From one request on, until another. */
const between =
  (from: string, to: string, at: string, act: Act): Act =>
  (next, context) => {
    const { seam, memory } = context;
    if (seam === from) {
      memory.set('begun', true);
    } else if (seam === to) {
      memory.delete('begun');
    }
    return seam === at && memory.has('begun') ? act(next, context) : next();
  };

const counted = (name: string, more: number): Act =>
  retell(({ quota_set: quota }: { quota_set: Readonly<Record<string, Count>> }) => ({
    quota_set: { ...quota, [name]: { ...quota[name], in_use: (quota[name]?.in_use ?? 0) + more } },
  }));

/** Of the image that Cinder makes of a volume. */
const uploadTold = (change: (image: Fields) => Fields): Act =>
  retell(({ images, ...image }: { images?: readonly Fields[] }) => {
    const told = (one: Fields) => ({ ...one, ...(/-upload-\d+$/.test(String(one['name'])) && change(one)) });
    return images === undefined ? told(image) : { ...image, images: images.map(told) };
  });

/** For a while it is told as under way again, once it was told to be done. */
const fallsBack = (trigger: string, done: string, back: string): Act => {
  const told = reportedVolume(({ status }) => (status === done ? { status: back } : {}));
  return async (next, context) => {
    const { seam, memory } = context;
    if (seam === trigger) {
      memory.set('asked', true);
      return next();
    }
    const reply = (await next()) as { body?: Volumes };
    if (!memory.has('asked') || reply.body?.volume?.['status'] !== done) {
      return reply;
    }
    const times = Number(memory.get('times') ?? 0);
    memory.set('times', times + 1);
    return times > 0 && times < 30 ? told(() => Promise.resolve(reply), context) : reply;
  };
};

const deviceForAll = (rows: unknown) =>
  Array.isArray(rows) ? rows.map((row: Fields) => ({ ...row, device: '/dev/vda' })) : rows;

/** Nova and Cinder agree that all volumes of the server are the same disk. */
const sameDevice: Act = (next, context) =>
  context.seam === 'nova.listVolumeAttachments'
    ? retell((body: { volumeAttachments: unknown }) => ({ volumeAttachments: deviceForAll(body.volumeAttachments) }))(
        next,
        context,
      )
    : volumesTold(({ attachments }) => ({ attachments: deviceForAll(attachments) }))(next, context);

/** The device is addressed by 4 KiB. */
const largeSectors: Act = async (next, context) => {
  await next();
  await runCommand(['losetup', '-b', '4096', join(detail(context, 'devices'), detail(context, 'volume'))]);
};

/** An image stays in the list once it is deleted. */
const staysListed: Act = async (next, context) => {
  const { seam, memory } = context;
  if (seam === 'glance.deleteImage') {
    memory.set('gone', memory.get(String(Object.values(callOf(context).params)[0])));
    return next();
  }
  if (seam === 'glance.listImages') {
    const gone = memory.get('gone');
    return gone === undefined
      ? next()
      : retell((body: { images: Fields[] }) => ({ ...body, images: [...body.images, gone] }))(next, context);
  }
  const reply = (await next()) as { body: Fields };
  memory.set(String(reply.body['id']), reply.body);
  return reply;
};

/** What agreed with itself from its first sight on, or was told for a while only, and so passed. */
export const TOLD_FROM_THE_START: readonly OneCall[] = [
  {
    ...{ scenario: 'extend', id: 'quota-counts-twice', cause: 'While the volume is there Cinder counts its extend twice' },
    seam: ['cinder.extendVolume', 'cinder.deleteVolume', 'cinder.showQuota'],
    act: between('cinder.extendVolume', 'cinder.deleteVolume', 'cinder.showQuota', counted('gigabytes', 1)),
  },
  {
    ...{ scenario: 'clone', id: 'quota-leaves-out', cause: 'Cinder does not count a clone' },
    seam: ['cinder.driver.create_cloned_volume', 'cinder.deleteVolume', 'cinder.showQuota'],
    act: between('cinder.driver.create_cloned_volume', 'cinder.deleteVolume', 'cinder.showQuota', counted('volumes', -1)),
  },
  ...[{ size: 17 }, { os_hash_value: 'f'.repeat(128) }].map((told) => {
    const [field = ''] = Object.keys(told);
    return {
      ...{ scenario: 'upload', id: `glance-lies-${field.replaceAll('_', '-')}` },
      cause: `Glance tells another ${field} of the image that Cinder made, from its first sight on`,
      seam: ['glance.showImage', 'glance.listImages'],
      act: uploadTold((image) => (image['status'] === 'active' ? told : {})),
    };
  }),
  {
    ...{ scenario: 'upload', id: 'glance-lists-deleted', cause: 'Glance lists an image that is deleted' },
    seam: ['glance.showImage', 'glance.deleteImage', 'glance.listImages'],
    act: staysListed,
  },
  {
    ...{ scenario: 'extend', id: 'cinder-falls-back', cause: 'Cinder tells extending again of what it had told as available' },
    seam: ['cinder.extendVolume', 'cinder.showVolume'],
    act: fallsBack('cinder.extendVolume', 'available', 'extending'),
  },
  {
    ...{
      scenario: 'second-volume',
      id: 'cinder-falls-back',
      cause: 'Cinder tells attaching again of what it had told as in use',
    },
    seam: ['nova.attachVolume', 'cinder.showVolume'],
    act: fallsBack('nova.attachVolume', 'in-use', 'attaching'),
  },
  {
    ...{ scenario: 'boot', id: 'cinder-lets-go-at-stop' },
    cause: 'Once its server is stopped Cinder tells that nobody has the root volume: it may be given to another',
    seam: ['nova.stopServer', 'nova.rebootServer', 'cinder.showVolume'],
    act: between(
      'nova.stopServer',
      'nova.rebootServer',
      'cinder.showVolume',
      volumesTold(({ status }) => (status === 'in-use' ? { status: 'available', attachments: [] } : {})),
    ),
  },
  {
    ...{
      scenario: 'boot',
      id: 'reboot-loses-copies',
      cause: 'After a hard reboot the root keeps one copy, while the server is there',
    },
    seam: ['nova.rebootServer', 'nova.deleteServer', 'storpool.VolumeGetInfo'],
    act: between(
      'nova.rebootServer',
      'nova.deleteServer',
      'storpool.VolumeGetInfo',
      reportedInfo(() => ({ replication: 1 })),
    ),
  },
  {
    ...{
      scenario: 'boot',
      id: 'reboot-takes-root',
      cause: 'After a hard reboot Nova notes that the root volume goes with its server',
    },
    seam: ['nova.rebootServer', 'nova.deleteServer', 'nova.listVolumeAttachments'],
    act: between(
      'nova.rebootServer',
      'nova.deleteServer',
      'nova.listVolumeAttachments',
      retell(({ volumeAttachments }: { volumeAttachments: readonly Fields[] }) => ({
        volumeAttachments: volumeAttachments.map((row) => ({ ...row, delete_on_termination: true })),
      })),
    ),
  },
  {
    ...{ scenario: 'second-volume', id: 'reboot-forgets', cause: 'After a hard reboot Nova has forgotten the second volume' },
    seam: ['nova.rebootServer', 'nova.detachVolume', 'nova.listVolumeAttachments'],
    act: between(
      'nova.rebootServer',
      'nova.detachVolume',
      'nova.listVolumeAttachments',
      retell(({ volumeAttachments }: { volumeAttachments: readonly Fields[] }) => ({
        volumeAttachments: volumeAttachments.slice(0, 1),
      })),
    ),
  },
  {
    ...{ scenario: 'retype', id: 'quota-counts-both', cause: 'A retyped volume counts twice while it is there' },
    seam: ['cinder.retypeVolume', 'cinder.deleteVolume', 'cinder.showQuota'],
    act: between('cinder.retypeVolume', 'cinder.deleteVolume', 'cinder.showQuota', counted('volumes', 1)),
  },
  {
    ...{ scenario: 'boot', id: 'cinder-tells-another-host', cause: 'Cinder tells another host of the attachment than Nova' },
    seam: IN_BOTH,
    act: volumesTold(({ attachments }) => ({
      attachments: (attachments as Fields[]).map((row) => ({ ...row, host_name: 'hypervisor-9' })),
    })),
  },
  {
    ...{
      scenario: 'second-volume',
      id: 'told-as-root',
      cause: 'Nova and Cinder tell the same device of both volumes of a server',
    },
    seam: ['nova.listVolumeAttachments', ...IN_BOTH],
    act: sameDevice,
  },
  ...[
    { scenario: 'clone', what: 'source_volid' },
    { scenario: 'from-snapshot', what: 'snapshot_id' },
  ].map(({ scenario, what }) => ({
    ...{ scenario, id: 'cinder-tells-another-back-end', seam: IN_BOTH },
    cause: 'Cinder tells a back end of the copy in which its data is not',
    act: volumesTold((volume) => (volume[what] ? { 'os-vol-host-attr:host': 'controller@lvm#lvm' } : {})),
  })),
  {
    ...{ scenario: 'clone', id: 'cinder-lists-another-tenant', cause: 'A list of Cinder tells another project of a clone' },
    seam: 'cinder.listVolumesDetail',
    act: volumesTold(({ source_volid: source }) => (source ? { 'os-vol-tenant-attr:tenant_id': 'f'.repeat(32) } : {})),
  },
];

/** Seen by other checks than the model's. */
export const fromTheStartFaults: readonly ProvenFault[] = [
  {
    ...{ id: 'fill-other-sectors', kind: 'lie', cause: 'Where it is attached again the volume has sectors of another size' },
    ...{ seam: 'agent.attach', skip: 1, times: 1, reddens: ['fill.reread'] },
    act: largeSectors,
  },
  {
    ...{ id: 'second-volume-other-sectors', kind: 'lie', cause: 'On the hypervisor the volume has sectors of another size' },
    ...{ seam: 'agent.attach', when: onHypervisor, skip: 1, times: 1, reddens: ['second-volume.same-disk'] },
    act: largeSectors,
  },
];
