import { leaveDeviceElsewhere, onHypervisor } from '../../fixtures/mock/faults/hosts.ts';
import type { ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { pretend, retell, type StorpoolData } from '../../fixtures/mock/faults/replies.ts';
import { asksForOneVolume, reportedAttachments, reportedCinderAttachments } from '../../fixtures/mock/faults/reported.ts';

/** How the attachment of the root volume can be something else than it should be. */
export const bootAttachmentFaults: readonly ProvenFault[] = [
  {
    id: 'boot-client-65',
    kind: 'lie',
    cause: 'The root volume is attached to a client that no host is: the fallback 65 (F38)',
    seam: 'storpool.AttachmentsList',
    reddens: ['boot.attachment'],
    act: retell((body: StorpoolData<{ client: number; volume: string }[]>) => ({
      ...body,
      data: body.data.map((row) => (row.volume.includes('--volume-') ? { ...row, client: 65 } : row)),
    })),
  },
  {
    id: 'boot-attached-twice',
    kind: 'leak',
    cause: 'A failed evacuation left the root volume attached read/write on a second host (F63)',
    seam: 'storpool.AttachmentsList',
    reddens: ['boot.attachment'],
    act: retell((body: StorpoolData<{ client: number; volume: string }[]>) => ({
      ...body,
      data: body.data.flatMap((row) => (row.volume.includes('--volume-') ? [row, { ...row, client: row.client + 1 }] : [row])),
    })),
  },
  {
    id: 'boot-attached-read-only',
    kind: 'lie',
    cause: 'The root volume is attached read-only on the hypervisor',
    seam: 'storpool.AttachmentsList',
    reddens: ['boot.attachment'],
    act: reportedAttachments((row) => [{ ...row, rights: 'ro' }]),
  },
  {
    id: 'boot-not-attached',
    kind: 'lie',
    cause: 'The server runs, and StorPool has its root volume attached nowhere (F62)',
    seam: 'storpool.AttachmentsList',
    reddens: ['boot.attachment'],
    act: reportedAttachments(() => []),
  },
  {
    id: 'boot-attachment-not-in-cinder',
    kind: 'lose',
    cause: 'Cinder has lost the attachment of the root volume (F59)',
    seam: 'cinder.listAttachmentsDetail',
    when: asksForOneVolume,
    reddens: ['boot.attachment'],
    act: pretend({ status: 200, body: { attachments: [] } }),
  },
  {
    id: 'boot-attachment-not-in-nova',
    kind: 'lose',
    cause: 'Nova has lost the attachment of the root volume (F59)',
    seam: 'nova.listVolumeAttachments',
    skip: 1,
    reddens: ['boot.attachment'],
    act: pretend({ status: 200, body: { volumeAttachments: [] } }),
  },
  {
    id: 'boot-on-another-host',
    kind: 'lie',
    cause: 'The server runs on another hypervisor than Nova believes (F63)',
    seam: 'nova.showServer',
    reddens: ['boot.attachment'],
    act: retell((body: { server?: Record<string, unknown> }) => {
      const host = body.server?.['OS-EXT-SRV-ATTR:host'] === 'hypervisor-1' ? 'hypervisor-2' : 'hypervisor-1';
      return body.server === undefined ? body : { server: { ...body.server, 'OS-EXT-SRV-ATTR:host': host } };
    }),
  },
  {
    id: 'boot-device-on-two-hosts',
    kind: 'leak',
    cause: 'An evacuation that failed left a device of the root volume on a second hypervisor: a later double writer (F63)',
    seam: 'agent.attach',
    when: onHypervisor,
    reddens: ['boot.attachment', 'boot.delete', 'run.nothing-left'],
    act: leaveDeviceElsewhere,
  },
  {
    id: 'boot-never-complete',
    kind: 'lie',
    cause: 'The server runs, and Cinder’s attachment of its root volume is never completed: the volume stays in attaching (F59)',
    seam: 'cinder.listAttachmentsDetail',
    reddens: ['boot.attachment'],
    act: reportedCinderAttachments((rows) => rows.map((row) => ({ ...row, status: 'attaching' }))),
  },
];
