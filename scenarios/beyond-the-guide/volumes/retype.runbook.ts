import { runbook } from '../../../fixtures/scenario/runbook.ts';
import { ATTACHMENT, idOf, listVolumes, VOLUME } from '../../vocabulary/steps.ts';

const section = 'Beyond the guide';

export const retypeRunbook = runbook({
  id: 'retype',
  chapter: 8,
  title: 'A volume changes to a type of another StorPool template without being copied',
  makes: { volume: VOLUME, write: ATTACHMENT, read: ATTACHMENT },
  steps: {
    prepare: { title: 'Create a volume and stamp it' },
    types: { title: 'Find a volume type that asks for another template' },
    retype: {
      title: 'Change the type of the volume',
      command: (book, { volume }) => book.retypeVolume({ volume: idOf(volume), type: '<type>' }),
    },
    wait: listVolumes('Wait until it is available'),
    look: { title: 'Look at it on StorPool', command: (book) => book.storpoolVolumeList() },
    log: { title: "Search the driver's log on the controller" },
    read: { title: 'Read the volume' },
  },
  checks: {
    'retype.type': {
      claim: 'The volume becomes available again and has the new type',
      guide: { section, line: 'left open: a change of the volume type' },
      remedy: 'Read why in cinder-volume.log and cinder-scheduler.log, searching for the volume id and retype.',
    },
    'retype.template': {
      claim: 'On StorPool it has the template of the new type, with its copies and placement',
      guide: { section, line: 'left open: a change of the volume type' },
      remedy: 'The type promises what StorPool does not keep: storpool volume NAME template NAME',
    },
    'retype.identity': {
      claim: 'It is still the same StorPool volume: its global id has not changed',
      guide: { section, line: 'left open: a change of the volume type' },
      remedy:
        'Cinder copied the whole volume because the driver failed: grep TypeError cinder-volume.log; the driver since 2025.1 passes its arguments wrongly.',
    },
    'retype.bytes': {
      claim: 'It holds its bytes',
      guide: { section, line: 'left open: a change of the volume type' },
      remedy: 'Do not retype volumes until this is mended; report the offsets.',
    },
  },
});
