import { runbook } from '../../fixtures/scenario/runbook.ts';

const section = 'Set up the Nova volume attachment driver';

export const novaDeploymentRunbook = runbook({
  id: 'nova-deployment',
  chapter: 6,
  title: 'Every hypervisor can attach StorPool volumes, and all do it alike',
  makes: {},
  steps: {
    look: { title: 'Look at Nova’s libvirt driver, its configuration and its process on every hypervisor' },
    ask: { title: 'Ask Nova for its compute services' },
  },
  checks: {
    'nova.driver': {
      claim:
        'Nova’s libvirt driver knows StorPool’s volume driver, in its tree or patched in, and os-brick has what it needs; nova-compute may read both',
      guide: {
        section,
        line: 'install -c -o root -g root -m 644 drivers/nova/.../volume.py /usr/lib/python2.7/dist-packages/nova/virt/libvirt/',
      },
      remedy: 'Install driver.py and volume.py of the integration suite (or Nova’s package again), then restart nova-compute.',
    },
    'nova.conf': {
      claim: 'nova.conf enables StorPool’s volume driver where the release reads it, and drops no other driver',
      guide: { section, line: 'volume_drivers=storpool=nova.virt.libvirt.volume.LibvirtStorPoolVolumeDriver' },
      remedy: 'Correct volume_drivers in [libvirt] of nova.conf, then restart nova-compute.',
    },
    'nova.compute': {
      claim:
        'nova-compute is up, enabled, told among the hypervisors, finds Cinder in the catalogue, and was started after its driver and configuration had been changed last',
      guide: { section, line: 'service nova-compute restart' },
      remedy: 'On that host: service nova-compute restart; openstack compute service set --enable HOST nova-compute',
    },
    'nova.libvirt': {
      claim:
        'nova-compute can read nova.conf to its end; guests are virtualised where the machine can, and no host keeps to itself what they write',
      guide: { section, line: 'service nova-compute restart' },
      remedy:
        'In [libvirt] of nova.conf on that host: virt_type = kvm, no writeback for block devices; then service nova-compute restart',
    },
    'nova.same-everywhere': {
      claim: 'Hypervisors do not differ in Nova, os-brick, drivers and what matters of their configuration',
      guide: { section, line: 'have also been installed on all the hypervisor nodes' },
      remedy: 'Bring the host that differs to the state of the others.',
    },
  },
});
