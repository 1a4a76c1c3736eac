import { runbook } from '../../fixtures/scenario/runbook.ts';

const section = 'Set up the Cinder volume backend';

export const cinderDeploymentRunbook = runbook({
  id: 'cinder-deployment',
  chapter: 2,
  title: 'StorPool’s Cinder driver is installed, configured and loaded',
  makes: {},
  steps: {
    look: { title: 'Look at the driver, the configuration and the processes of the controller' },
    ask: { title: 'Ask Cinder for its services, pools and volume types' },
  },
  checks: {
    'cinder.driver-file': {
      claim:
        'storpool.py of this release lies where cinder-volume’s interpreter imports Cinder’s drivers from, may be read, and is the same on all controllers',
      guide: {
        section,
        line: 'install -c -o root -g root -m 644 drivers/cinder/juno/storpool.py /usr/lib/python2.7/dist-packages/cinder/volume/drivers/',
      },
      remedy: 'Install the storpool.py of your release into Cinder’s drivers directory, then restart cinder-volume.',
    },
    'cinder.conf': {
      claim:
        'cinder.conf may be read, has StorPool’s back end, enables it, names a template that exists, and holds nothing that contradicts it or the other controllers',
      guide: { section, line: 'enabled_backends=storpool' },
      remedy: 'Correct the lines that are named, then restart cinder-volume.',
    },
    'cinder.driver-loaded': {
      claim: 'cinder-volume was started after its driver and its configuration had been changed last',
      guide: { section, line: 'service cinder-volume restart' },
      remedy: 'On the controller: service cinder-volume restart',
    },
    'cinder.service': {
      claim: 'Cinder sees the StorPool back end’s service as enabled and up, and no service beside it stands still',
      guide: { section, line: 'service cinder-volume restart' },
      remedy: 'On the controller: service cinder-volume restart; then read cinder-volume.log',
    },
    'cinder.pools': {
      claim: 'The capacity that Cinder reports for StorPool agrees with StorPool’s drives, and is no old one',
      guide: { section, line: 'service cinder-scheduler restart' },
      remedy: 'Check storpool_replication, then restart cinder-volume: cinder get-pools --detail',
    },
    'cinder.volume-types': {
      claim: 'Volume types name StorPool templates that exist, and those meant for StorPool lead to it',
      guide: { section, line: 'storpool_template=hybrid' },
      remedy: 'openstack volume type set --property storpool_template=NAME TYPE',
    },
  },
});
