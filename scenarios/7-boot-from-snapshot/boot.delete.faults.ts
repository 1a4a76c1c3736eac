import { after } from '../../fixtures/mock/faults/after.ts';
import { overwrite, thenCorrupt, zero } from '../../fixtures/mock/faults/corrupt.ts';
import { leaveLinkById, onHypervisor } from '../../fixtures/mock/faults/hosts.ts';
import type { ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { BLOCK, MIB } from '../../fixtures/mock/faults/sizes.ts';

/** Where the guest of the canary image writes. */
const GUEST_AT = 9 * MIB;

/** How the end of a server can harm what it leaves. */
export const bootDeleteFaults: readonly ProvenFault[] = [
  {
    id: 'boot-delete-wipes-root',
    kind: 'lose',
    cause: 'Deleting the server wipes the first block of its root volume, which was to be kept',
    seam: 'agent.detach',
    when: onHypervisor,
    reddens: ['boot.delete'],
    act: thenCorrupt((file) => zero(file, 0, BLOCK)),
  },
  {
    id: 'boot-delete-loses-guest',
    kind: 'lose',
    cause: 'Deleting the server loses what its guest wrote last (F42)',
    seam: 'agent.detach',
    when: onHypervisor,
    reddens: ['boot.delete'],
    act: thenCorrupt((file) => zero(file, GUEST_AT, BLOCK)),
  },
  {
    id: 'boot-delete-damages-source',
    kind: 'lose',
    cause: 'Deleting the server damages the volume that its snapshot was taken of (F52)',
    seam: ['nova.deleteServer', 'agent.attach'],
    reddens: ['boot.delete'],
    act: after(
      { trigger: 'nova.deleteServer', skip: 1 },
      thenCorrupt((file) => overwrite(file, 300 * MIB)),
    ),
  },
  {
    id: 'boot-delete-leaves-link-by-id',
    kind: 'leak',
    cause: 'After the delete the hypervisor keeps the link to the root volume by its global id (F14)',
    seam: 'agent.detach',
    when: onHypervisor,
    reddens: ['boot.delete', 'run.nothing-left'],
    act: leaveLinkById,
  },
];
