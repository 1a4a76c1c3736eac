import { part, spoil, text } from '../../../fixtures/mock/faults/corrupt.ts';
import { type ProvenFault, pretend, retell, STORPOOL_OK, type StorpoolData } from '../../../fixtures/mock/faults/proven-fault.ts';
import type { SeamContext } from '../../../fixtures/mock/faults.ts';
import type { Reply } from '../../../fixtures/mock/operation.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** The device of a disk of a libvirt domain may only be as large as the host's. */
const TOO_LARGE = 5 * GIB;

interface Attached {
  readonly volume: string;
  readonly client: number;
}

/** Beyond the guide: second volumes, several servers, migrations. */
export const beyondServerFaults: readonly ProvenFault[] = [
  {
    id: 'second-volume-fails',
    kind: 'refuse',
    cause: 'A hot-plug fails on the hypervisor: Nova gives the volume back (F64)',
    seam: 'nova.connect',
    skip: 1,
    reddens: ['second-volume.attached'],
    act: () => Promise.reject(new Error('VolumeDeviceNotFound: volume device not found')),
  },
  {
    id: 'second-volume-client-65',
    kind: 'lie',
    cause: 'The second volume is attached to a client that no host is: the fallback 65 (F38)',
    seam: 'storpool.AttachmentsList',
    reddens: ['second-volume.attached'],
    act: retell((body: StorpoolData<Attached[]>) => ({ ...body, data: body.data.map((row) => ({ ...row, client: 65 })) })),
  },
  {
    id: 'extend-attached-not-on-device',
    kind: 'lie',
    cause: 'The block client of the hypervisor keeps the old size (F24)',
    seam: 'agent.resize',
    reddens: ['extend-attached.layers'],
    act: pretend(undefined),
  },
  {
    id: 'extend-attached-only-in-cinder',
    kind: 'lie',
    cause: 'Cinder tells the new size and StorPool was never asked (F23)',
    seam: 'storpool.VolumeUpdate',
    reddens: ['extend-attached.layers'],
    act: pretend(STORPOOL_OK),
  },
  {
    id: 'extend-attached-untold',
    kind: 'lie',
    cause: 'Cinder cannot call Nova: the guest keeps the old size until it is rebooted (F24)',
    seam: 'nova.serverExternalEvents',
    waits: true,
    reddens: ['extend-attached.guest'],
    act: pretend({ status: 200, body: { events: [] } }),
  },
  {
    id: 'extend-attached-guest-fails',
    kind: 'refuse',
    cause: 'QEMU cannot grow the disk: block_resize fails (F24)',
    seam: 'storpool.Volume',
    reddens: ['extend-attached.guest'],
    act: retell((body: StorpoolData<{ size: number }[]>) => ({
      ...body,
      data: body.data.map((volume) => ({ ...volume, size: TOO_LARGE })),
    })),
  },
  {
    id: 'delete-attached-allowed',
    kind: 'lie',
    cause: 'Cinder takes the delete of a volume that a server uses (F30)',
    seam: 'cinder.deleteVolume',
    times: 1,
    reddens: ['delete-attached.refused'],
    act: pretend({ status: 202 }),
  },
  {
    id: 'second-volume-stays-attached',
    kind: 'leak',
    cause: 'Detaching leaves the volume attached on the hypervisor (F59)',
    seam: 'nova.disconnect',
    times: 1,
    reddens: ['second-volume.detached'],
    act: pretend(undefined),
  },
  {
    id: 'second-volume-detach-ignored',
    kind: 'stick',
    cause: 'The guest never lets go of the disk',
    seam: 'nova.detach',
    times: 1,
    reddens: ['second-volume.detached'],
    act: pretend(undefined),
  },
  {
    id: 'second-volume-damaged',
    kind: 'corrupt',
    cause: 'A refused delete has damaged the volume (F30)',
    seam: 'agent.attach',
    // The copy of the image, the root disk, the stamps, the second disk; then it is read.
    skip: 4,
    reddens: ['delete-attached.data'],
    act: async (next, context) => {
      await next();
      await spoil(text(context, 'file'), 6 * MIB);
    },
  },
  {
    id: 'two-servers-one-fails',
    kind: 'refuse',
    cause: 'Two volumes from one snapshot at once are too much: one server ends in ERROR',
    seam: 'nova.connect',
    skip: 1,
    times: 1,
    reddens: ['two-servers.active'],
    act: () => Promise.reject(new Error('VolumeDeviceNotFound: volume device not found')),
  },
  {
    id: 'two-servers-empty-root',
    kind: 'lie',
    cause: 'One of the root volumes is new and empty, not made from the snapshot (F62)',
    seam: 'nova.createVolume',
    skip: 1,
    waits: true,
    reddens: ['two-servers.roots', 'two-servers.consoles'],
    act: (next, context) => {
      delete part(context, 'request')['snapshot_id'];
      return next();
    },
  },
  {
    id: 'two-servers-one-panics',
    kind: 'corrupt',
    cause: 'A guest never got past the boot loader (F61)',
    seam: 'nova.console',
    waits: true,
    reddens: ['two-servers.consoles'],
    act: pretend('SeaBIOS\r\nBooting from Hard Disk...\r\nNo bootable device.\r\n'),
  },
  {
    id: 'second-attach-allowed',
    kind: 'lie',
    cause: 'A volume that one server has is promised to another too (F80)',
    seam: 'nova.attachVolume',
    skip: 1,
    times: 1,
    reddens: ['failed-attach.refused'],
    act: pretend({ status: 200, body: { volumeAttachment: {} } }),
  },
  {
    id: 'refused-attach-leaves-attachment',
    kind: 'leak',
    cause: 'The refused attach leaves its reservation in Cinder (F64)',
    seam: ['cinder.createAttachment', 'cinder.listAttachmentsDetail'],
    reddens: ['failed-attach.clean'],
    act: leaveReservation,
  },
  {
    id: 'attach-after-refusal-fails',
    kind: 'refuse',
    cause: 'After a refused attach no other succeeds any more (F64)',
    seam: 'nova.connect',
    // Two root disks and the attach before.
    skip: 3,
    reddens: ['failed-attach.then-good'],
    act: () => Promise.reject(new Error('VolumeDeviceNotFound: volume device not found')),
  },
  {
    id: 'migration-ignored',
    kind: 'stick',
    cause: 'Nova takes the migration and the server stays where it is',
    seam: 'nova.os-migrateLive',
    reddens: ['migration.moved'],
    act: pretend({ status: 202 }),
  },
  {
    id: 'migration-leaves-attachment',
    kind: 'leak',
    cause: 'The server runs on another hypervisor, and its volume is still attached on the old one (F63)',
    seam: ['nova.os-migrateLive', 'nova.showServer'],
    reddens: ['migration.attachment'],
    act: moveInNameOnly,
  },
];

/** After a refused reservation every list of attachments has one more. */
async function leaveReservation(next: () => Promise<unknown>, { seam, memory }: SeamContext): Promise<Reply> {
  const reply = (await next()) as Reply;
  if (seam === 'cinder.createAttachment') {
    memory.set('refused', memory.get('refused') === true || reply.status >= 400);
    return reply;
  }
  const { attachments } = reply.body as { attachments: object[] };
  const stale = attachments.slice(0, 1).map((attachment) => ({ ...attachment, id: 'a-stale-reservation', status: 'reserved' }));
  return memory.get('refused') === true ? { ...reply, body: { attachments: [...attachments, ...stale] } } : reply;
}

/** Once it was asked to move, the server is said to be on another host. */
export async function moveInNameOnly(next: () => Promise<unknown>, { seam, memory }: SeamContext): Promise<Reply> {
  if (seam === 'nova.os-migrateLive') {
    memory.set('moved', true);
    return { status: 202 };
  }
  const reply = (await next()) as Reply;
  const { server } = reply.body as { server?: Record<string, unknown> };
  if (server === undefined || memory.get('moved') !== true) {
    return reply;
  }
  const host = server['OS-EXT-SRV-ATTR:host'] === 'hypervisor-1' ? 'hypervisor-2' : 'hypervisor-1';
  return { ...reply, body: { server: { ...server, 'OS-EXT-SRV-ATTR:host': host } } };
}
