import { runbook } from '../../../fixtures/scenario/runbook.ts';
import { ATTACHMENT, idOf, VOLUME } from '../../vocabulary/steps.ts';

const section = 'Beyond the guide';

export const cloneRunbook = runbook({
  id: 'clone',
  chapter: 8,
  title: 'A volume cloned from another holds its bytes, shares its data and lives apart from it',
  makes: {
    volume: VOLUME,
    write: ATTACHMENT,
    clone: { kind: 'volume', gib: 2 },
    read: ATTACHMENT,
    rewrite: ATTACHMENT,
    rewriteClone: ATTACHMENT,
    reread: ATTACHMENT,
    rereadClone: ATTACHMENT,
    readKept: ATTACHMENT,
  },
  steps: {
    prepare: { title: 'Create a volume and stamp it (generation 1)' },
    clone: {
      title: 'Create a volume of twice its size from it',
      command: (book, { clone, volume }) => book.cloneVolume({ name: clone, gib: 2, source: idOf(volume) }),
    },
    look: { title: 'Look at both on StorPool', command: (book) => book.storpoolVolumeStatus() },
    read: { title: 'Read the clone' },
    rewrite: { title: 'Write over different parts of both (generation 2)' },
    compare: { title: 'Read both' },
    delete: { title: 'Delete the clone', command: (book, { clone }) => book.deleteVolume({ volume: idOf(clone) }) },
    'read-kept': { title: 'Read the source again' },
  },
  checks: {
    'clone.shared': {
      claim:
        'On StorPool the clone shares its data with the source: a common parent, its template and copies, and nothing stored of its own',
      guide: { section, line: 'left open: a volume made from a volume' },
      remedy: 'A full copy costs time and space: check in cinder-volume.log whether the driver was asked to clone at all.',
    },
    'clone.bytes': {
      claim: 'The clone is as large as was asked for, more than the source; it holds its bytes, and zeros behind them',
      guide: { section, line: 'left open: a volume made from a volume' },
      remedy:
        'Compare `cinder show` with `storpool volume NAME info`; report offsets to StorPool, with the parentName of both volumes.',
    },
    'clone.apart': {
      claim:
        'What is written to the one afterwards does not show on the other, and the source is whole once the clone is deleted',
      guide: { section, line: 'left open: a volume made from a volume' },
      remedy: 'Do not use clones until this is mended; report the generations and offsets to StorPool.',
    },
  },
});
