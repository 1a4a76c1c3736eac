import { runbook } from '../../fixtures/scenario/runbook.ts';
import {
  ATTACHMENT,
  createFromSnapshot,
  deleteSnapshot,
  deleteVolume,
  SNAPSHOT,
  takeSnapshot,
  VOLUME,
} from '../vocabulary/steps.ts';

const section = 'Verify the operation of volume snapshots';

export const sourceDeleteRunbook = runbook({
  id: 'source-delete',
  chapter: 5,
  title: 'Deleting the source or the snapshot never takes data from a volume made from it',
  makes: {
    volume: VOLUME,
    write: ATTACHMENT,
    snapshot: SNAPSHOT,
    clone: VOLUME,
    readSource: ATTACHMENT,
    read: ATTACHMENT,
    readAgain: ATTACHMENT,
  },
  steps: {
    prepare: { title: 'Create a volume and stamp it' },
    snapshot: takeSnapshot('volume'),
    clone: createFromSnapshot('Create a volume from it', 'clone'),
    'delete-source': deleteVolume('Try to delete the source'),
    'delete-snapshot': deleteSnapshot('Delete the snapshot'),
    read: { title: 'Read all of the source and of the volume that was made from it' },
    'delete-source-again': deleteVolume('Delete the source, now that no snapshot of it is left'),
    'read-again': { title: 'Read all of the volume that was made from its snapshot' },
  },
  checks: {
    'snapshot.source-delete': {
      claim:
        'Cinder refuses to delete a volume that has a snapshot, deletes the snapshot, and source and the volume made from it keep their data',
      guide: { section, line: 'Make sure that Cinder can create snapshots of existing volumes and use them' },
      remedy: 'Keep snapshots until this is mended, and report to StorPool which delete took which data.',
    },
    'source-delete.clone-kept': {
      claim: 'Without a snapshot the source can be deleted, and the volume made from it keeps all its data',
      guide: { section, line: 'Make sure that Cinder can create snapshots of existing volumes and use them' },
      remedy: 'Delete no volume from which others were made until this is mended, and report the offsets to StorPool.',
    },
  },
});
