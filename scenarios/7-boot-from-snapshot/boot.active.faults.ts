import { stick } from '../../fixtures/mock/faults/corrupt.ts';
import { callOf, type ProvenFault, pretend, refuse, retell } from '../../fixtures/mock/faults/proven-fault.ts';
import { asksForOneVolume, attachmentsTold, cinderRefusal, infoTold, volumeTold } from '../../fixtures/mock/faults/reported.ts';

interface ServerAsked {
  readonly server: { readonly block_device_mapping_v2?: { delete_on_termination?: boolean }[] };
}

/** Chapter 7: more ways in which a server from a snapshot goes wrong. */
export const runningFaults: readonly ProvenFault[] = [
  {
    id: 'boot-over-quota',
    kind: 'refuse',
    cause: "The project's quota of instances is used up (F65)",
    seam: ['nova.createServer', 'nova.createServerFromVolume'],
    reddens: ['boot.active'],
    act: refuse(
      cinderRefusal(403, 'forbidden', 'Quota exceeded for instances: Requested 1, but already used 10 of 10 instances'),
    ),
  },
  {
    id: 'boot-done-but-error',
    kind: 'lie',
    cause: 'Nova makes the server and answers 500: a proxy gave up on it (F68)',
    seam: ['nova.createServer', 'nova.createServerFromVolume'],
    reddens: ['boot.active'],
    act: async (next) => {
      await next();
      return cinderRefusal(500, 'computeFault', 'Unexpected API Error.');
    },
  },
  {
    id: 'boot-block-down',
    kind: 'stick',
    cause: 'storpool_block runs on no hypervisor: the server stays in BUILD (F1)',
    seam: 'health.client',
    when: ({ details }) => details['host'] !== 'controller',
    reddens: ['boot.active'],
    act: () => Promise.resolve('down'),
  },
  {
    id: 'boot-one-hypervisor-unprepared',
    kind: 'refuse',
    cause: 'Only some hypervisors were set up, and the scheduler picked another one (F57)',
    seam: 'nova.connect',
    reddens: ['boot.active'],
    guideSees: 'The server may land on a hypervisor that was set up: the guide boots only one.',
    act: () => Promise.reject(new Error("No module named 'storpool'")),
  },
  {
    id: 'boot-device-forbidden',
    kind: 'refuse',
    cause: 'QEMU may not open the device: its user has no right to it (F12)',
    seam: 'nova.qemu.start',
    reddens: ['boot.active'],
    act: () => Promise.reject(new Error('internal error: process exited while connecting to monitor: Permission denied')),
  },
  {
    id: 'boot-compute-restarts',
    kind: 'restart',
    cause: 'nova-compute is restarted while it builds: the server stays in BUILD',
    seam: 'nova.qemu.start',
    waits: true,
    reddens: ['boot.active'],
    act: stick,
  },
  {
    id: 'boot-volume-fails',
    kind: 'refuse',
    cause: 'Cinder cannot make the root volume from the snapshot (F59)',
    seam: 'cinder.driver.create_volume_from_snapshot',
    reddens: ['boot.active'],
    act: () => Promise.reject(new Error('StorPool API: insufficientResources')),
  },
  {
    id: 'boot-two-volumes',
    kind: 'leak',
    cause: 'The first attempt to build left a second root volume at the server (F59)',
    seam: 'nova.listVolumeAttachments',
    reddens: ['boot.root-volume'],
    act: retell(({ volumeAttachments }: { volumeAttachments: object[] }) => ({
      volumeAttachments: [...volumeAttachments, ...volumeAttachments],
    })),
  },
  {
    id: 'boot-root-forgotten',
    kind: 'lose',
    cause: 'Cinder does not remember that the root volume was made from the snapshot',
    seam: 'cinder.showVolume',
    reddens: ['boot.root-volume'],
    act: volumeTold(() => ({ snapshot_id: null })),
  },
  {
    id: 'boot-root-copied',
    kind: 'lie',
    cause: 'The root volume is a full copy without a parent (F51)',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['boot.root-volume'],
    act: infoTold(() => ({ parentName: '' })),
  },
  {
    id: 'boot-attached-read-only',
    kind: 'lie',
    cause: 'The root volume is attached read-only on the hypervisor',
    seam: 'storpool.AttachmentsList',
    reddens: ['boot.attachment'],
    act: attachmentsTold((row) => [{ ...row, rights: 'ro' }]),
  },
  {
    id: 'boot-not-attached',
    kind: 'lie',
    cause: 'The server runs, and StorPool has its root volume attached nowhere (F62)',
    seam: 'storpool.AttachmentsList',
    reddens: ['boot.attachment'],
    act: attachmentsTold(() => []),
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
    id: 'boot-console-of-another',
    kind: 'lie',
    cause: 'The console is that of another server: what it booted is not known (F62)',
    seam: 'nova.getConsoleOutput',
    waits: true,
    reddens: ['boot.console'],
    act: pretend({ status: 200, body: { output: 'storpool acceptance 00000000 0123456789abcdef\r\nlogin: ' } }),
  },
  {
    id: 'boot-delete-takes-volume',
    kind: 'lose',
    cause: 'Deleting the server deletes its root volume, which was to be kept',
    seam: ['nova.createServer', 'nova.createServerFromVolume'],
    reddens: ['boot.delete'],
    act: (next, context) => {
      for (const mapping of (callOf(context).body as ServerAsked).server.block_device_mapping_v2 ?? []) {
        mapping.delete_on_termination = true;
      }
      return next();
    },
  },
  {
    id: 'boot-delete-stuck',
    kind: 'stick',
    cause: 'The server stays in deleting: nova-compute hangs (F58)',
    seam: 'nova.terminate',
    reddens: ['boot.delete', 'run.nothing-left'],
    act: stick,
  },
  {
    id: 'boot-delete-leaves-reservation',
    kind: 'leak',
    cause: "Cinder's attachment outlives the server: the volume stays reserved for ever (F59)",
    seam: 'nova.releaseVolume',
    waits: true,
    reddens: ['boot.delete', 'run.nothing-left'],
    act: pretend(undefined),
  },
];
