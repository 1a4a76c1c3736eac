import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failAfterwards, hang } from '../../fixtures/mock/faults/interrupted-work.ts';
import { detail, detailObject, type ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { changeRequest, pretend, refuse, storpoolError } from '../../fixtures/mock/faults/replies.ts';

/** How a deleted volume can stay. */
export const deleteFaults: readonly ProvenFault[] = [
  {
    id: 'delete-refused',
    kind: 'refuse',
    cause: 'The driver cannot delete: the volume ends in error_deleting (F30)',
    seam: 'storpool.VolumeDelete',
    times: 1,
    reddens: ['delete.gone'],
    act: refuse(storpoolError('busy', "'volume' is open at client 12")),
  },
  {
    id: 'delete-leaves-volume',
    kind: 'leak',
    cause: 'Cinder forgets the volume, StorPool keeps it (F28)',
    seam: 'cinder.driver.delete_volume',
    guideSees: '`cinder list` shows the volume no more.',
    reddens: ['delete.gone', 'run.nothing-left'],
    act: pretend(undefined),
  },
  {
    id: 'delete-stuck',
    kind: 'stick',
    cause: 'The volume stays in deleting: cinder-volume hangs (F77)',
    seam: 'cinder.driver.delete_volume',
    reddens: ['delete.gone', 'run.nothing-left'],
    act: hang,
  },
  {
    id: 'delete-ignored',
    kind: 'lie',
    cause: 'Cinder accepts the delete and does nothing',
    seam: 'cinder.deleteVolume',
    times: 1,
    reddens: ['delete.gone'],
    act: pretend({ status: 202 }),
  },
  {
    id: 'delete-done-but-error',
    kind: 'lie',
    cause: 'StorPool deletes the volume, and Cinder ends in error_deleting',
    seam: 'cinder.driver.delete_volume',
    reddens: ['delete.gone', 'run.nothing-left'],
    act: failAfterwards('StorPool API: the reply could not be read'),
  },
  {
    id: 'delete-leaves-device',
    kind: 'leak',
    cause: 'The volume is gone and a host keeps the link to its device (F14)',
    seam: 'bytes.delete',
    reddens: ['delete.gone', 'run.nothing-left'],
    act: async (next, context) => {
      await next();
      const cluster = dirname(dirname(detail(context, 'file')));
      await symlink('/dev/null', join(cluster, 'hosts', 'hypervisor-2', 'dev', 'storpool', detail(context, 'volume')));
    },
  },
  {
    id: 'delete-of-another',
    kind: 'lie',
    cause: 'The driver asks StorPool to delete under a name that it has not: the volume stays (F28)',
    seam: 'cinder.storpool.request',
    when: (context) => String(detailObject(context, 'request')['path']).startsWith('MultiCluster/VolumeDelete/'),
    reddens: ['delete.gone', 'run.nothing-left'],
    guideSees: '`cinder list` shows the volume no more.',
    act: changeRequest((request) => {
      request['path'] = `${String(request['path'])}-old`;
    }),
  },
  {
    id: 'delete-leaves-renamed',
    kind: 'leak',
    cause: 'StorPool keeps the deleted volume under another name (F28)',
    seam: 'cinder.storpool.request',
    when: (context) => String(detailObject(context, 'request')['path']).startsWith('MultiCluster/VolumeDelete/'),
    reddens: ['delete.gone', 'run.nothing-left'],
    act: changeRequest((request) => {
      request['path'] = String(request['path']).replace('VolumeDelete', 'VolumeUpdate');
      request['body'] = JSON.stringify({ rename: 'trash-1' });
    }),
  },
  {
    id: 'delete-leaves-link-by-id',
    kind: 'leak',
    cause: 'The volume is gone and a host keeps the link to it by its global id (F14)',
    seam: 'bytes.delete',
    reddens: ['delete.gone', 'run.nothing-left'],
    act: async (next, context) => {
      await next();
      const cluster = dirname(dirname(detail(context, 'file')));
      const links = join(cluster, 'hosts', 'hypervisor-2', 'dev', 'storpool-byid');
      await mkdir(links, { recursive: true });
      await symlink('/dev/null', join(links, detail(context, 'globalId')));
    },
  },
];
