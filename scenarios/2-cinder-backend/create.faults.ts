import { truncate } from 'node:fs/promises';
import { overwrite, shrinkDevice, thenCorrupt } from '../../fixtures/mock/faults/corrupt.ts';
import type { ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { changeRequest, pretend, refuse, retell, storpoolError } from '../../fixtures/mock/faults/replies.ts';
import { reportedVolume, reportedVolumes } from '../../fixtures/mock/faults/reported.ts';
import { BLOCK, GIB, MIB } from '../../fixtures/mock/faults/sizes.ts';

interface CinderVolume {
  readonly volume: Record<string, unknown>;
}

/** How a new volume can be something else than was asked for. */
export const createFaults: readonly ProvenFault[] = [
  {
    id: 'create-on-lvm',
    kind: 'lie',
    cause: 'An old enabled_backends line is still active, and the volume lives on LVM (F17)',
    seam: ['cinder.showVolume', 'cinder.listPools'],
    guideSees: '`cinder list` shows the volume as available. Only who also compares `storpool volume list` by id notices.',
    reddens: ['create.backend'],
    act: retell((body: Partial<CinderVolume> & { pools?: object[] }, { seam }) => {
      if (seam === 'cinder.listPools') {
        return {
          ...body,
          pools: [...(body.pools ?? []), { name: 'controller@lvm#lvm', capabilities: { storage_protocol: 'iSCSI' } }],
        };
      }
      return body.volume === undefined ? body : { volume: { ...body.volume, 'os-vol-host-attr:host': 'controller@lvm#lvm' } };
    }),
  },
  {
    id: 'create-nothing',
    kind: 'lie',
    cause: 'Cinder believes in a volume that was never made on StorPool (F17)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.storpool-volume'],
    act: pretend(undefined),
  },
  {
    id: 'create-too-small',
    kind: 'lie',
    cause: 'The driver mixes up units: StorPool gets half of what was asked for',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.size'],
    act: changeRequest((request) => {
      request['size'] = GIB / 2;
    }),
  },
  {
    id: 'create-one-copy',
    kind: 'lie',
    cause: 'The back end uses another template than promised, with fewer copies or slower disks (F19)',
    seam: 'cinder.driver.create_volume',
    guideSees: '`storpool volume list` lists the volume, with however many copies.',
    reddens: ['create.template'],
    act: changeRequest((request) => {
      delete request['template'];
      request['replication'] = 1;
    }),
  },
  {
    id: 'create-dirty',
    kind: 'corrupt',
    cause: 'A new volume shows bytes of somebody else (F45)',
    seam: 'agent.attach',
    reddens: ['create.reads-zero'],
    act: thenCorrupt((file) => overwrite(file, 700 * MIB)),
  },
  {
    id: 'create-in-unknown-pool',
    kind: 'lie',
    cause: 'The volume belongs to a back end that no longer exists (F16)',
    seam: 'cinder.showVolume',
    reddens: ['create.backend'],
    act: reportedVolume(() => ({ 'os-vol-host-attr:host': 'controller@storpool-old#storpool-old' })),
  },
  {
    id: 'create-other-prefix',
    kind: 'lie',
    cause: 'cinder-volume uses another SP_OPENSTACK_VOLUME_PREFIX than the rest of the deployment',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.storpool-volume', 'run.nothing-left'],
    act: changeRequest((request) => {
      request['name'] = `staging-${String(request['name'])}`;
    }),
  },
  {
    id: 'create-not-listed',
    kind: 'lie',
    cause: 'The StorPool management that answers has not heard of the volume: it lags behind the active one',
    seam: 'storpool.VolumesList',
    reddens: ['create.storpool-volume'],
    act: reportedVolumes(() => undefined),
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
    act: reportedVolume(() => ({ size: 2 })),
  },
  {
    id: 'create-size-in-storpool',
    kind: 'lie',
    cause: 'StorPool lists another size than the volume has',
    seam: 'storpool.VolumesList',
    reddens: ['create.size'],
    act: reportedVolumes((volume) => ({ ...volume, size: GIB / 2 })),
  },
  {
    id: 'create-size-of-device',
    kind: 'lie',
    cause: 'The device on the host is smaller than the volume (F24)',
    seam: 'agent.attach',
    reddens: ['create.size'],
    act: thenCorrupt((file, context) => shrinkDevice(file, context, 512 * MIB)),
  },
  {
    id: 'create-other-template',
    kind: 'lie',
    cause: 'storpool_template names another template than was promised (F19)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.template'],
    guideSees: '`storpool volume list` lists the volume, whatever its template is.',
    act: changeRequest((request) => {
      request['template'] = 'ssd';
    }),
  },
  {
    id: 'create-two-copies',
    kind: 'lie',
    cause: 'The volume keeps two copies although its template promises three (F19)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.template'],
    act: changeRequest((request) => {
      request['replication'] = 2;
    }),
  },
  {
    id: 'create-on-other-disks',
    kind: 'lie',
    cause: 'The copies lie on other disks than the template promises (F19)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.template'],
    act: changeRequest((request) => {
      request['placeAll'] = 'ssd';
    }),
  },
  {
    id: 'create-not-hybrid',
    kind: 'lie',
    cause: 'No copy lies on an SSD although the template promises a hybrid (F19)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.template'],
    act: changeRequest((request) => {
      request['placeTail'] = 'hdd';
    }),
  },
  {
    id: 'create-dirty-last-block',
    kind: 'corrupt',
    cause: 'Only the last block of a new volume shows bytes of somebody else (F45)',
    seam: 'agent.attach',
    reddens: ['create.reads-zero'],
    act: thenCorrupt((file) => overwrite(file, GIB - BLOCK)),
  },
  {
    id: 'create-read-error',
    kind: 'corrupt',
    cause: 'A part of the volume is down: reading it is an I/O error (F73)',
    seam: 'agent.attach',
    reddens: ['create.reads-zero'],
    act: thenCorrupt((file) => truncate(file, 512 * MIB)),
  },
];
