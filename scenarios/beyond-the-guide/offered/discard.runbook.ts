import { runbook } from '../../../fixtures/scenario/runbook.ts';
import { ATTACHMENT, attachHere, createVolume, detachHere, onStorpool, showStatus, VOLUME } from '../../vocabulary/steps.ts';

const section = 'Beyond the guide';
const line = 'left open: what is deleted on a volume gives its space back';
const MIB = 1024 ** 2;

/** Two of the objects that StorPool keeps data in (StorPool reference §2.2), whole, in a volume of 1 GiB. Bytes. */
export const TRIMMED = { offset: 256 * MIB, length: 64 * MIB } as const;

export const discardRunbook = runbook({
  id: 'discard',
  chapter: 8,
  title: 'A range of a volume that is trimmed reads zeros and gives its space back',
  makes: { volume: VOLUME, write: ATTACHMENT, read: ATTACHMENT },
  steps: {
    volume: createVolume('Create a volume', 'volume'),
    attach: attachHere('Attach it here by hand'),
    asks: { title: 'See whether its device takes discards' },
    write: { title: 'Stamp 64 MiB of it, and a block on each side' },
    stored: showStatus('Read what StorPool has stored of it'),
    trim: {
      title: 'Trim the 64 MiB',
      command: (book, { volume }, { prefix }) => book.discard(TRIMMED).on(`/dev/storpool/${onStorpool(prefix, volume)}`),
    },
    detach: detachHere('Detach it'),
    read: { title: 'Attach it on another host, if one is known, and read all of it' },
    storedAfter: showStatus('Read what StorPool has stored of it now'),
  },
  checks: {
    'discard.zeros': {
      claim:
        'The device takes the discard; then the range reads zeros and all else what it held, on another host if one is known',
      guide: { section, line },
      remedy:
        'Old bytes that come back, or neighbours that are gone, are a defect: mount nothing with `discard`, and tell StorPool the offsets.',
    },
    'discard.space': {
      claim: 'StorPool has stored less of the volume by what was trimmed',
      guide: { section, line },
      remedy:
        'Deleted files will go on taking space. Compare `storpool volume status` some minutes later, and tell StorPool if it is the same then.',
    },
  },
});
