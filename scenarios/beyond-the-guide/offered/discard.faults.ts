import { join } from 'node:path';
import { runCommand } from '../../../fixtures/mock/core/shell-command.ts';
import { overwrite, thenCorrupt, zero } from '../../../fixtures/mock/faults/corrupt.ts';
import { atAttachment, foreignBytes } from '../../../fixtures/mock/faults/foreign-bytes.ts';
import { detail, type ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { reportedStatus } from '../../../fixtures/mock/faults/reported.ts';
import { BLOCK, MIB } from '../../../fixtures/mock/faults/sizes.ts';

/** The range that is trimmed. */
const [BEGIN, END] = [256 * MIB, 320 * MIB];

/** How a discard can go wrong. */
export const discardFaults: readonly ProvenFault[] = [
  {
    id: 'discard-refused',
    kind: 'refuse',
    cause: 'The device says that it takes discards, and then refuses one (F81)',
    seam: ['agent.attach', 'storpool.VolumesGetStatus'],
    reddens: ['discard.zeros'],
    // After what is written has been counted, just before it is trimmed.
    act: async (next, context) => {
      if (context.seam === 'agent.attach') {
        context.memory.set('link', join(detail(context, 'devices'), detail(context, 'volume')));
      } else if (context.memory.has('link')) {
        await runCommand(['blockdev', '--setro', String(context.memory.get('link'))]);
      }
      return next();
    },
  },
  {
    id: 'discard-comes-back',
    kind: 'lie',
    cause: 'A block that was trimmed has its bytes again when the volume is attached anew (F81)',
    ...atAttachment(2),
    reddens: ['discard.zeros'],
    act: thenCorrupt((file) => overwrite(file, END - BLOCK)),
  },
  ...[BEGIN - BLOCK, END].map(
    (offset): ProvenFault => ({
      id: `discard-takes-neighbour-at-${offset / BLOCK}`,
      kind: 'lose',
      cause: 'A discard takes away the block beside its range, too (F81)',
      ...atAttachment(2),
      reddens: ['discard.zeros'],
      act: thenCorrupt((file) => zero(file, offset, BLOCK)),
    }),
  ),
  foreignBytes({
    id: 'discard-foreign-far',
    what: 'The volume that was trimmed',
    check: 'discard.zeros',
    ...atAttachment(2),
    offset: 700 * MIB,
  }),
  {
    id: 'discard-keeps-space',
    kind: 'leak',
    cause: 'What was trimmed reads zeros and goes on taking its space (F81)',
    seam: 'bytes.stored',
    waits: { after: 'discard.zeros' },
    reddens: ['discard.space'],
    act: async (next, { memory, details }) => {
      const most = Math.max(Number(memory.get(details['volume'] as string) ?? 0), (await next()) as number);
      memory.set(details['volume'] as string, most);
      return most;
    },
  },
  {
    id: 'discard-nothing-stored',
    kind: 'lie',
    cause: 'StorPool counts nothing of what is written, so that it can count nothing as given back',
    seam: 'storpool.VolumesGetStatus',
    waits: true,
    reddens: ['discard.space'],
    act: reportedStatus(() => ({ storedSize: 0 })),
  },
];
