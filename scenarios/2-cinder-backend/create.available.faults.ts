import { hang, restartAfterwards } from '../../fixtures/mock/faults/interrupted-work.ts';
import type { ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import {
  changeRequest,
  cinderRefusal,
  fail,
  refuse,
  refuseAfterwards,
  storpoolError,
} from '../../fixtures/mock/faults/replies.ts';
import { missingFromList } from '../../fixtures/mock/faults/reported.ts';

/** How a new volume can fail to become available. */
export const createAvailableFaults: readonly ProvenFault[] = [
  {
    id: 'create-driver-fails',
    kind: 'refuse',
    cause: 'The driver cannot create volumes: wrong class, wrong release or an unreadable configuration (F21)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.available'],
    act: fail('ImportError: cannot import name StorPoolDriver'),
  },
  {
    id: 'create-full',
    kind: 'refuse',
    cause: 'StorPool has no space left (F66)',
    seam: 'storpool.VolumeCreate',
    reddens: ['create.available'],
    act: refuse(storpoolError('insufficientResources', 'Not enough servers or fault sets for replication 3')),
  },
  {
    id: 'create-unknown-template',
    kind: 'refuse',
    cause: 'storpool_template names a template that does not exist (F18)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.available'],
    act: changeRequest((request) => {
      request['template'] = 'hybird';
    }),
  },
  {
    id: 'create-stuck',
    kind: 'stick',
    cause: 'cinder-volume hangs: the StorPool API does not answer it (F70)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.available'],
    act: hang,
  },
  {
    id: 'create-over-quota',
    kind: 'refuse',
    cause: "The project's quota is used up (F65)",
    seam: 'cinder.createVolume',
    reddens: ['create.available'],
    act: refuse(cinderRefusal(413, 'overLimit', 'VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded')),
  },
  {
    id: 'create-api-fails',
    kind: 'refuse',
    cause: 'Cinder answers 500 and does nothing (F68)',
    seam: 'cinder.createVolume',
    reddens: ['create.available'],
    act: refuse(cinderRefusal(500, 'computeFault', 'The server has either erred or is incapable of performing the operation.')),
  },
  {
    id: 'create-done-but-error',
    kind: 'lie',
    cause: 'Cinder makes the volume and answers 500: a proxy gave up on it (F68)',
    seam: 'cinder.createVolume',
    times: 1,
    reddens: ['create.available'],
    act: refuseAfterwards(
      cinderRefusal(500, 'computeFault', 'The server has either erred or is incapable of performing the operation.'),
    ),
  },
  {
    id: 'create-worker-restarts',
    kind: 'restart',
    cause: 'cinder-volume is restarted while it makes the volume: nobody ends the creation (F34)',
    seam: 'cinder.driver.create_volume',
    waits: true,
    reddens: ['create.available', 'run.nothing-left'],
    act: restartAfterwards,
  },
  {
    id: 'create-status-fails',
    kind: 'refuse',
    cause: 'Cinder cannot tell of its volumes: its database does not answer (F68)',
    seam: 'cinder.showVolume',
    skip: 1,
    times: 1,
    reddens: ['create.available'],
    act: refuse(cinderRefusal(500, 'computeFault', 'Lost connection to MySQL server during query')),
  },
  {
    id: 'create-not-in-cinder-list',
    kind: 'lose',
    cause: 'Cinder shows the volume by its id and leaves it out of its list: it belongs to another project',
    seam: 'cinder.listVolumesDetail',
    reddens: ['create.available'],
    act: missingFromList('volumes'),
  },
];
