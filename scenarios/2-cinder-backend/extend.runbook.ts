import { runbook } from '../../fixtures/scenario/runbook.ts';
import { ATTACHMENT, attachHere, createVolume, detachHere, findOnStorpool, idOf, untilAvailable } from '../vocabulary/steps.ts';

const section = 'Set up the Cinder volume backend';

export const extendRunbook = runbook({
  id: 'extend',
  chapter: 2,
  title: 'Extending a volume grows it in every layer and leaves its data alone',
  makes: { volume: { kind: 'volume', gib: 2 }, before: ATTACHMENT, after: ATTACHMENT },
  steps: {
    create: createVolume('Create a 1 GiB volume', 'volume'),
    wait: untilAvailable(),
    write: { title: 'Attach it here, stamp its beginning and its last block, detach it' },
    extend: { title: 'Extend it to 2 GiB', command: (book, { volume }) => book.extendVolume({ volume: idOf(volume), gib: 2 }) },
    'wait-again': untilAvailable('Wait until it is available again'),
    look: findOnStorpool('Look it up on StorPool', 'volume'),
    attach: attachHere('Attach it to this host again'),
    'write-last': { title: 'Write its last block' },
    read: { title: 'Read all of it' },
    detach: detachHere('Detach it'),
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
