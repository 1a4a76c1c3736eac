import { runbook } from '../../fixtures/runbook.ts';

const section = 'Set up the Cinder volume backend';
const storpoolName = (prefix: string, volume: string) => `${prefix}--volume-<id of ${volume}>`;

export const create = runbook({
  id: 'create',
  chapter: 2,
  title: 'A volume created in Cinder is a volume on StorPool, as configured and empty',
  makes: { volume: { kind: 'volume', gib: 1 }, attachment: { kind: 'attachment' } },
  steps: {
    create: {
      title: 'Create a 1 GiB volume',
      command: (book, { volume }, { volumeType }) =>
        book.createVolume({ name: volume, gib: 1, ...(volumeType && { volumeType }) }),
    },
    wait: { title: 'Wait until it is available', look: (book) => book.listVolumes(), shows: ({ volume }) => volume },
    look: {
      title: 'Look for it in the StorPool volume list',
      look: (book) => book.storpoolVolumeList(),
      shows: ({ volume }, { prefix }) => storpoolName(prefix, volume),
    },
    attach: {
      title: 'Attach it to this host',
      command: (book, { volume }, { prefix }) => book.attachHere(storpoolName(prefix, volume)),
    },
    read: { title: 'Read all of it' },
    detach: {
      title: 'Detach it',
      command: (book, { volume }, { prefix }) => book.detachHere(storpoolName(prefix, volume)),
    },
  },
  checks: {
    'create.available': {
      claim: 'A new volume becomes available and is listed',
      guide: { section, line: 'cinder create --display-name vol1 1' },
      remedy: 'Read why in cinder-volume.log and cinder-scheduler.log on the controller, searching for the volume id.',
    },
    'create.backend': {
      claim: 'The volume lives on the StorPool back end and on no other',
      guide: { section, line: 'enabled_backends=storpool' },
      remedy:
        'In cinder.conf leave only the StorPool back end in enabled_backends (or give --volume-type), restart cinder-volume.',
    },
    'create.storpool-volume': {
      claim: 'StorPool lists the volume under <prefix>--volume-<id>',
      guide: { section, line: 'storpool volume list | fgrep -e `cinder show vol1 | awk …`' },
      remedy: 'Check volume_driver in the back end section of cinder.conf and SP_OPENSTACK_VOLUME_PREFIX in storpool.conf.',
    },
    'create.size': {
      claim: 'Cinder, StorPool and the device tell the same size',
      guide: { section, line: 'cinder list' },
      remedy: 'Compare `cinder show` with `storpool volume NAME info`: the layer that differs from the request is the wrong one.',
    },
    'create.template': {
      claim: 'The volume has the configured template, with its replication and placement',
      guide: { section, line: 'storpool_template=hybrid' },
      remedy:
        'Compare storpool_template in cinder.conf (or the volume type) with `storpool template list`, and with what was promised.',
    },
    'create.reads-zero': {
      claim: 'Every byte of a new volume is zero',
      guide: { section, line: 'cinder create --display-name vol1 1' },
      remedy: 'Stop using the cluster: data of other volumes may be readable. Report it to StorPool with the offset.',
    },
  },
});

export const extend = runbook({
  id: 'extend',
  chapter: 2,
  title: 'Extending a volume grows it in every layer and leaves its data alone',
  makes: { volume: { kind: 'volume', gib: 2 }, before: { kind: 'attachment' }, after: { kind: 'attachment' } },
  steps: {
    create: {
      title: 'Create a 1 GiB volume',
      command: (book, { volume }, { volumeType }) =>
        book.createVolume({ name: volume, gib: 1, ...(volumeType && { volumeType }) }),
    },
    wait: { title: 'Wait until it is available', look: (book) => book.listVolumes(), shows: ({ volume }) => volume },
    write: { title: 'Attach it here, stamp its beginning and its last block, detach it' },
    extend: { title: 'Extend it to 2 GiB', command: (book, { volume }) => book.extendVolume({ volume, gib: 2 }) },
    'wait-again': {
      title: 'Wait until it is available again',
      look: (book) => book.listVolumes(),
      shows: ({ volume }) => volume,
    },
    look: {
      title: 'Look it up on StorPool',
      look: (book) => book.storpoolVolumeList(),
      shows: ({ volume }, { prefix }) => storpoolName(prefix, volume),
    },
    attach: {
      title: 'Attach it to this host again',
      command: (book, { volume }, { prefix }) => book.attachHere(storpoolName(prefix, volume)),
    },
    read: { title: 'Read what was written before' },
    'read-new': { title: 'Read all of the new range' },
    'write-last': { title: 'Write the last block and read it back' },
    detach: {
      title: 'Detach it',
      command: (book, { volume }, { prefix }) => book.detachHere(storpoolName(prefix, volume)),
    },
  },
  checks: {
    'extend.available': {
      claim: 'The volume is available again after it was extended',
      guide: { section, line: 'cinder extend vol1 2' },
      remedy:
        'Read why in cinder-volume.log, searching for the volume id; `storpool template status` shows whether space ran out.',
    },
    'extend.size': {
      claim: 'Cinder, StorPool and the device tell the new size',
      guide: { section, line: 'cinder list' },
      remedy:
        'The layer that still tells the old size did not follow: StorPool → cinder-volume.log; device → storpool_block on this host.',
    },
    'extend.identity': {
      claim: 'It is still the same StorPool volume: its globalId, its template and its copies are unchanged',
      guide: { section, line: 'cinder extend vol1 2' },
      remedy: 'The driver made another volume instead of resizing: check which driver release is loaded.',
    },
    'extend.data': {
      claim: 'The old bytes are the same, the new range is zero, and the last block can be written',
      guide: { section, line: 'cinder extend vol1 2' },
      remedy: 'Stop using the cluster and report the offsets to StorPool.',
    },
  },
});

export const remove = runbook({
  id: 'delete',
  chapter: 2,
  title: 'A deleted volume is gone from Cinder, from StorPool and from the hosts',
  makes: { volume: { kind: 'volume', gib: 1 } },
  steps: {
    create: {
      title: 'Create a 1 GiB volume',
      command: (book, { volume }, { volumeType }) =>
        book.createVolume({ name: volume, gib: 1, ...(volumeType && { volumeType }) }),
    },
    wait: { title: 'Wait until it is available', look: (book) => book.listVolumes(), shows: ({ volume }) => volume },
    delete: { title: 'Delete it', command: (book, { volume }) => book.deleteVolume({ volume }) },
    look: { title: 'Look for it everywhere', look: (book) => book.storpoolVolumeList() },
  },
  checks: {
    'delete.gone': {
      claim: 'After the delete neither Cinder, nor StorPool, nor any host has the volume',
      guide: { section, line: 'cinder list' },
      remedy: 'What is left is an orphan: check in cinder-volume.log why the driver left it; `npm run sweep` takes it away.',
    },
  },
});
