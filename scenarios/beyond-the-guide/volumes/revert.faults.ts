import { after } from '../../../fixtures/mock/faults/after.ts';
import { overwrite } from '../../../fixtures/mock/faults/corrupt.ts';
import { readOnlyDevice } from '../../../fixtures/mock/faults/earlier-bytes.ts';
import { atAttachment, foreignBytes } from '../../../fixtures/mock/faults/foreign-bytes.ts';
import { doneLate } from '../../../fixtures/mock/faults/interrupted-work.ts';
import { type Act, detail, type ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { fail, pretend, retell } from '../../../fixtures/mock/faults/replies.ts';
import { reportedInfo, reportedVolume } from '../../../fixtures/mock/faults/reported.ts';

const REVERTED = ['cinder.revertVolume', 'storpool.VolumeGetInfo'];

/** Which detach ends the writing after the revert, counted from 1. */
const WRITTEN_AGAIN = 5;

/** The reverted volume is no child of its snapshot: both are the same data from then on. */
const writesThrough: Act = async (next, context) => {
  const done = await next();
  const { memory, seam } = context;
  if (seam === 'bytes.snapshot') {
    memory.set('snapshot', detail(context, 'to'));
    return done;
  }
  const detached = Number(memory.get('detached') ?? 0) + 1;
  memory.set('detached', detached);
  if (detached === WRITTEN_AGAIN) {
    await overwrite(String(memory.get('snapshot')), 0);
  }
  return done;
};

/** How going back to a snapshot can go wrong. */
export const revertFaults: readonly ProvenFault[] = [
  {
    id: 'revert-size-in-cinder',
    kind: 'lie',
    cause: 'After the revert Cinder tells another size (F55)',
    seam: ['cinder.revertVolume', 'cinder.showVolume'],
    reddens: ['revert.available'],
    act: after(
      { trigger: 'cinder.revertVolume' },
      reportedVolume(() => ({ size: 2 })),
    ),
  },
  {
    id: 'revert-loses-snapshot',
    kind: 'lose',
    cause: 'The revert leaves the snapshot in error (F55)',
    seam: ['cinder.revertVolume', 'cinder.showSnapshot'],
    reddens: ['revert.available'],
    act: after(
      { trigger: 'cinder.revertVolume', times: 1 },
      retell(({ snapshot, ...rest }: { snapshot?: object }) =>
        snapshot === undefined ? rest : { snapshot: { ...snapshot, status: 'error' } },
      ),
    ),
  },
  {
    id: 'revert-told-early',
    kind: 'delay',
    cause: 'Cinder says that the volume is reverted, and StorPool only begins then (F55)',
    seam: ['cinder.driver.revert_to_snapshot', 'storpool.VolumeGetInfo'],
    reddens: ['revert.layers'],
    act: doneLate('cinder.driver.revert_to_snapshot'),
  },
  {
    id: 'revert-fails',
    kind: 'refuse',
    cause: 'The driver cannot revert: the volume ends in error (F55)',
    seam: 'cinder.driver.revert_to_snapshot',
    reddens: ['revert.available'],
    act: fail('StorPool API: invalidParam'),
  },
  {
    id: 'revert-resizes',
    kind: 'lie',
    cause: 'After the revert the volume has another size on StorPool (F55)',
    seam: REVERTED,
    reddens: ['revert.available'],
    act: after(
      { trigger: 'cinder.revertVolume' },
      reportedInfo(({ size }) => ({ size: size / 2 })),
    ),
  },
  {
    id: 'revert-ignored',
    kind: 'lie',
    cause: 'Cinder says that the volume is reverted, and StorPool was never asked (F55)',
    seam: 'cinder.driver.revert_to_snapshot',
    reddens: ['revert.bytes'],
    act: pretend(undefined),
  },
  foreignBytes({ id: 'revert-foreign-far', what: 'The reverted volume', check: 'revert.bytes', ...atAttachment(3) }),
  foreignBytes({
    ...{ id: 'revert-foreign-on-sibling', what: 'After the revert another volume from the snapshot', check: 'revert.bytes' },
    ...atAttachment(4),
  }),
  {
    id: 'revert-writes-through',
    kind: 'corrupt',
    cause: 'What is written to a reverted volume gets into its snapshot, too',
    seam: ['bytes.snapshot', 'agent.detach'],
    reddens: ['revert.apart'],
    act: writesThrough,
  },
  foreignBytes({
    ...{ id: 'revert-then-foreign', what: 'Once it is written again the reverted volume', check: 'revert.apart' },
    ...atAttachment(6),
  }),
  {
    id: 'revert-loses-copies',
    kind: 'lose',
    cause: 'After the revert the volume keeps one copy (F19)',
    seam: REVERTED,
    reddens: ['revert.layers'],
    act: after(
      { trigger: 'cinder.revertVolume' },
      reportedInfo(() => ({ replication: 1 })),
    ),
  },
  {
    id: 'revert-to-another-template',
    kind: 'lie',
    cause: 'After the revert the volume has another template than before (F19)',
    seam: REVERTED,
    reddens: ['revert.layers'],
    act: after(
      { trigger: 'cinder.revertVolume' },
      reportedInfo(() => ({ templateName: 'ssd' })),
    ),
  },
  {
    ...{ id: 'revert-read-only', kind: 'refuse', cause: 'After the revert the volume takes no writes any more' },
    ...{ ...atAttachment(3), reddens: ['revert.bytes'], act: readOnlyDevice },
  },
];
