import { runbook } from '../../fixtures/scenario/runbook.ts';
import { ATTACHMENT, attachHere, createVolume, detachHere, findOnStorpool, untilAvailable, VOLUME } from '../vocabulary/steps.ts';

const section = 'Set up the Cinder volume backend';

export const createRunbook = runbook({
  id: 'create',
  chapter: 2,
  title: 'A volume created in Cinder is a volume on StorPool, as configured and empty',
  makes: { volume: VOLUME, attachment: ATTACHMENT },
  steps: {
    create: createVolume('Create a 1 GiB volume', 'volume'),
    wait: untilAvailable(),
    look: findOnStorpool('Look for it in the StorPool volume list', 'volume'),
    attach: attachHere('Attach it to this host'),
    read: { title: 'Read all of it' },
    detach: detachHere('Detach it'),
  },
  checks: {
    'create.available': {
      claim: 'A new volume becomes available and is listed',
      guide: { section, line: 'cinder create --display-name vol1 1' },
      remedy: 'Read why in cinder-volume.log and cinder-scheduler.log on the controller, searching for the volume id.',
    },
    'create.backend': {
      claim: 'The volume lives on the StorPool back end and on no other',
      guide: { section, line: 'enabled_backends=storpool' },
      remedy:
        'In cinder.conf leave only the StorPool back end in enabled_backends (or give --volume-type), restart cinder-volume.',
    },
    'create.storpool-volume': {
      claim: 'StorPool lists the volume under <prefix>--volume-<id>',
      guide: { section, line: 'storpool volume list | fgrep -e `cinder show vol1 | awk …`' },
      remedy: 'Check volume_driver in the back end section of cinder.conf and SP_OPENSTACK_VOLUME_PREFIX in storpool.conf.',
    },
    'create.size': {
      claim: 'Cinder, StorPool and the device tell the same size',
      guide: { section, line: 'cinder list' },
      remedy: 'Compare `cinder show` with `storpool volume NAME info`: the layer that differs from the request is the wrong one.',
    },
    'create.template': {
      claim: 'The volume has the configured template, with its replication and placement',
      guide: { section, line: 'storpool_template=hybrid' },
      remedy:
        'Compare storpool_template in cinder.conf (or the volume type) with `storpool template list`, and with what was promised.',
    },
    'create.reads-zero': {
      claim: 'Every byte of a new volume is zero',
      guide: { section, line: 'cinder create --display-name vol1 1' },
      remedy: 'Stop using the cluster: data of other volumes may be readable. Report it to StorPool with the offset.',
    },
  },
});
