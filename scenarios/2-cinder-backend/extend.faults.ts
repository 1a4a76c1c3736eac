import { truncate } from 'node:fs/promises';
import { blank, part, spoil, stick, text } from '../../fixtures/mock/faults/corrupt.ts';
import {
  type ProvenFault,
  pretend,
  refuse,
  retell,
  STORPOOL_OK,
  type StorpoolData,
  storpoolError,
} from '../../fixtures/mock/faults/proven-fault.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

interface CinderVolume {
  readonly volume: Record<string, unknown>;
}

/** Chapter 2: create, extend, delete. The numbers are those of the catalogue of broken clusters that the suite must recognise. */
export const volumeFaults: readonly ProvenFault[] = [
  {
    id: 'create-driver-fails',
    kind: 'refuse',
    cause: 'The driver cannot create volumes: wrong class, wrong release or an unreadable configuration (F21)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.available'],
    act: () => Promise.reject(new Error('ImportError: cannot import name StorPoolDriver')),
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
    act: (next, context) => {
      part(context, 'request')['template'] = 'hybird';
      return next();
    },
  },
  {
    id: 'create-stuck',
    kind: 'stick',
    cause: 'cinder-volume hangs: the StorPool API does not answer it (F70)',
    seam: 'cinder.driver.create_volume',
    reddens: ['create.available'],
    act: stick,
  },
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
    act: (next, context) => {
      part(context, 'request')['size'] = GIB / 2;
      return next();
    },
  },
  {
    id: 'create-one-copy',
    kind: 'lie',
    cause: 'The back end uses another template than promised, with fewer copies or slower disks (F19)',
    seam: 'cinder.driver.create_volume',
    guideSees: '`storpool volume list` lists the volume, with however many copies.',
    reddens: ['create.template'],
    act: (next, context) => {
      const request = part(context, 'request');
      delete request['template'];
      request['replication'] = 1;
      return next();
    },
  },
  {
    id: 'create-dirty',
    kind: 'corrupt',
    cause: 'A new volume shows bytes of somebody else (F45)',
    seam: 'agent.attach',
    reddens: ['create.reads-zero'],
    act: async (next, context) => {
      await next();
      await spoil(text(context, 'file'), 700 * MIB);
    },
  },
  {
    id: 'extend-fails',
    kind: 'refuse',
    cause: 'The driver cannot extend: the volume ends in error_extending (F25)',
    seam: 'cinder.driver.extend_volume',
    reddens: ['extend.available'],
    act: () => Promise.reject(new Error('StorPool API: insufficientResources')),
  },
  {
    id: 'extend-stuck',
    kind: 'stick',
    cause: 'The volume stays in extending',
    seam: 'cinder.driver.extend_volume',
    reddens: ['extend.available'],
    act: stick,
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
    act: async (next, context) => {
      await next();
      await blank(text(context, 'file'), MIB, MIB);
    },
  },
  {
    id: 'extend-dirty-tail',
    kind: 'corrupt',
    cause: 'The new range shows old bytes of somebody else (F26)',
    seam: 'bytes.resize',
    reddens: ['extend.data'],
    act: async (next, context) => {
      await next();
      await spoil(text(context, 'file'), GIB + 300 * MIB);
    },
  },
  {
    id: 'extend-shrinks-file',
    kind: 'lose',
    cause: 'The last block of the new size cannot be reached',
    seam: 'bytes.resize',
    reddens: ['extend.size'],
    act: async (next, context) => {
      await next();
      await truncate(text(context, 'file'), 2 * GIB - MIB);
    },
  },
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
];
