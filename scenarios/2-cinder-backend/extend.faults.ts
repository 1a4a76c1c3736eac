import { truncate } from 'node:fs/promises';
import { after } from '../../fixtures/mock/faults/after.ts';
import { overwrite, thenCorrupt, zero } from '../../fixtures/mock/faults/corrupt.ts';
import { readOnlyDevice } from '../../fixtures/mock/faults/earlier-bytes.ts';
import { atAttachment, foreignBytes } from '../../fixtures/mock/faults/foreign-bytes.ts';
import { failAfterwards, hang, restartAfterwards } from '../../fixtures/mock/faults/interrupted-work.ts';
import { renameVolume } from '../../fixtures/mock/faults/placement.ts';
import { callOf, type ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import {
  changeRequest,
  cinderRefusal,
  fail,
  pretend,
  refuse,
  retell,
  STORPOOL_OK,
  type StorpoolData,
} from '../../fixtures/mock/faults/replies.ts';
import { reportedInfo, reportedVolume } from '../../fixtures/mock/faults/reported.ts';
import { BLOCK, GIB, MIB } from '../../fixtures/mock/faults/sizes.ts';

/** How extending a volume can go wrong. */
export const extendFaults: readonly ProvenFault[] = [
  {
    id: 'extend-fails',
    kind: 'refuse',
    cause: 'The driver cannot extend: the volume ends in error_extending (F25)',
    seam: 'cinder.driver.extend_volume',
    reddens: ['extend.available'],
    act: fail('StorPool API: insufficientResources'),
  },
  {
    id: 'extend-stuck',
    kind: 'stick',
    cause: 'The volume stays in extending',
    seam: 'cinder.driver.extend_volume',
    reddens: ['extend.available'],
    act: hang,
  },
  {
    id: 'extend-only-in-cinder',
    kind: 'lie',
    cause: 'Cinder tells the new size and StorPool was never asked (F23)',
    seam: 'storpool.VolumeUpdate',
    guideSees: '`cinder list` shows 2 GiB.',
    reddens: ['extend.size'],
    act: pretend(STORPOOL_OK),
  },
  {
    id: 'extend-not-on-device',
    kind: 'lie',
    cause: 'The block client keeps the old size of the device (F24)',
    seam: 'bytes.resize',
    reddens: ['extend.size'],
    act: pretend(undefined),
  },
  {
    id: 'extend-another-volume',
    kind: 'lie',
    cause: 'Instead of being resized the volume was copied to a new, larger one (F54)',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['extend.identity'],
    act: retell((body: StorpoolData<{ size: number; globalId: string }>) =>
      body.data.size < 2 * GIB ? body : { ...body, data: { ...body.data, globalId: 'd.n.copied' } },
    ),
  },
  {
    id: 'extend-loses-data',
    kind: 'lose',
    cause: 'Extending loses the old data (F26)',
    seam: 'bytes.resize',
    reddens: ['extend.data'],
    act: thenCorrupt((file) => zero(file, MIB, MIB)),
  },
  {
    id: 'extend-dirty-tail',
    kind: 'corrupt',
    cause: 'The new range shows old bytes of somebody else (F26)',
    seam: 'bytes.resize',
    reddens: ['extend.data'],
    act: thenCorrupt((file) => overwrite(file, GIB + 300 * MIB)),
  },
  {
    id: 'extend-shrinks-file',
    kind: 'lose',
    cause: 'The last block of the new size cannot be reached',
    seam: 'bytes.resize',
    reddens: ['extend.size'],
    act: thenCorrupt((file) => truncate(file, 2 * GIB - MIB)),
  },
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
    act: restartAfterwards,
  },
  {
    id: 'extend-size-in-cinder',
    kind: 'lie',
    cause: 'Cinder still tells the old size',
    seam: 'cinder.showVolume',
    reddens: ['extend.size'],
    act: reportedVolume(() => ({ size: 1 })),
  },
  {
    id: 'extend-size-in-storpool',
    kind: 'lie',
    cause: 'StorPool still tells the old size',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['extend.size'],
    act: reportedInfo(() => ({ size: GIB })),
  },
  {
    id: 'extend-too-far',
    kind: 'lie',
    cause: 'The driver mixes up units: StorPool gets twice of what was asked for',
    seam: 'cinder.driver.extend_volume',
    reddens: ['extend.size'],
    act: changeRequest((request) => {
      request['size'] = 4 * GIB;
    }),
  },
  {
    id: 'extend-loses-last-block',
    kind: 'lose',
    cause: 'Extending loses what stood at the old end (F26)',
    seam: 'bytes.resize',
    reddens: ['extend.data'],
    act: thenCorrupt((file) => zero(file, GIB - BLOCK, BLOCK)),
  },
  {
    id: 'extend-read-only',
    kind: 'refuse',
    cause: 'After it was extended the volume takes no writes any more',
    seam: 'agent.attach',
    skip: 1,
    reddens: ['extend.data'],
    act: readOnlyDevice,
  },
  {
    id: 'extend-moves-template',
    kind: 'lie',
    cause: 'Extending moves the volume to the default template of the driver, with other disks (F19)',
    seam: 'storpool.VolumeUpdate',
    reddens: ['extend.identity'],
    act: (next, context) => {
      (callOf(context).body as { template?: string }).template = 'ssd';
      return next();
    },
  },
  {
    id: 'extend-loses-copies',
    kind: 'lose',
    cause: 'After it was extended the volume keeps one copy (F19)',
    seam: 'storpool.VolumeUpdate',
    reddens: ['extend.identity'],
    act: (next, context) => {
      (callOf(context).body as { replication?: number }).replication = 1;
      return next();
    },
  },
  {
    id: 'extend-renames',
    kind: 'lie',
    cause: 'Extending gives the StorPool volume another name: Cinder loses it (F54)',
    seam: 'storpool.VolumeUpdate',
    reddens: ['extend.identity', 'run.nothing-left'],
    act: renameVolume,
  },
  foreignBytes({
    ...{ id: 'extend-foreign-far', what: 'The extended volume', check: 'extend.data' },
    ...atAttachment(2),
  }),
  foreignBytes({
    ...{ id: 'extend-foreign-before-old-end', what: 'The extended volume, just before its old end,', check: 'extend.data' },
    ...{ seam: 'bytes.resize', offset: GIB - 2 * BLOCK },
  }),
  {
    id: 'extend-placed-elsewhere',
    kind: 'lie',
    cause: 'After it was extended the volume lies on other disks (F19)',
    seam: ['cinder.extendVolume', 'storpool.VolumeGetInfo'],
    reddens: ['extend.layers'],
    act: after(
      { trigger: 'cinder.extendVolume' },
      reportedInfo(() => ({ placeAll: 'ssd' })),
    ),
  },
  {
    id: 'extend-size-in-list',
    kind: 'lie',
    cause: "Cinder's list still tells the old size",
    seam: 'cinder.listVolumesDetail',
    reddens: ['extend.layers'],
    act: retell(({ volumes, ...rest }: { volumes: object[] }) => ({
      ...rest,
      volumes: volumes.map((row) => ({ ...row, size: 1 })),
    })),
  },
];
