import { after, afterAvailable, onlyOnce } from '../fixtures/mock/faults/after.ts';
import { type Act, detailObject, type ProvenFault } from '../fixtures/mock/faults/proven-fault.ts';
import { retell, type StorpoolData } from '../fixtures/mock/faults/replies.ts';
import { reportedVolume } from '../fixtures/mock/faults/reported.ts';

type Fields = Readonly<Record<string, unknown>>;
type Row = Fields & { readonly name: string };

/** What is told otherwise by one call, or a few, and by no other. */
export interface OneCall extends Pick<ProvenFault, 'seam'> {
  readonly scenario: string;
  /** Of the fault's id, behind the scenario's. */
  readonly id: string;
  readonly cause: string;
  readonly act: Act;
}

export const reportedServer = (change: Fields) =>
  retell((body: { server?: Fields }) => (body.server === undefined ? body : { server: { ...body.server, ...change } }));

export const reportedRows = (key: string, change: Fields) =>
  retell((body: Readonly<Record<string, readonly Fields[]>>) => ({
    ...body,
    [key]: body[key]?.map((row) => ({ ...row, ...change })),
  }));

/** A list tells of everything of this run twice: as it is, and once more. */
const twice = (key: string) =>
  retell((body: Readonly<Record<string, readonly Row[]>>) => ({
    ...body,
    [key]: body[key]?.flatMap((row) =>
      /acc-|--snapshot-|--volume-(?!0{8})/.test(row.name) ? [row, { ...row, size: 7168 }] : [row],
    ),
  }));

/** A server's field stays what it was told first. */
const stays =
  (field: string): Act =>
  (next, context) =>
    retell((body: { server?: Fields }) => {
      const first = context.memory.get(field) ?? body.server?.[field];
      context.memory.set(field, first);
      return body.server === undefined ? body : { server: { ...body.server, [field]: first } };
    })(next, context);

const reportedAttachment = (change: Fields) =>
  reportedVolume(({ attachments }) => ({ attachments: (attachments as Fields[]).map((row) => ({ ...row, ...change })) }));

const ELSEWHERE = '11111111-1111-4111-8111-111111111111';

/** From its first sight on a snapshot is attached, until Cinder is asked to delete it. */
const snapshotAttached: Act = async (next, context) => {
  const { memory, seam } = context;
  if (seam === 'cinder.driver.create_snapshot') {
    memory.set('volume', detailObject(context, 'request')['name']);
  } else if (seam === 'cinder.deleteSnapshot') {
    memory.delete('volume');
  } else if (memory.has('volume')) {
    const row = { volume: memory.get('volume'), snapshot: true, client: 2, rights: 'ro', pos: 77, globalId: 'd.n.zzz' };
    return retell((body: StorpoolData<Fields[]>) => ({ ...body, data: [...body.data, row] }))(next, context);
  }
  return next();
};

/** Found by trying what no list of faults had: the suite did not see any of these. */
export const HARDLY_SEEN: readonly OneCall[] = [
  ...(['attachment_id', 'volume_id', 'device'] as const).map((field) => ({
    ...{ scenario: 'second-volume', id: `cinder-tells-attachment-${field.replace('_', '-')}` },
    cause: `Within the volume Cinder tells another ${field} of its attachment`,
    ...{ seam: 'cinder.showVolume', act: reportedAttachment({ [field]: ELSEWHERE }) },
  })),
  {
    ...{
      scenario: 'second-volume',
      id: 'cinder-attaches-read-only',
      cause: 'Cinder notes that the volume is attached read-only',
    },
    seam: 'cinder.showVolume',
    act: reportedVolume(({ status, metadata }) =>
      status === 'in-use' ? { metadata: { ...(metadata as Fields), attached_mode: 'ro' } } : {},
    ),
  },
  {
    ...{ scenario: 'extend', id: 'cinder-makes-read-only', cause: 'After an extend Cinder notes that the volume is read-only' },
    seam: ['cinder.extendVolume', 'cinder.showVolume'],
    act: after(
      { trigger: 'cinder.extendVolume' },
      reportedVolume(({ metadata }) => ({ metadata: { ...(metadata as Fields), readonly: 'True' } })),
    ),
  },
  {
    ...{ scenario: 'create', id: 'cinder-tells-an-image', cause: 'Cinder tells of an empty volume that it was made of an image' },
    seam: 'cinder.showVolume',
    act: reportedVolume(() => ({ volume_image_metadata: { image_id: ELSEWHERE, image_name: 'windows' } })),
  },
  {
    ...{ scenario: 'extend', id: 'cinder-tells-a-description', cause: 'Cinder tells a description that nobody gave' },
    seam: ['cinder.showVolume', 'cinder.listVolumesDetail'],
    act: retell(({ volume, volumes, ...body }: { volume?: Fields; volumes?: Fields[] }) => ({
      ...body,
      ...(volume && { volume: { ...volume, description: 'prod-db' } }),
      ...(volumes && { volumes: volumes.map((row) => ({ ...row, description: 'prod-db' })) }),
    })),
  },
  {
    ...{
      scenario: 'extend',
      id: 'cinder-in-error-meanwhile',
      cause: 'Cinder tells an error of a volume that it tells available later',
    },
    seam: ['cinder.extendVolume', 'cinder.showVolume'],
    act: afterAvailable('cinder.extendVolume', onlyOnce(reportedVolume(() => ({ status: 'error_extending' })))),
  },
  ...[{ migration_status: 'error' }, { 'os-vol-mig-status-attr:name_id': ELSEWHERE }, { replication_status: 'failed-over' }].map(
    (told) => {
      const [field = ''] = Object.keys(told);
      const id = `cinder-tells-${field.split(':').at(-1)?.replace('_', '-')}`;
      const cause = `Cinder tells ${Object.values(told).join()} for ${field} of a volume that nobody has moved`;
      return { scenario: 'extend', id, cause, seam: 'cinder.showVolume', act: reportedVolume(() => told) };
    },
  ),
  {
    ...{ scenario: 'extend', id: 'cinder-lists-twice', cause: 'Cinder lists the volume twice, with two sizes' },
    ...{ seam: 'cinder.listVolumesDetail', act: twice('volumes') },
  },
  {
    ...{ scenario: 'revert', id: 'cinder-lists-twice', cause: 'Cinder lists the snapshot twice, with two sizes' },
    ...{ seam: 'cinder.listSnapshotsDetail', act: twice('snapshots') },
  },
  ...[
    { scenario: 'extend', seam: 'storpool.VolumesList' },
    { scenario: 'revert', seam: 'storpool.SnapshotsList' },
  ].map((at) => ({
    ...at,
    id: 'storpool-lists-twice',
    cause: 'StorPool lists a thing twice, with two sizes',
    act: twice('data'),
  })),
  {
    ...{ scenario: 'snapshot', id: 'storpool-attaches-it', cause: 'A client has the snapshot attached, and nobody asked for it' },
    seam: ['cinder.driver.create_snapshot', 'storpool.AttachmentsList', 'cinder.deleteSnapshot'],
    act: snapshotAttached,
  },
  {
    ...{ scenario: 'image', id: 'glance-tells-virtual-size', cause: 'Glance tells another size of the disk in the image' },
    seam: ['glance.showImage', 'glance.listImages'],
    act: retell(({ virtual_size, images, ...image }: { virtual_size?: number; images?: Fields[] }) => ({
      ...image,
      ...(virtual_size && { virtual_size: virtual_size * 2 }),
      ...(images && { images: images.map((row) => ({ ...row, virtual_size: Number(row['virtual_size']) * 2 })) }),
    })),
  },
  ...[
    { fault: { code: 500, created: '2026-01-01T00:00:00Z', message: 'Volume device not found' } },
    { 'OS-SRV-USG:terminated_at': '2026-01-01T00:00:00.000000' },
    { 'OS-SRV-USG:launched_at': null },
    { host_status: 'DOWN' },
  ].map((told) => {
    const [field = ''] = Object.keys(told);
    const id = `nova-tells-${field.split(':').at(-1)?.replace('_', '-')}`;
    return {
      scenario: 'boot',
      id,
      cause: `Nova tells ${field} of a server that runs`,
      seam: 'nova.showServer',
      act: reportedServer(told),
    };
  }),
  ...['hostId', 'OS-EXT-SRV-ATTR:hypervisor_hostname'].map((field) => ({
    ...{ scenario: 'migration', id: `nova-keeps-${field.split(':').at(-1)?.replace('_', '-').toLowerCase()}` },
    cause: `Nova tells the ${field} of where the server was before its migration (F63)`,
    ...{ seam: 'nova.showServer', act: stays(field) },
  })),
];
