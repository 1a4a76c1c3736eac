import { runbook } from '../../fixtures/scenario/runbook.ts';
import {
  ATTACHMENT,
  createFromSnapshot,
  deleteSnapshot,
  findOnStorpool,
  SNAPSHOT,
  takeSnapshot,
  VOLUME,
} from '../vocabulary/steps.ts';

const section = 'Verify the operation of volume snapshots';

export const fromSnapshotRunbook = runbook({
  id: 'from-snapshot',
  chapter: 5,
  title: 'Volumes created from a snapshot are its children and hold its bytes, also when they are larger',
  makes: {
    volume: VOLUME,
    write: ATTACHMENT,
    snapshot: SNAPSHOT,
    clone: VOLUME,
    read: ATTACHMENT,
    larger: { kind: 'volume', gib: 2 },
    readLarger: ATTACHMENT,
    readSource: ATTACHMENT,
    readAgain: ATTACHMENT,
    readKept: ATTACHMENT,
    readFirstKept: ATTACHMENT,
  },
  steps: {
    prepare: { title: 'Create a volume and stamp it' },
    snapshot: takeSnapshot('volume'),
    clone: createFromSnapshot('Create a volume of the same size from it', 'clone'),
    look: findOnStorpool('Look at its parent on StorPool', 'clone'),
    read: { title: 'Read the new volume' },
    larger: createFromSnapshot('Create a volume of twice the size from it', 'larger', 2),
    'read-larger': { title: 'Read the larger volume' },
    reread: { title: 'Read the volume that the snapshot was taken of, and the first one made from it' },
    'delete-snapshot': deleteSnapshot('Delete the snapshot'),
    'read-kept': { title: 'Read both volumes that were made from it again' },
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
      claim:
        'A larger volume from the snapshot has the size asked for, its bytes, and zeros behind them, and leaves the volumes before it as they were',
      guide: { section, line: 'cinder create --snapshot-id … 8' },
      remedy: 'Compare `cinder show` with `storpool volume NAME info`.',
    },
    'from-snapshot.kept': {
      claim: 'Once the snapshot is deleted, both volumes still hold its bytes, the larger one with zeros behind them',
      guide: { section, line: 'cinder create --snapshot-id … 8' },
      remedy: 'Keep snapshots until this is mended, and report the offsets to StorPool.',
    },
  },
});
