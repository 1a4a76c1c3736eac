import { zero } from '../../fixtures/mock/faults/corrupt.ts';
import { foreignBytes } from '../../fixtures/mock/faults/foreign-bytes.ts';
import { otherDisk, overlay } from '../../fixtures/mock/faults/guest-disks.ts';
import { onHypervisor } from '../../fixtures/mock/faults/hosts.ts';
import type { ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { BLOCK, MIB } from '../../fixtures/mock/faults/sizes.ts';

/** Where the guest of the canary image writes. */
const GUEST_AT = 9 * MIB;

/** How what a guest writes can get lost. */
export const bootGuestWritesFaults: readonly ProvenFault[] = [
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
];
