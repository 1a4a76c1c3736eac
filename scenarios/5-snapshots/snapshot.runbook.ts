import { runbook } from '../../fixtures/scenario/runbook.ts';
import { ATTACHMENT, createFromSnapshot, idOf, SNAPSHOT, takeSnapshot, VOLUME } from '../vocabulary/steps.ts';

const section = 'Verify the operation of volume snapshots';

export const snapshotRunbook = runbook({
  id: 'snapshot',
  chapter: 5,
  title: 'A snapshot of a volume exists on StorPool and stays as it was taken',
  makes: {
    volume: { kind: 'volume', gib: 2 },
    write: ATTACHMENT,
    snapshot: SNAPSHOT,
    rewrite: ATTACHMENT,
    clone: VOLUME,
    read: ATTACHMENT,
    reread: ATTACHMENT,
    writeGrown: ATTACHMENT,
    younger: SNAPSHOT,
    restored: { kind: 'volume', gib: 2 },
    readRestored: ATTACHMENT,
    readKept: ATTACHMENT,
  },
  steps: {
    prepare: { title: 'Create a volume and stamp it (generation 1)' },
    snapshot: takeSnapshot('volume'),
    wait: {
      title: 'Wait until it is available',
      look: (book) => book.listSnapshots(),
      shows: (names) => names.snapshot,
    },
    look: {
      title: 'Look for it in the StorPool snapshot list',
      look: (book) => book.storpoolSnapshotList(),
      shows: (names) => idOf(names.snapshot),
    },
    rewrite: { title: 'Write over a part of the volume (generation 2)' },
    clone: createFromSnapshot('Create a volume from the snapshot', 'clone'),
    compare: { title: 'Read all of both volumes' },
    grow: {
      title: 'Extend the volume to 2 GiB and write across its old end and at its new one',
      command: (book, { volume }) => book.extendVolume({ volume: idOf(volume), gib: 2 }),
    },
    younger: {
      title: 'Take another snapshot',
      command: (book, { younger, volume }) => book.createSnapshot({ name: younger, volume: idOf(volume) }),
    },
    'delete-older': {
      title: 'Delete the first snapshot and the volume that was made from it',
      command: (book, { snapshot }) => book.deleteSnapshot({ snapshot: idOf(snapshot) }),
    },
    restore: {
      title: 'Create a volume from the other one',
      command: (book, { restored, younger }) => book.createVolume({ name: restored, gib: 2, snapshotId: idOf(younger) }),
    },
    'read-restored': { title: 'Read all of it, and of the volume that both were taken of' },
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
    'snapshot.younger': {
      claim:
        'A younger snapshot, of the volume as it was written and grown since, is whole once the older one is deleted, and so is the volume',
      guide: { section, line: 'Make sure that Cinder can create snapshots of existing volumes and use them' },
      remedy: 'Delete no snapshot that has a younger one until this is mended, and report the offsets to StorPool.',
    },
  },
});
