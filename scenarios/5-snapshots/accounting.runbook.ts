import { runbook } from '../../fixtures/scenario/runbook.ts';
import { ATTACHMENT, createFromSnapshot, onStorpool, SNAPSHOT, takeSnapshot, VOLUME } from '../vocabulary/steps.ts';

const section = 'Verify the operation of volume snapshots';

export const accountingRunbook = runbook({
  id: 'accounting',
  chapter: 5,
  title: 'StorPool accounts the data of volume, snapshot and clone once',
  makes: { volume: VOLUME, write: ATTACHMENT, snapshot: SNAPSHOT, clone: VOLUME },
  steps: {
    prepare: { title: 'Create a volume and stamp it' },
    snapshot: takeSnapshot('volume'),
    clone: createFromSnapshot('Create a volume from it', 'clone'),
    status: {
      title: 'Read the volume status',
      look: (book) => book.storpoolVolumeStatus(),
      shows: ({ clone }, { prefix }) => onStorpool(prefix, clone),
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
