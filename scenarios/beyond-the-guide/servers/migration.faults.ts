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
import type { Act, ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { pretend } from '../../../fixtures/mock/faults/replies.ts';

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
];
