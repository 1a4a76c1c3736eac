import { join } from 'node:path';
import { runCommand } from '../../../fixtures/mock/core/shell-command.ts';
import { overwrite, thenCorrupt } from '../../../fixtures/mock/faults/corrupt.ts';
import { detail, type ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { pretend } from '../../../fixtures/mock/faults/replies.ts';
import { MIB } from '../../../fixtures/mock/faults/sizes.ts';

/** How a volume under load can go wrong. */
export const performanceFaults: readonly ProvenFault[] = [
  {
    id: 'performance-no-device',
    kind: 'stick',
    cause: 'The device of the volume never appears: storpool_block does not run (F11)',
    seam: 'agent.attach',
    reddens: ['performance.measured'],
    act: pretend(undefined),
  },
  {
    id: 'performance-no-writes',
    kind: 'lose',
    cause: 'Once it is full its device takes no more writes: the cluster has no space left (F12)',
    seam: ['agent.attach', 'storpool.VolumesGetStatus'],
    reddens: ['performance.measured'],
    act: async (next, context) => {
      if (context.seam === 'agent.attach') {
        context.memory.set('link', join(detail(context, 'devices'), detail(context, 'volume')));
      } else if (context.memory.has('link')) {
        // Where there is no loop device but a file, that is gone.
        const end = 'blockdev --setro "$1" 2>/dev/null || rm -f "$(readlink -f "$1")"';
        await runCommand(['sh', '-c', end, 'sh', String(context.memory.get('link'))]);
      }
      return next();
    },
  },
  {
    id: 'performance-changed-bytes',
    kind: 'corrupt',
    cause: 'Bytes that were written under load are others when the volume is attached again (F26)',
    seam: 'agent.attach',
    skip: 1,
    reddens: ['performance.data'],
    act: thenCorrupt((file) => overwrite(file, 20 * MIB)),
  },
];
