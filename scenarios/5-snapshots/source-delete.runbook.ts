import { runbook } from '../../fixtures/scenario/runbook.ts';
import { ATTACHMENT, createFromSnapshot, deleteVolume, SNAPSHOT, takeSnapshot, VOLUME } from '../vocabulary/steps.ts';

const section = 'Verify the operation of volume snapshots';

export const sourceDeleteRunbook = runbook({
  id: 'source-delete',
  chapter: 5,
  title: 'Deleting the source or the snapshot never takes data from a volume made from it',
  makes: { volume: VOLUME, write: ATTACHMENT, snapshot: SNAPSHOT, clone: VOLUME, read: ATTACHMENT },
  steps: {
    prepare: { title: 'Create a volume and stamp it' },
    snapshot: takeSnapshot('volume'),
    clone: createFromSnapshot('Create a volume from it', 'clone'),
    'delete-source': deleteVolume('Try to delete the source'),
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
