import { truncate } from 'node:fs/promises';
import { afterwards, askInstead, forget, shrinkDevice, spoil } from '../../fixtures/mock/faults/corrupt.ts';
import { type ProvenFault, refuse, storpoolError } from '../../fixtures/mock/faults/proven-fault.ts';
import { cinderRefusal, volumesTold, volumeTold } from '../../fixtures/mock/faults/reported.ts';
import { ConnectionCut } from '../../fixtures/mock/operation.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const BLOCK = 4096;

/** Chapter 2: more ways in which a new volume is not what it should be, one for each layer that is asked. */
export const creatingFaults: readonly ProvenFault[] = [
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
    act: async (next) => {
      await next();
      return cinderRefusal(500, 'computeFault', 'The server has either erred or is incapable of performing the operation.');
    },
  },
  {
    id: 'create-worker-restarts',
    kind: 'restart',
    cause: 'cinder-volume is restarted while it makes the volume: nobody ends the creation (F34)',
    seam: 'cinder.driver.create_volume',
    waits: true,
    reddens: ['create.available', 'run.nothing-left'],
    act: forget,
  },
  {
    id: 'create-in-unknown-pool',
    kind: 'lie',
    cause: 'The volume belongs to a back end that no longer exists (F16)',
    seam: 'cinder.showVolume',
    reddens: ['create.backend'],
    act: volumeTold(() => ({ 'os-vol-host-attr:host': 'controller@storpool-old#storpool-old' })),
  },
  {
    id: 'create-other-prefix',
    kind: 'lie',
    cause: 'cinder-volume uses another SP_OPENSTACK_VOLUME_PREFIX than the rest of the deployment',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.storpool-volume', 'run.nothing-left'],
    act: askInstead((request) => {
      request['name'] = `staging-${String(request['name'])}`;
    }),
  },
  {
    id: 'create-not-listed',
    kind: 'lie',
    cause: 'The StorPool management that answers has not heard of the volume: it lags behind the active one',
    seam: 'storpool.VolumesList',
    reddens: ['create.storpool-volume'],
    act: volumesTold(() => undefined),
  },
  {
    id: 'create-management-restarts',
    kind: 'restart',
    cause: 'The StorPool management service is restarted just when it is asked (F71)',
    seam: 'storpool.VolumesList',
    skip: 1,
    times: 1,
    reddens: ['create.storpool-volume'],
    act: () => Promise.reject(new ConnectionCut()),
  },
  {
    id: 'create-token-revoked',
    kind: 'refuse',
    cause: 'StorPool does not accept its token any more (F70)',
    seam: 'storpool.VolumesList',
    skip: 1,
    times: 1,
    reddens: ['create.storpool-volume'],
    act: refuse(storpoolError('notAuthorized', 'Invalid authentication token', 401)),
  },
  {
    id: 'create-size-in-cinder',
    kind: 'lie',
    cause: 'Cinder tells another size than was asked for (F23)',
    seam: 'cinder.showVolume',
    reddens: ['create.size'],
    act: volumeTold(() => ({ size: 2 })),
  },
  {
    id: 'create-size-in-storpool',
    kind: 'lie',
    cause: 'StorPool lists another size than the volume has',
    seam: 'storpool.VolumesList',
    reddens: ['create.size'],
    act: volumesTold((volume) => ({ ...volume, size: GIB / 2 })),
  },
  {
    id: 'create-size-of-device',
    kind: 'lie',
    cause: 'The device on the host is smaller than the volume (F24)',
    seam: 'agent.attach',
    reddens: ['create.size'],
    act: afterwards((file, context) => shrinkDevice(file, context, 512 * MIB)),
  },
  {
    id: 'create-other-template',
    kind: 'lie',
    cause: 'storpool_template names another template than was promised (F19)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.template'],
    guideSees: '`storpool volume list` lists the volume, whatever its template is.',
    act: askInstead((request) => {
      request['template'] = 'ssd';
    }),
  },
  {
    id: 'create-two-copies',
    kind: 'lie',
    cause: 'The volume keeps two copies although its template promises three (F19)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.template'],
    act: askInstead((request) => {
      request['replication'] = 2;
    }),
  },
  {
    id: 'create-on-other-disks',
    kind: 'lie',
    cause: 'The copies lie on other disks than the template promises (F19)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.template'],
    act: askInstead((request) => {
      request['placeAll'] = 'ssd';
    }),
  },
  {
    id: 'create-not-hybrid',
    kind: 'lie',
    cause: 'No copy lies on an SSD although the template promises a hybrid (F19)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.template'],
    act: askInstead((request) => {
      request['placeTail'] = 'hdd';
    }),
  },
  {
    id: 'create-dirty-last-block',
    kind: 'corrupt',
    cause: 'Only the last block of a new volume shows bytes of somebody else (F45)',
    seam: 'agent.attach',
    reddens: ['create.reads-zero'],
    act: afterwards((file) => spoil(file, GIB - BLOCK)),
  },
  {
    id: 'create-read-error',
    kind: 'corrupt',
    cause: 'A part of the volume is down: reading it is an I/O error (F73)',
    seam: 'agent.attach',
    reddens: ['create.reads-zero'],
    act: afterwards((file) => truncate(file, 512 * MIB)),
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
];
