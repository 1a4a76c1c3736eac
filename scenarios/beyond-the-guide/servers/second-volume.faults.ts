import { symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onceOnly, since, sinceAvailable } from '../../../fixtures/mock/faults/after.ts';
import { text } from '../../../fixtures/mock/faults/corrupt.ts';
import { callOf, type ProvenFault, retell, type StorpoolData } from '../../../fixtures/mock/faults/proven-fault.ts';
import { attachmentsTold, cinderAttachmentsTold, staleAttachment, volumeTold } from '../../../fixtures/mock/faults/reported.ts';
import type { SeamContext } from '../../../fixtures/mock/faults.ts';
import type { Call, Reply } from '../../../fixtures/mock/operation.ts';
import { moveInNameOnly } from './two-servers.faults.ts';

type Act = ProvenFault['act'];
type Rows = { readonly volumeAttachments: object[] };

const ATTACHMENTS = 'storpool.AttachmentsList';
const IN_CINDER = 'cinder.listAttachmentsDetail';
const IN_NOVA = 'nova.listVolumeAttachments';

const readOnly = attachmentsTold((row) => [{ ...row, rights: 'ro' }]);
const readOnlyOn65 = attachmentsTold((row) => [{ ...row, rights: 'ro', client: 65 }]);
const client65 = attachmentsTold((row) => [{ ...row, client: 65 }]);
const neverComplete = cinderAttachmentsTold((rows) => rows.map((row) => ({ ...row, status: 'attaching' })));
const forgotten = retell((body: Rows) => ({ ...body, volumeAttachments: [] }));
/** The server is said to have the volume that was asked for before. */
const stillThere = retell((body: Rows, context: SeamContext) => {
  const { body: asked, params } = context.memory.get('asked') as Call;
  const { volumeAttachment } = (asked ?? {}) as { volumeAttachment?: { volumeId: string } };
  const volumeId = volumeAttachment?.volumeId ?? params['volume_id'];
  const serverId = callOf(context).params['server_id'];
  return { volumeAttachments: [...body.volumeAttachments, { id: volumeId, volumeId, serverId, device: '/dev/vdz' }] };
});

interface Moment {
  /** Of the faults' ids. */
  readonly prefix: string;
  /** When, in words. */
  readonly when: string;
  readonly check: string;
  readonly trigger: string;
  readonly nth?: number;
  /** How many lists of a server's volumes are true before the one that the check looks at. */
  readonly novaSkip?: number;
}

/** Whenever all layers must tell of one attachment, each may be the one that tells something else: the first time one by one, then all at once. */
const ATTACHED: Moment = {
  ...{ prefix: 'second-volume', when: 'after the attach', check: 'second-volume.attached', trigger: 'nova.attachVolume' },
};
const LATER_MOMENTS: readonly Moment[] = [
  {
    ...{ prefix: 'delete-attached', when: 'after the refused delete' },
    ...{ check: 'delete-attached.refused', trigger: 'cinder.deleteVolume' },
  },
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

/** Beyond the guide: one layer tells of an attachment something else than the others. */
export const agreeingFaults: readonly ProvenFault[] = [
  ...disagreements(ATTACHED),
  ...LATER_MOMENTS.map(disagreement),
  {
    id: 'failed-attach-in-nova',
    kind: 'leak',
    cause: 'Nova lists the volume at the server to which its attach was refused (F64)',
    seam: ['nova.attachVolume', IN_NOVA],
    reddens: ['failed-attach.clean'],
    act: since({ trigger: 'nova.attachVolume', nth: 2, skip: 1, times: 1 }, stillThere),
  },
  {
    id: 'moved-attach-still-in-nova',
    kind: 'leak',
    cause: 'Nova still lists the volume at the server from which it was detached (F59)',
    seam: ['nova.attachVolume', IN_NOVA],
    reddens: ['failed-attach.then-good'],
    act: since({ trigger: 'nova.attachVolume', nth: 3, skip: 1, times: 1 }, stillThere),
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
  {
    id: 'extend-attached-size-in-cinder',
    kind: 'lie',
    cause: 'Cinder still tells the old size of the volume that was extended in use (F24)',
    seam: ['cinder.extendVolume', 'cinder.showVolume'],
    reddens: ['extend-attached.layers'],
    act: since(
      { trigger: 'cinder.extendVolume' },
      volumeTold(() => ({ size: 1 })),
    ),
  },
  {
    id: 'delete-attached-in-error',
    kind: 'lose',
    cause: 'The refused delete leaves the volume in error_deleting although a server uses it (F30)',
    seam: ['cinder.deleteVolume', 'cinder.showVolume'],
    reddens: ['delete-attached.refused'],
    act: since(
      { trigger: 'cinder.deleteVolume', times: 1 },
      volumeTold(() => ({ status: 'error_deleting' })),
    ),
  },
  {
    id: 'second-volume-stays-in-cinder',
    kind: 'leak',
    cause: 'Cinder keeps an attachment of the volume that was detached (F59)',
    seam: ['nova.detachVolume', IN_CINDER],
    reddens: ['second-volume.detached'],
    act: since(
      { trigger: 'nova.detachVolume' },
      cinderAttachmentsTold((rows, volume) => [...rows, staleAttachment(volume)]),
    ),
  },
  {
    id: 'second-volume-returns-in-nova',
    kind: 'leak',
    cause: 'Nova lists the detached volume at the server again: its cells disagree (F59)',
    seam: ['nova.detachVolume', 'cinder.showVolume', IN_NOVA],
    reddens: ['second-volume.detached'],
    act: sinceAvailable('nova.detachVolume', onlyInNova(stillThere), 1),
  },
  {
    id: 'second-volume-detach-stops-server',
    kind: 'lose',
    cause: 'Detaching a volume powers the server off: QEMU crashed on the unplug',
    seam: ['nova.detachVolume', 'nova.showServer'],
    reddens: ['second-volume.detached'],
    act: since(
      { trigger: 'nova.detachVolume' },
      retell(({ server, ...rest }: { server?: object }) =>
        server === undefined ? rest : { server: { ...server, status: 'SHUTOFF' } },
      ),
    ),
  },
  migrated('read-only', 'StorPool has it attached read-only on the new hypervisor', ATTACHMENTS, readOnly),
  migrated('not-in-cinder', 'Cinder’s attachment is never completed on the new hypervisor', IN_CINDER, neverComplete),
  migrated('not-in-nova', 'Nova has forgotten its volume', IN_NOVA, forgotten),
];

function disagreements({ prefix, when, check, trigger }: Moment): ProvenFault[] {
  const lie = (id: string, cause: string, seam: string, act: Act): ProvenFault => ({
    ...{ id: `${prefix}-${id}`, kind: 'lie', cause: `${cause}, ${when}`, seam: [trigger, seam], reddens: [check] },
    act: since({ trigger }, act),
  });
  return [
    lie('told-read-only', 'StorPool tells that the volume is attached read-only', ATTACHMENTS, readOnly),
    lie('told-client-65', 'StorPool tells the fallback client 65 (F38)', ATTACHMENTS, client65),
    lie('never-complete', 'Cinder’s attachment is never completed (F59)', IN_CINDER, neverComplete),
    lie('forgotten', 'Nova has forgotten the volume (F59)', IN_NOVA, onceOnly(forgotten)),
  ];
}

/** A host that has nothing to do with it has a device, too. */
const deviceOnController: Act = async (next, context) => {
  const reply = (await next()) as { body: StorpoolData<{ volume: string }[]> };
  const devices = join(String(context.memory.get('hosts')), 'controller', 'dev', 'storpool');
  for (const { volume } of reply.body.data.filter((row) => row.volume.includes('--volume-'))) {
    await symlink('/dev/null', join(devices, volume)).catch(() => undefined);
  }
  return reply;
};

/** StorPool, Cinder and Nova each tell of another state. */
function disagreement({ prefix, when, check, trigger, nth = 1, novaSkip = 0 }: Moment): ProvenFault {
  const inNova = since({ trigger, nth, skip: novaSkip, times: 1 }, forgotten);
  const elsewhere = since({ trigger, nth }, (next, context) =>
    context.seam === ATTACHMENTS ? readOnlyOn65(() => deviceOnController(next, context), context) : neverComplete(next, context),
  );
  return {
    ...{
      id: `${prefix}-layers-disagree`,
      kind: 'lie',
      seam: [trigger, 'agent.attach', ATTACHMENTS, IN_CINDER, IN_NOVA],
      reddens: [check],
    },
    cause: `An operation was interrupted: StorPool tells of a read-only attachment to client 65, Cinder of one that is never completed, Nova of none, and the controller has a device, ${when} (F59)`,
    act: (next, context) => {
      if (context.seam === 'agent.attach') {
        context.memory.set('hosts', dirname(dirname(dirname(text(context, 'devices')))));
        return next();
      }
      return (context.seam === IN_NOVA ? inNova : elsewhere)(next, context);
    },
  };
}

/** The migration itself is told to have gone well. */
function migrated(id: string, cause: string, seam: string, act: Act): ProvenFault {
  const trigger = 'nova.os-migrateLive';
  return {
    ...{ id: `migration-${id}`, kind: 'lie', cause: `The server is on another hypervisor, and ${cause} (F63)` },
    ...{ seam: [trigger, 'nova.showServer', seam], reddens: ['migration.attachment'] },
    act: (next, context) => {
      const isMoved = context.memory.get('moved') === true;
      return context.seam === seam ? (isMoved ? act(next, context) : next()) : moveInNameOnly(next, context);
    },
  };
}

function onlyInNova(act: Act): Act {
  return (next, context) => (context.seam === IN_NOVA ? act(next, context) : next());
}
