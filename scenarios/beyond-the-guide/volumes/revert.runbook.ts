import { runbook } from '../../../fixtures/scenario/runbook.ts';
import { ATTACHMENT, createFromSnapshot, idOf, listVolumes, SNAPSHOT, takeSnapshot, VOLUME } from '../../vocabulary/steps.ts';

const section = 'Beyond the guide';

export const revertRunbook = runbook({
  id: 'revert',
  chapter: 8,
  title: 'A volume goes back to its snapshot and stays the same volume',
  makes: {
    volume: VOLUME,
    write: ATTACHMENT,
    snapshot: SNAPSHOT,
    rewrite: ATTACHMENT,
    sibling: VOLUME,
    read: ATTACHMENT,
    readSibling: ATTACHMENT,
    rewriteAgain: ATTACHMENT,
    restored: VOLUME,
    reread: ATTACHMENT,
    readRestored: ATTACHMENT,
  },
  steps: {
    prepare: { title: 'Create a volume and stamp it (generation 1)' },
    snapshot: takeSnapshot('volume'),
    rewrite: { title: 'Write over all of it (generation 2)' },
    sibling: createFromSnapshot('Create another volume from the snapshot', 'sibling'),
    revert: {
      title: 'Revert the volume to the snapshot',
      command: (book, { snapshot }) => book.revertVolume({ snapshot: idOf(snapshot) }),
    },
    wait: listVolumes('Wait until it is available'),
    read: { title: 'Read all of both volumes' },
    'rewrite-again': { title: 'Write over a part of the volume again (generation 2)' },
    restore: createFromSnapshot('Create one more volume from the snapshot', 'restored'),
    compare: { title: 'Read all of the volume and of that one' },
  },
  checks: {
    'revert.available': {
      claim: 'The volume becomes available again, with its size, under its name on StorPool',
      guide: { section, line: 'left open: going back to a snapshot (Cinder API 3.40)' },
      remedy: 'Read why in cinder-volume.log, searching for the volume id and revert_to_snapshot.',
    },
    'revert.bytes': {
      claim: 'The bytes of the snapshot are back, everywhere, and another volume made from it holds what it held',
      guide: { section, line: 'left open: going back to a snapshot (Cinder API 3.40)' },
      remedy: 'Do not use revert until this is mended; report the generations and offsets to StorPool.',
    },
    'revert.apart': {
      claim: 'What is written to the volume afterwards is on it and not in its snapshot',
      guide: { section, line: 'left open: going back to a snapshot (Cinder API 3.40)' },
      remedy: 'The snapshot is no copy to go back to any more: do not use revert, and report the generations to StorPool.',
    },
  },
});
