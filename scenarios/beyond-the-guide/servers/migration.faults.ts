import type { SeamContext } from '../../../fixtures/mock/core/faults.ts';
import type { Reply } from '../../../fixtures/mock/core/operation.ts';
import {
  forgottenByNova,
  IN_CINDER,
  IN_NOVA,
  IN_STORPOOL,
  neverComplete,
  readOnly,
} from '../../../fixtures/mock/faults/attachment-disagreement.ts';
import { zero } from '../../../fixtures/mock/faults/corrupt.ts';
import { foreignBytes } from '../../../fixtures/mock/faults/foreign-bytes.ts';
import { otherDisk, overlay } from '../../../fixtures/mock/faults/guest-disks.ts';
import { onHypervisor } from '../../../fixtures/mock/faults/hosts.ts';
import type { Act, ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { fail, pretend } from '../../../fixtures/mock/faults/replies.ts';
import { BLOCK, MIB } from '../../../fixtures/mock/faults/sizes.ts';

/** Where the guest of the canary image writes. */
const GUEST_AT = 9 * MIB;

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

/** Once it was asked to move, the server is said to be on another host. */
async function moveInNameOnly(next: () => Promise<unknown>, { seam, memory }: SeamContext): Promise<Reply> {
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

/** How a live migration can leave attachments wrong. */
export const migrationFaults: readonly ProvenFault[] = [
  {
    id: 'migration-ignored',
    kind: 'stick',
    cause: 'Nova takes the migration and the server stays where it is',
    seam: 'nova.os-migrateLive',
    reddens: ['migration.moved'],
    act: pretend({ status: 202 }),
  },
  {
    id: 'migration-hypervisor-away',
    kind: 'refuse',
    cause: 'libvirt of the hypervisor where the server should go does not answer',
    seam: 'nova.checkMigration',
    reddens: ['migration.moved'],
    act: fail('Connection to the hypervisor is broken on host'),
  },
  {
    id: 'migration-leaves-attachment',
    kind: 'leak',
    cause: 'The server runs on another hypervisor, and its volume is still attached on the old one (F63)',
    seam: ['nova.os-migrateLive', 'nova.showServer'],
    reddens: ['migration.attachment'],
    act: moveInNameOnly,
  },
  migrated('read-only', 'StorPool has it attached read-only on the new hypervisor', IN_STORPOOL, readOnly),
  migrated('not-in-cinder', 'Cinder’s attachment is never completed on the new hypervisor', IN_CINDER, neverComplete),
  migrated('not-in-nova', 'Nova has forgotten its volume', IN_NOVA, forgottenByNova),
  foreignBytes({
    ...{ id: 'migration-stale-there', what: 'The root volume on the new hypervisor', check: 'migration.guest' },
    ...{ seam: 'agent.attach', when: onHypervisor, skip: 1, times: 1 },
  }),
  {
    id: 'migration-loses-writes',
    kind: 'lose',
    cause: 'What the guest wrote before it was moved is lost when it boots again there (F42)',
    seam: 'nova.qemu.start',
    reddens: ['migration.guest'],
    act: otherDisk(2, 0, async (disk) => {
      await zero(disk.path, GUEST_AT, BLOCK);
      return disk;
    }),
  },
  {
    id: 'migration-to-overlay',
    kind: 'lie',
    cause: 'Where it was moved the guest boots again on a throw-away overlay of its root volume (F62)',
    seam: 'nova.qemu.start',
    reddens: ['migration.guest'],
    act: otherDisk(2, 0, overlay),
  },
];
