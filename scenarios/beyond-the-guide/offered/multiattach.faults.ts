import type { SeamContext } from '../../../fixtures/mock/core/faults.ts';
import type { Call } from '../../../fixtures/mock/core/operation.ts';
import { after } from '../../../fixtures/mock/faults/after.ts';
import {
  allLayersDisagree,
  forgottenByNova,
  IN_CINDER,
  IN_NOVA,
  IN_STORPOOL,
  readOnly,
  stillListedByNova,
} from '../../../fixtures/mock/faults/attachment-disagreement.ts';
import { overwrite, zero } from '../../../fixtures/mock/faults/corrupt.ts';
import { harmsEarlier } from '../../../fixtures/mock/faults/earlier-bytes.ts';
import { atAttachment, foreignBytes } from '../../../fixtures/mock/faults/foreign-bytes.ts';
import { onHypervisor } from '../../../fixtures/mock/faults/hosts.ts';
import { type Act, callOf, detail, type ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { fail, pretend } from '../../../fixtures/mock/faults/replies.ts';
import {
  reportedAttachments,
  reportedCinderAttachments,
  reportedVolume,
  staleAttachment,
} from '../../../fixtures/mock/faults/reported.ts';
import { BLOCK, MIB } from '../../../fixtures/mock/faults/sizes.ts';

const [ATTACH, DETACH] = ['nova.attachVolume', 'nova.detachVolume'] as const;

/** What is written at one place of the volume that servers share is gone as soon as somebody asks StorPool for it. */
const forgets =
  (offset: number): Act =>
  async (next, context) => {
    const { seam, memory } = context;
    if (seam === ATTACH) {
      memory.set('asked', true);
    } else if (seam === 'agent.attach' && memory.has('asked')) {
      memory.set('file', detail(context, 'file'));
    } else if (seam === 'storpool.VolumeGetInfo' && memory.has('file')) {
      await zero(String(memory.get('file')), offset, BLOCK);
    }
    return next();
  };

/** Nova tells other volumes of the server from which the volume was detached, once Cinder was asked who has it, or of the other one. */
const inNova =
  (whose: 'first' | 'other', act: Act): Act =>
  (next, context) => {
    const { seam, memory } = context;
    if (seam === DETACH) {
      memory.set('asked', memory.get('asked') ?? callOf(context));
    } else if (seam === IN_CINDER && memory.has('asked')) {
      memory.set('looked', true);
    }
    const isTold = seam === IN_NOVA && memory.has('asked') && isOfFirst(context) === (whose === 'first');
    return isTold && (whose === 'other' || memory.has('looked')) ? act(next, context) : next();
  };

function isOfFirst(context: SeamContext): boolean {
  const { params } = context.memory.get('asked') as Call;
  return callOf(context).params['server_id'] === params['server_id'];
}

/** Once it was detached from the first server a layer tells otherwise. */
const afterFirst = (seam: string, act: Act): Pick<ProvenFault, 'seam' | 'act'> => ({
  seam: [DETACH, seam],
  act: after({ trigger: DETACH }, act),
});

/** How a volume of two servers can go wrong. */
export const multiattachFaults: readonly ProvenFault[] = [
  {
    id: 'multiattach-second-fails',
    kind: 'refuse',
    cause: 'The second server does not get the volume: its attach fails on the hypervisor (F80)',
    seam: 'nova.connect',
    // Two root disks, and the first server.
    skip: 3,
    reddens: ['multiattach.attached'],
    act: fail('VolumeDeviceNotFound: volume device not found'),
  },
  {
    id: 'multiattach-second-read-only',
    kind: 'lie',
    cause: 'The second attachment on StorPool is read-only (F80)',
    seam: [ATTACH, IN_STORPOOL],
    reddens: ['multiattach.attached'],
    act: after({ trigger: ATTACH, nth: 2 }, readOnly),
  },
  {
    id: 'multiattach-in-name-only',
    kind: 'lie',
    cause: 'Cinder has forgotten that several servers may have the volume',
    seam: [ATTACH, 'cinder.showVolume'],
    reddens: ['multiattach.attached'],
    act: after(
      { trigger: ATTACH, nth: 2 },
      reportedVolume(() => ({ multiattach: false })),
    ),
  },
  allLayersDisagree({
    ...{ prefix: 'multiattach', when: 'of a volume of two servers', check: 'multiattach.attached' },
    ...{ trigger: ATTACH, nth: 2 },
  }),
  ...[
    { who: 'first', offset: 4 * MIB },
    { who: 'second', offset: 40 * MIB },
  ].map(
    ({ who, offset }): ProvenFault => ({
      ...{ id: `multiattach-${who}-unseen`, kind: 'lose', reddens: ['multiattach.writers'] },
      cause: `The other server does not see what is written on the hypervisor of the ${who} (F26)`,
      seam: [ATTACH, 'agent.attach', 'storpool.VolumeGetInfo'],
      act: forgets(offset),
    }),
  ),
  foreignBytes({
    ...{ id: 'multiattach-foreign', what: 'The volume on the second hypervisor', check: 'multiattach.writers' },
    // Two root disks, and the first hypervisor.
    ...{ seam: 'agent.attach', when: onHypervisor, skip: 3, times: 1 },
  }),
  {
    id: 'multiattach-detach-takes-both',
    kind: 'lose',
    cause: 'The detach from one server takes the volume away from the other on StorPool, too (F63)',
    ...afterFirst(
      IN_STORPOOL,
      reportedAttachments(() => []),
    ),
    reddens: ['multiattach.one-left'],
  },
  {
    id: 'multiattach-detach-leaves-first',
    kind: 'leak',
    cause: 'The volume stays attached on the hypervisor of the server that it was detached from (F59)',
    seam: 'nova.disconnect',
    times: 1,
    reddens: ['multiattach.one-left', 'multiattach.detached'],
    act: pretend(undefined),
  },
  {
    id: 'multiattach-left-read-only',
    kind: 'lie',
    cause: 'The detach from one server makes the attachment of the other read-only (F80)',
    ...afterFirst(IN_STORPOOL, readOnly),
    reddens: ['multiattach.one-left'],
  },
  {
    id: 'multiattach-stays-in-cinder',
    kind: 'leak',
    cause: 'Cinder keeps an attachment of the server that the volume was detached from (F59)',
    ...afterFirst(
      IN_CINDER,
      reportedCinderAttachments((rows, volume) => [...rows, staleAttachment(volume)]),
    ),
    reddens: ['multiattach.one-left'],
  },
  {
    id: 'multiattach-stays-in-nova',
    kind: 'leak',
    cause: 'Nova lists the volume again at the server that it was detached from (F59)',
    seam: [DETACH, IN_CINDER, IN_NOVA],
    reddens: ['multiattach.one-left'],
    act: inNova('first', stillListedByNova),
  },
  {
    id: 'multiattach-other-forgotten-by-nova',
    kind: 'lose',
    cause: 'Nova forgets the volume at the server that still has it (F59)',
    seam: [DETACH, IN_CINDER, IN_NOVA],
    reddens: ['multiattach.one-left'],
    act: inNova('other', forgottenByNova),
  },
  {
    ...{ id: 'multiattach-detach-damages', reddens: ['multiattach.one-left'] },
    cause: 'The detach from one server damages the volume that the other goes on using (F52)',
    // The image is copied twice, and two servers have booted.
    ...harmsEarlier({ nth: 5, trigger: DETACH }, (file) => overwrite(file, 500 * MIB)),
  },
  foreignBytes({
    ...{ id: 'multiattach-foreign-afterwards', what: 'The volume that nobody has any more', check: 'multiattach.detached' },
    ...atAttachment(7),
  }),
];
