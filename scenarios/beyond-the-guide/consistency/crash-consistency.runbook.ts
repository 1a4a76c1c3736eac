import { runbook } from '../../../fixtures/scenario/runbook.ts';
import { ATTACHMENT, attachHere, createFromSnapshot, detachHere, idOf, SNAPSHOT, VOLUME } from '../../vocabulary/steps.ts';

const section = 'Beyond the guide';

export const crashConsistencyRunbook = runbook({
  id: 'crash-consistency',
  chapter: 8,
  title: 'Snapshots and clones of a volume that is being written to are crash-consistent, and it can be extended meanwhile',
  makes: {
    volume: { kind: 'volume', gib: 2 },
    attachment: ATTACHMENT,
    snapshot: SNAPSHOT,
    second: SNAPSHOT,
    third: SNAPSHOT,
    ofFirst: VOLUME,
    readFirst: ATTACHMENT,
    ofSecond: VOLUME,
    readSecond: ATTACHMENT,
    ofThird: VOLUME,
    readThird: ATTACHMENT,
    clone: VOLUME,
    readClone: ATTACHMENT,
    reread: ATTACHMENT,
  },
  // Somebody writes meanwhile.
  lasts: 3,
  steps: {
    prepare: { title: 'Create a volume' },
    attach: attachHere('Attach it to this host'),
    write: { title: 'Begin to write numbered, checksummed blocks, in groups that are flushed one after the other' },
    snapshot: {
      title: 'Take three snapshots while that goes on',
      command: (book, { snapshot, volume }) => book.createSnapshot({ name: snapshot, volume: idOf(volume) }),
    },
    restore: createFromSnapshot('Create a volume from each, and read it', 'ofFirst'),
    clone: {
      title: 'Create a volume from the volume while the writing goes on',
      command: (book, { clone, volume }) => book.cloneVolume({ name: clone, gib: 1, source: idOf(volume) }),
    },
    readClone: { title: 'Read it' },
    extend: {
      title: 'Extend the volume to 2 GiB while the writing goes on',
      command: (book, { volume }) => book.extendVolume({ volume: idOf(volume), gib: 2 }),
    },
    go: { title: 'Go on writing, also in the new part' },
    detach: detachHere('Detach it from this host'),
    reread: { title: 'Read all that was written' },
  },
  checks: {
    'crash-consistency.snapshots': {
      claim:
        'Each snapshot is one moment: all that was flushed before it was asked for, nothing written afterwards, no later group without all earlier ones',
      guide: { section, line: 'left open: a snapshot of a volume that is being written to' },
      remedy: 'Do not rely on snapshots of volumes in use, nor on backups made of them: report the offsets to StorPool.',
    },
    'crash-consistency.clone': {
      claim: 'A volume made of the volume while it is being written to is one moment in the same sense',
      guide: { section, line: 'left open: a volume made from a volume that is being written to' },
      remedy: 'Do not clone volumes in use until this is mended: report the offsets to StorPool.',
    },
    'crash-consistency.extend': {
      claim:
        'Extended while it is being written to, the volume and its device grow, the writer goes on, and nothing of all it has flushed is lost',
      guide: { section, line: 'left open: a volume extended while it is being written to' },
      remedy: 'Report the offsets to StorPool; a device that did not grow: look into storpool_block on this host.',
    },
  },
});
