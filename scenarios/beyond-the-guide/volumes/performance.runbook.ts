import { runbook } from '../../../fixtures/scenario/runbook.ts';
import { LOAD_NAMES } from '../../../helpers/load.ts';
import { ATTACHMENT, attachHere, createVolume, detachHere } from '../../vocabulary/steps.ts';

const section = 'Fill in a Cinder volume directly using `dd` or `qemu-img`';
const line = 'storpool attach here volume …';

export const performanceRunbook = runbook({
  id: 'performance',
  chapter: 8,
  title:
    'A volume attached by hand takes StorPool’s seven fio loads, comes to what was promised, and gives back what was written',
  isOnRequest: true,
  needs: 'fio',
  caution:
    'loads the cluster with fio as hard as it goes for some two minutes, and longer where longer loads were asked for; others feel it',
  lasts: 90,
  makes: { volume: { kind: 'volume', gib: 4 }, hold: ATTACHMENT, verify: ATTACHMENT },
  steps: {
    volume: createVolume('Create a volume of 4 GiB', 'volume'),
    attach: attachHere('Attach it here by hand'),
    fill: { title: 'Write all of it once with fio' },
    load: { title: `Load it with fio, one after the other: ${LOAD_NAMES.join(', ')}` },
    write: { title: 'Write blocks with checksums in them (fio, verify=crc32c)' },
    detach: detachHere('Detach it'),
    verify: { title: 'Attach it on another host, if one is known, and have fio verify them there' },
  },
  checks: {
    'performance.measured': {
      claim: 'Each load runs to its end without an error',
      guide: { section, line },
      remedy: 'Look into the kernel log of this host and at storpool_block there; then at the space that the cluster has left.',
    },
    'performance.promised': {
      claim: 'Each load comes to what was promised for it: rates at least, latencies at most',
      guide: { section, line },
      remedy:
        'Compare with the last accepted run; look at who else uses the cluster, at its disks and its network: storpool service list, storpool disk list.',
    },
    'performance.data': {
      claim:
        'What was written under load is read back with the checksums that it was written with, on another host if one is known',
      guide: { section, line },
      remedy: 'Bytes were changed or lost: tell StorPool the offsets that fio names.',
    },
  },
});
