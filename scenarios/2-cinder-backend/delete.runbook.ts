import { runbook } from '../../fixtures/scenario/runbook.ts';
import { createVolume, deleteVolume, untilAvailable, VOLUME } from '../vocabulary/steps.ts';

const section = 'Set up the Cinder volume backend';

export const deleteRunbook = runbook({
  id: 'delete',
  chapter: 2,
  title: 'A deleted volume is gone from Cinder, from StorPool and from the hosts',
  makes: { volume: VOLUME },
  steps: {
    create: createVolume('Create a 1 GiB volume', 'volume'),
    wait: untilAvailable(),
    delete: deleteVolume('Delete it'),
    look: { title: 'Look for it everywhere', look: (book) => book.storpoolVolumeList() },
  },
  checks: {
    'delete.gone': {
      claim: 'After the delete neither Cinder, nor StorPool, nor any host has the volume',
      guide: { section, line: 'cinder list' },
      remedy: 'What is left is an orphan: check in cinder-volume.log why the driver left it; `npm run sweep` takes it away.',
    },
  },
});
