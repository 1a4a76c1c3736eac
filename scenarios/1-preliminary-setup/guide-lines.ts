/** A line of the guide that asks for something, and the checks that see whether it was done. */
export interface GuideLine {
  readonly line: string;
  readonly checks: readonly string[];
}

const packages = ['host.python-packages'];
const group = ['host.group'];
const file = ['cinder.driver-file'];
const nova = ['nova.driver'];

/** Every line of the guide's chapters 1, 2 (steps 1 to 4) and 6 that asks for something, by section, in its order. */
export const GUIDE_LINES: Readonly<Record<string, readonly GuideLine[]>> = {
  'Preliminary setup': [
    {
      line: 'Set up an OpenStack cluster.',
      checks: ['openstack.auth', 'openstack.catalogue', 'openstack.services-up', 'host.clock'],
    },
    {
      line: 'Set up a StorPool cluster.',
      checks: ['storpool.api', 'storpool.services', 'storpool.disks', 'storpool.redundancy', 'storpool.space'],
    },
    {
      line: 'Set up at least the StorPool client (the `storpool_beacon` and `storpool_block` services)',
      checks: ['host.beacon', 'host.block', 'host.client-id', 'host.storpool-api'],
    },
    { line: 'on the OpenStack controller node and on each of the hypervisor nodes', checks: ['host.reachable'] },
    { line: 'yum install python-pip', checks: packages },
    { line: 'apt-get install --no-install-recommends python-pip', checks: packages },
    { line: 'pip install storpool', checks: packages },
    { line: 'pip install storpool.spopenstack', checks: packages },
    { line: 'the `/var/lib/openstack-storpool` directory', checks: ['host.spool-directory'] },
    { line: 'groupadd --system spopenstack', checks: group },
    { line: "usermod cinder -G \"`id -Gn cinder | tr ' ' ','`,spopenstack\"", checks: group },
    { line: "usermod nova -G \"`id -Gn nova | tr ' ' ','`,spopenstack\"", checks: group },
    { line: 'install -d -o root -g spopenstack -m 775 /var/spool/openstack-storpool', checks: ['host.spool-directory'] },
    { line: "echo '{}' > /var/spool/openstack-storpool/openstack-attach.json", checks: ['host.attach-database'] },
    { line: 'chown root:spopenstack /var/spool/openstack-storpool/openstack-attach.json', checks: ['host.attach-database'] },
    { line: 'chmod 775 /var/spool/openstack-storpool/openstack-attach.json', checks: ['host.attach-database'] },
  ],
  'Set up the Cinder volume backend': [
    { line: 'find the directory where the Cinder volume drivers', checks: file },
    { line: "python -c 'import sys; import os.path; print filter(", checks: file },
    {
      line: 'install -c -o root -g root -m 644 drivers/cinder/juno/storpool.py /usr/lib/python2.7/dist-packages/cinder/volume/drivers/',
      checks: file,
    },
    { line: '[storpool]', checks: ['cinder.conf'] },
    { line: 'volume_driver=cinder.volume.drivers.storpool.StorPoolDriver', checks: ['cinder.conf'] },
    { line: 'storpool_template=hybrid', checks: ['cinder.conf', 'storpool.template', 'cinder.volume-types'] },
    { line: 'comment out any existing `enabled_backends` or `volume_backend`', checks: ['cinder.conf'] },
    { line: 'enabled_backends=storpool', checks: ['cinder.conf'] },
    { line: 'service cinder-volume restart', checks: ['cinder.driver-loaded', 'cinder.service'] },
    { line: 'service cinder-scheduler restart', checks: ['openstack.services-up', 'cinder.pools'] },
    { line: 'service cinder-api restart', checks: ['openstack.catalogue'] },
  ],
  'Fill in a Cinder volume directly using `dd` or `qemu-img`': [{ line: 'qemu-img convert -n -O raw', checks: ['host.tools'] }],
  'Set up the Nova volume attachment driver': [
    { line: 'have also been installed on all the hypervisor nodes', checks: ['host.python-packages', 'nova.same-everywhere'] },
    { line: 'the `/var/spool/openstack-storpool/` directory and', checks: ['host.spool-directory', 'host.attach-database'] },
    { line: 'Find the `nova/virt/libvirt/` Python modules directory', checks: nova },
    { line: "python -c 'import sys; import os.path; print filter(", checks: nova },
    { line: 'Identify the `driver.py` and `volume.py` files', checks: nova },
    { line: 'mkdir /tmp/sp-nova /tmp/sp-nova/orig /tmp/sp-nova/storpool', checks: nova },
    { line: 'cp /usr/lib/python2.7/dist-packages/nova/virt/libvirt/driver.py /tmp/sp-nova/orig/', checks: nova },
    { line: 'cp /usr/lib/python2.7/dist-packages/nova/virt/libvirt/volume.py /tmp/sp-nova/orig/', checks: nova },
    {
      line: 'tools/add-storpool-nova-driver -t drivers/nova/openstack/juno/latest/ /tmp/sp-nova/orig/ /tmp/sp-nova/storpool/',
      checks: nova,
    },
    {
      line: 'install -c -o root -g root -m 644 drivers/nova/.../driver.py /usr/lib/python2.7/dist-packages/nova/virt/libvirt/',
      checks: nova,
    },
    {
      line: 'install -c -o root -g root -m 644 drivers/nova/.../volume.py /usr/lib/python2.7/dist-packages/nova/virt/libvirt/',
      checks: nova,
    },
    {
      line: 'install -c -o root -g root -m 644 /tmp/sp-nova/storpool/driver.py /usr/lib/python2.7/dist-packages/nova/virt/libvirt/',
      checks: nova,
    },
    {
      line: 'install -c -o root -g root -m 644 /tmp/sp-nova/storpool/volume.py /usr/lib/python2.7/dist-packages/nova/virt/libvirt/',
      checks: nova,
    },
    { line: 'comment out any existing', checks: ['nova.conf'] },
    { line: 'volume_drivers=storpool=nova.virt.libvirt.volume.LibvirtStorPoolVolumeDriver', checks: ['nova.conf'] },
    { line: 'service nova-compute restart', checks: ['nova.compute'] },
    { line: 'service nova-api-metadata restart', checks: ['openstack.services-up'] },
  ],
};
