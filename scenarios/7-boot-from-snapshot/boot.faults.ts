import { part, stick } from '../../fixtures/mock/faults/corrupt.ts';
import { type ProvenFault, pretend, retell, type StorpoolData } from '../../fixtures/mock/faults/proven-fault.ts';

/** Chapter 7: boot from a snapshot. */
export const bootingFaults: readonly ProvenFault[] = [
  {
    id: 'boot-fails',
    kind: 'refuse',
    cause: 'nova-compute has no driver for StorPool volumes: the server ends in ERROR (F56)',
    seam: 'nova.connect',
    reddens: ['boot.active'],
    act: () => Promise.reject(new Error('No volume driver for storpool volumes')),
  },
  {
    id: 'boot-no-valid-host',
    kind: 'refuse',
    cause: 'No hypervisor takes the server (F1, F58)',
    seam: 'nova.scheduler',
    reddens: ['boot.active'],
    act: () => Promise.reject(new Error('No valid host was found.')),
  },
  {
    id: 'boot-stuck',
    kind: 'stick',
    cause: 'The server stays in BUILD (F1)',
    seam: 'nova.boot',
    reddens: ['boot.active'],
    act: stick,
  },
  {
    id: 'boot-empty-root',
    kind: 'lie',
    cause: 'The root volume is new and empty, not made from the snapshot (F62)',
    seam: 'nova.createVolume',
    reddens: ['boot.root-volume'],
    act: (next, context) => {
      const request = part(context, 'request');
      for (const key of ['snapshot_id', 'snapshotId']) {
        delete request[key];
      }
      return next();
    },
  },
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
    id: 'boot-other-disk',
    kind: 'corrupt',
    cause: 'The server runs from another disk than its root volume (F62)',
    seam: 'nova.boot',
    waits: true,
    reddens: ['boot.console'],
    act: (next, context) => {
      part(context, 'plan')['rootPath'] = '/dev/null';
      return next();
    },
  },
  {
    id: 'boot-panics',
    kind: 'corrupt',
    cause: 'The server is ACTIVE and its guest never got past the boot loader (F61)',
    seam: 'nova.console',
    waits: true,
    guideSees: '`nova boot` returns, and `nova list` shows ACTIVE.',
    reddens: ['boot.console'],
    act: pretend('SeaBIOS\r\nBooting from Hard Disk...\r\nNo bootable device.\r\n'),
  },
  {
    id: 'boot-delete-leaves-attachment',
    kind: 'leak',
    cause: 'Deleting the server leaves its root volume attached on the hypervisor (F59)',
    seam: 'nova.disconnect',
    reddens: ['boot.delete'],
    act: pretend(undefined),
  },
  {
    id: 'boot-delete-ignored',
    kind: 'stick',
    cause: 'Nova accepts the delete and does nothing',
    seam: 'nova.deleteServer',
    times: 1,
    waits: true,
    reddens: ['boot.delete'],
    act: pretend({ status: 204 }),
  },
];
