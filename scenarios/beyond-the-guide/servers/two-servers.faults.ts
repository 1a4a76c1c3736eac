import type { SeamContext } from '../../../fixtures/mock/core/faults.ts';
import type { Reply } from '../../../fixtures/mock/core/operation.ts';
import { after } from '../../../fixtures/mock/faults/after.ts';
import {
  allLayersDisagree,
  IN_NOVA,
  type Moment,
  stillListedByNova,
} from '../../../fixtures/mock/faults/attachment-disagreement.ts';
import { overwrite } from '../../../fixtures/mock/faults/corrupt.ts';
import { harmsEarlier } from '../../../fixtures/mock/faults/earlier-bytes.ts';
import { atAttachment, foreignBytes } from '../../../fixtures/mock/faults/foreign-bytes.ts';
import { otherDisk, overlay } from '../../../fixtures/mock/faults/guest-disks.ts';
import { oneCopy } from '../../../fixtures/mock/faults/placement.ts';
import type { ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { changeRequest, fail, pretend } from '../../../fixtures/mock/faults/replies.ts';
import { MIB } from '../../../fixtures/mock/faults/sizes.ts';

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

const MOMENTS: readonly Moment[] = [
  {
    ...{ prefix: 'two-servers', when: 'of the root volumes', check: 'two-servers.roots' },
    ...{ trigger: 'nova.createServer', nth: 2, novaSkip: 2 },
  },
  {
    ...{ prefix: 'failed-attach', when: 'after the refused attach', check: 'failed-attach.clean' },
    ...{ trigger: 'nova.attachVolume', nth: 2 },
  },
  {
    ...{ prefix: 'moved-attach', when: 'after the attach to the other server', check: 'failed-attach.then-good' },
    ...{ trigger: 'nova.attachVolume', nth: 3 },
  },
];

/** How two servers from one snapshot can go wrong. */
export const twoServersFaults: readonly ProvenFault[] = [
  {
    id: 'two-servers-one-fails',
    kind: 'refuse',
    cause: 'Two volumes from one snapshot at once are too much: one server ends in ERROR',
    seam: 'nova.connect',
    skip: 1,
    times: 1,
    reddens: ['two-servers.active'],
    act: fail('VolumeDeviceNotFound: volume device not found'),
  },
  {
    id: 'two-servers-empty-root',
    kind: 'lie',
    cause: 'One of the root volumes is new and empty, not made from the snapshot (F62)',
    seam: 'nova.createVolume',
    skip: 1,
    waits: 'once red',
    reddens: ['two-servers.roots', 'two-servers.consoles'],
    act: changeRequest((request) => {
      delete request['snapshot_id'];
    }),
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
    act: fail('VolumeDeviceNotFound: volume device not found'),
  },
  {
    id: 'failed-attach-in-nova',
    kind: 'leak',
    cause: 'Nova lists the volume at the server to which its attach was refused (F64)',
    seam: ['nova.attachVolume', IN_NOVA],
    reddens: ['failed-attach.clean'],
    act: after({ trigger: 'nova.attachVolume', nth: 2, skip: 1, times: 1 }, stillListedByNova),
  },
  {
    id: 'moved-attach-still-in-nova',
    kind: 'leak',
    cause: 'Nova still lists the volume at the server from which it was detached (F59)',
    seam: ['nova.attachVolume', IN_NOVA],
    reddens: ['failed-attach.then-good'],
    act: after({ trigger: 'nova.attachVolume', nth: 3, skip: 1, times: 1 }, stillListedByNova),
  },
  {
    id: 'two-servers-one-root',
    kind: 'lie',
    cause: 'Both servers are said to run from the same volume: two writers (F63)',
    seam: IN_NOVA,
    reddens: ['two-servers.roots'],
    act: async (next, { memory }) => {
      const reply = (await next()) as Reply;
      const first = memory.get('first') ?? reply;
      memory.set('first', first);
      return first;
    },
  },
  ...MOMENTS.map(allLayersDisagree),
  {
    id: 'two-servers-one-on-overlay',
    kind: 'lie',
    cause: 'The second of two guests runs on a throw-away overlay of its root volume (F62)',
    seam: 'nova.qemu.start',
    reddens: ['two-servers.guests'],
    act: otherDisk(2, 0, overlay),
  },
  {
    id: 'two-servers-one-console',
    kind: 'lie',
    cause: 'Both consoles show what one guest tells (F62)',
    seam: 'nova.console',
    reddens: ['two-servers.guests'],
    act: async (next, context) => {
      const text = context.memory.get('text') ?? (await next());
      if (String(text).includes('boot 1')) {
        context.memory.set('text', text);
      }
      return text;
    },
  },
  oneCopy({
    ...{ id: 'two-servers-roots', what: 'The root volume of each server', check: 'two-servers.layers' },
    seam: 'cinder.driver.create_volume_from_snapshot',
  }),
  // The copy of the image first.
  ...[2, 3].map(
    (nth): ProvenFault => ({
      ...{ id: `two-servers-detach-damages-root-${nth - 1}`, reddens: ['failed-attach.then-good'] },
      cause: 'Detaching a volume damages the root volume of a running server (F52)',
      ...harmsEarlier({ nth, trigger: 'nova.detachVolume' }, (file) => overwrite(file, 500 * MIB)),
    }),
  ),
  foreignBytes({
    ...{ id: 'moved-attach-foreign', what: 'The volume at the other server', check: 'failed-attach.then-good' },
    // The copy of the image, two roots, and the volume at the first server.
    ...{ ...atAttachment(5), offset: 77 * MIB },
  }),
];
