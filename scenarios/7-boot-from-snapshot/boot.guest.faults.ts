import { after } from '../../fixtures/mock/faults/after.ts';
import { overwrite, thenCorrupt, zero } from '../../fixtures/mock/faults/corrupt.ts';
import { foreignBytes } from '../../fixtures/mock/faults/foreign-bytes.ts';
import { otherDisk, overlay } from '../../fixtures/mock/faults/guest-disks.ts';
import { leaveLinkById, onHypervisor } from '../../fixtures/mock/faults/hosts.ts';
import type { ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { BLOCK, MIB } from '../../fixtures/mock/faults/sizes.ts';

/** Where the guest of the canary image writes. */
const GUEST_AT = 9 * MIB;

/** How what a guest writes can get lost, and how the end of its server can harm what it leaves. */
export const bootGuestFaults: readonly ProvenFault[] = [
  {
    id: 'boot-on-overlay',
    kind: 'lie',
    cause: 'The guest runs on a throw-away overlay of its root volume (F62)',
    seam: 'nova.qemu.start',
    reddens: ['boot.guest-writes'],
    act: otherDisk(1, 0, overlay),
  },
  {
    id: 'boot-reboots-on-overlay',
    kind: 'lie',
    cause: 'After a hard reboot the guest runs on a throw-away overlay of its root volume (F62)',
    seam: 'nova.qemu.start',
    reddens: ['boot.guest-writes'],
    act: otherDisk(2, 0, overlay),
  },
  {
    id: 'boot-stop-loses-writes',
    kind: 'lose',
    cause: 'What the guest wrote is lost when its server is stopped (F42)',
    seam: 'nova.qemu.start',
    reddens: ['boot.guest-writes'],
    act: otherDisk(2, 0, async (disk) => {
      await zero(disk.path, GUEST_AT, BLOCK);
      return disk;
    }),
  },
  foreignBytes({
    ...{ id: 'boot-stale-on-hypervisor', what: 'The root volume on the hypervisor', check: 'boot.guest-writes' },
    ...{ seam: 'agent.attach', when: onHypervisor },
  }),
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
