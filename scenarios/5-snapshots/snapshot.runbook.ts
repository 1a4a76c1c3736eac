import { runbook } from '../../fixtures/runbook.ts';

const section = 'Verify the operation of volume snapshots';
const source = { kind: 'volume', gib: 1 } as const;
const attachment = { kind: 'attachment' } as const;
const snapshot = { kind: 'snapshot' } as const;

export const takeSnapshot = runbook({
  id: 'snapshot',
  chapter: 5,
  title: 'A snapshot of a volume exists on StorPool and stays as it was taken',
  makes: {
    volume: source,
    write: attachment,
    snapshot,
    rewrite: attachment,
    clone: source,
    read: attachment,
    reread: attachment,
    keep: attachment,
  },
  steps: {
    prepare: { title: 'Create a volume and stamp it (generation 1)' },
    snapshot: {
      title: 'Take a snapshot',
      command: (book, { snapshot, volume }) => book.createSnapshot({ name: snapshot, volume }),
    },
    wait: {
      title: 'Wait until it is available',
      look: (book) => book.listSnapshots(),
      shows: (names) => names.snapshot,
    },
    look: {
      title: 'Look for it in the StorPool snapshot list',
      look: (book) => book.storpoolSnapshotList(),
      shows: (names) => `<id of ${names.snapshot}>`,
    },
    rewrite: { title: 'Write over a part of the volume (generation 2)' },
    clone: {
      title: 'Create a volume from the snapshot',
      command: (book, { clone, snapshot }) => book.createVolume({ name: clone, gib: 1, snapshotId: `<id of ${snapshot}>` }),
    },
    compare: { title: 'Read both volumes' },
  },
  checks: {
    'snapshot.available': {
      claim: 'A snapshot of an available volume becomes available and is listed',
      guide: { section, line: 'cinder snapshot-create --display-name … centos-7-base' },
      remedy: 'Read why in cinder-volume.log, searching for the snapshot id.',
    },
    'snapshot.storpool': {
      claim: 'StorPool lists the snapshot, taken on this volume',
      guide: { section, line: 'storpool snapshot list | fgrep -e …' },
      remedy: 'Cinder believes in a snapshot that StorPool does not have: check in cinder-volume.log what the driver asked for.',
    },
    'snapshot.frozen': {
      claim: 'What was written before the snapshot is in it, what was written afterwards is not',
      guide: { section, line: 'Make sure that Cinder can create snapshots of existing volumes and use them' },
      remedy: 'Report the generations and offsets to StorPool: the snapshot is not the moment it was taken.',
    },
  },
});

export const fromSnapshot = runbook({
  id: 'from-snapshot',
  chapter: 5,
  title: 'Volumes created from a snapshot are its children and hold its bytes, also when they are larger',
  makes: {
    volume: source,
    write: attachment,
    snapshot,
    clone: source,
    read: attachment,
    larger: { kind: 'volume', gib: 2 },
    readLarger: attachment,
    readAgain: attachment,
  },
  steps: {
    prepare: { title: 'Create a volume and stamp it' },
    snapshot: {
      title: 'Take a snapshot',
      command: (book, { snapshot, volume }) => book.createSnapshot({ name: snapshot, volume }),
    },
    clone: {
      title: 'Create a volume of the same size from it',
      command: (book, { clone, snapshot }) => book.createVolume({ name: clone, gib: 1, snapshotId: `<id of ${snapshot}>` }),
    },
    look: {
      title: 'Look at its parent on StorPool',
      look: (book) => book.storpoolVolumeList(),
      shows: ({ clone }, { prefix }) => `${prefix}--volume-<id of ${clone}>`,
    },
    read: { title: 'Read the new volume' },
    larger: {
      title: 'Create a volume of twice the size from it',
      command: (book, { larger, snapshot }) => book.createVolume({ name: larger, gib: 2, snapshotId: `<id of ${snapshot}>` }),
    },
    'read-larger': { title: 'Read the larger volume' },
  },
  checks: {
    'from-snapshot.bytes': {
      claim: 'A volume created from the snapshot holds its bytes',
      guide: { section, line: 'cinder create --snapshot-id … 8' },
      remedy: 'Compare parentName of the volume on StorPool with the snapshot, then report the offsets.',
    },
    'from-snapshot.parent': {
      claim:
        'On StorPool the new volume is a child of the snapshot, not a copy, and has the template and the copies of its source',
      guide: {
        section,
        line: 'both the volume that it was created from and the volume that was created from it will have 0% disk space',
      },
      remedy: 'A full copy costs time and space: check the driver release and whether the volume type asks for another template.',
    },
    'from-snapshot.larger': {
      claim: 'A larger volume from the snapshot has the size asked for, its bytes, and zeros behind them',
      guide: { section, line: 'cinder create --snapshot-id … 8' },
      remedy: 'Compare `cinder show` with `storpool volume NAME info`.',
    },
  },
});

export const accounting = runbook({
  id: 'accounting',
  chapter: 5,
  title: 'StorPool accounts the data of volume, snapshot and clone once',
  makes: { volume: source, write: attachment, snapshot, clone: source },
  steps: {
    prepare: { title: 'Create a volume and stamp it' },
    snapshot: {
      title: 'Take a snapshot',
      command: (book, { snapshot, volume }) => book.createSnapshot({ name: snapshot, volume }),
    },
    clone: {
      title: 'Create a volume from it',
      command: (book, { clone, snapshot }) => book.createVolume({ name: clone, gib: 1, snapshotId: `<id of ${snapshot}>` }),
    },
    status: {
      title: 'Read the volume status',
      look: (book) => book.storpoolVolumeStatus(),
      shows: ({ clone }, { prefix }) => `${prefix}--volume-<id of ${clone}>`,
    },
  },
  checks: {
    'accounting.split': {
      claim: 'All data is accounted to the snapshot; the volume and the volume created from it hold none of their own',
      guide: { section, line: 'the snapshot will have 100% allocated disk space, while both … will have 0%' },
      remedy: 'A volume with data of its own was copied instead of cloned, or something writes to it.',
    },
    'accounting.totals': {
      claim: 'The data is stored as often as the replication says, and counted once',
      guide: { section, line: '8 GB "virtual" space and 25 GB "physical" space (approx. 3 * 8 GB due to the replication)' },
      remedy: 'Compare the replication of the template with the promise; `storpool volume status` shows stored and on disk.',
    },
  },
});

export const sourceDelete = runbook({
  id: 'source-delete',
  chapter: 5,
  title: 'Deleting the source or the snapshot never takes data from a volume made from it',
  makes: { volume: source, write: attachment, snapshot, clone: source, read: attachment },
  steps: {
    prepare: { title: 'Create a volume and stamp it' },
    snapshot: {
      title: 'Take a snapshot',
      command: (book, { snapshot, volume }) => book.createSnapshot({ name: snapshot, volume }),
    },
    clone: {
      title: 'Create a volume from it',
      command: (book, { clone, snapshot }) => book.createVolume({ name: clone, gib: 1, snapshotId: `<id of ${snapshot}>` }),
    },
    'delete-source': { title: 'Try to delete the source', command: (book, { volume }) => book.deleteVolume({ volume }) },
    'delete-snapshot': { title: 'Delete the snapshot', command: (book, { snapshot }) => book.deleteSnapshot({ snapshot }) },
    read: { title: 'Read the volume that was made from it' },
  },
  checks: {
    'snapshot.source-delete': {
      claim:
        'Cinder refuses to delete a volume that has a snapshot, deletes the snapshot, and the volume made from it keeps its data',
      guide: { section, line: 'Make sure that Cinder can create snapshots of existing volumes and use them' },
      remedy: 'Keep snapshots until this is mended, and report to StorPool which delete took which data.',
    },
  },
});
