import { symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { askInstead, blank, failAfterwards, forget, part, stick, text } from '../../fixtures/mock/faults/corrupt.ts';
import { type ProvenFault, pretend, refuse } from '../../fixtures/mock/faults/proven-fault.ts';
import { cinderRefusal, infoTold, volumeTold } from '../../fixtures/mock/faults/reported.ts';

const GIB = 1024 ** 3;
const BLOCK = 4096;

/** Chapter 2: more ways in which extending and deleting go wrong. */
export const changingFaults: readonly ProvenFault[] = [
  {
    id: 'extend-over-quota',
    kind: 'refuse',
    cause: "The project's quota of gigabytes is used up (F65)",
    seam: 'cinder.extendVolume',
    reddens: ['extend.available'],
    act: refuse(
      cinderRefusal(413, 'overLimit', 'VolumeSizeExceedsAvailableQuota: Requested volume exceeds allowed gigabytes quota'),
    ),
  },
  {
    id: 'extend-done-but-error',
    kind: 'lie',
    cause: 'StorPool extends the volume, and the driver fails afterwards (F25)',
    seam: 'cinder.driver.extend_volume',
    reddens: ['extend.available'],
    act: failAfterwards('StorPool API: the reply could not be read'),
  },
  {
    id: 'extend-worker-restarts',
    kind: 'restart',
    cause: 'cinder-volume is restarted while it extends: the volume stays in extending',
    seam: 'cinder.driver.extend_volume',
    waits: true,
    reddens: ['extend.available'],
    act: forget,
  },
  {
    id: 'extend-size-in-cinder',
    kind: 'lie',
    cause: 'Cinder still tells the old size',
    seam: 'cinder.showVolume',
    reddens: ['extend.size'],
    act: volumeTold(() => ({ size: 1 })),
  },
  {
    id: 'extend-size-in-storpool',
    kind: 'lie',
    cause: 'StorPool still tells the old size',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['extend.size'],
    act: infoTold(() => ({ size: GIB })),
  },
  {
    id: 'extend-too-far',
    kind: 'lie',
    cause: 'The driver mixes up units: StorPool gets twice of what was asked for',
    seam: 'cinder.driver.extend_volume',
    reddens: ['extend.size'],
    act: askInstead((request) => {
      request['size'] = 4 * GIB;
    }),
  },
  {
    id: 'extend-loses-last-block',
    kind: 'lose',
    cause: 'Extending loses what stood at the old end (F26)',
    seam: 'bytes.resize',
    reddens: ['extend.data'],
    act: async (next, context) => {
      await next();
      await blank(text(context, 'file'), GIB - BLOCK, BLOCK);
    },
  },
  {
    id: 'extend-read-only',
    kind: 'refuse',
    cause: 'After it was extended the volume takes no writes any more',
    seam: 'agent.attach',
    skip: 1,
    reddens: ['extend.data'],
    act: (next, { details }) => {
      (details as { mode: string }).mode = 'ro';
      return next();
    },
  },
  {
    id: 'delete-stuck',
    kind: 'stick',
    cause: 'The volume stays in deleting: cinder-volume hangs (F77)',
    seam: 'cinder.driver.delete_volume',
    reddens: ['delete.gone', 'run.nothing-left'],
    act: stick,
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
      const cluster = dirname(dirname(text(context, 'file')));
      await symlink('/dev/null', join(cluster, 'hosts', 'hypervisor-2', 'dev', 'storpool', text(context, 'volume')));
    },
  },
  {
    id: 'delete-of-another',
    kind: 'lie',
    cause: 'The driver asks StorPool to delete under a name that it has not: the volume stays (F28)',
    seam: 'cinder.storpool.request',
    when: (context) => String(part(context, 'request')['path']).startsWith('MultiCluster/VolumeDelete/'),
    reddens: ['delete.gone', 'run.nothing-left'],
    guideSees: '`cinder list` shows the volume no more.',
    act: (next, context) => {
      const request = part(context, 'request');
      request['path'] = `${String(request['path'])}-old`;
      return next();
    },
  },
];
