/** A line of the guide that asks for something, and the checks that see whether it was done. */
export interface GuideLine {
  /** Its number in the guide, or the first and the last of a sentence. */
  readonly at: number | readonly [number, number];
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
      at: 15,
      line: 'Set up an OpenStack cluster.',
      checks: ['openstack.auth', 'openstack.catalogue', 'openstack.services-up', 'host.clock'],
    },
    {
      at: 17,
      line: 'Set up a StorPool cluster.',
      checks: ['storpool.api', 'storpool.services', 'storpool.disks', 'storpool.redundancy', 'storpool.space'],
    },
    {
      at: [19, 20],
      line: 'Set up at least the StorPool client (the `storpool_beacon` and `storpool_block` services)',
      checks: ['host.beacon', 'host.block', 'host.storpool-conf', 'host.client-id', 'host.storpool-api'],
    },
    {
      at: [20, 21],
      line: 'on the OpenStack controller node and on each of the hypervisor nodes',
      checks: ['host.reachable', 'host.containers'],
    },
    { at: [23, 25], line: 'On the controller and all the hypervisor nodes, install the', checks: packages },
    { at: 28, line: 'yum install python-pip', checks: packages },
    { at: 30, line: 'apt-get install --no-install-recommends python-pip', checks: packages },
    { at: 32, line: 'pip install storpool', checks: packages },
    { at: 33, line: 'pip install storpool.spopenstack', checks: packages },
    { at: [35, 37], line: 'the `/var/lib/openstack-storpool` directory', checks: ['host.spool-directory'] },
    { at: 39, line: 'groupadd --system spopenstack', checks: group },
    { at: 45, line: "usermod cinder -G \"`id -Gn cinder | tr ' ' ','`,spopenstack\"", checks: group },
    { at: 46, line: "usermod nova -G \"`id -Gn nova | tr ' ' ','`,spopenstack\"", checks: group },
    { at: 48, line: 'install -d -o root -g spopenstack -m 775 /var/spool/openstack-storpool', checks: ['host.spool-directory'] },
    { at: 49, line: "echo '{}' > /var/spool/openstack-storpool/openstack-attach.json", checks: ['host.attach-database'] },
    {
      at: 50,
      line: 'chown root:spopenstack /var/spool/openstack-storpool/openstack-attach.json',
      checks: ['host.attach-database'],
    },
    { at: 51, line: 'chmod 775 /var/spool/openstack-storpool/openstack-attach.json', checks: ['host.attach-database'] },
  ],
  'Set up the Cinder volume backend': [
    { at: [56, 60], line: 'find the directory where the Cinder volume drivers', checks: file },
    { at: 65, line: "python -c 'import sys; import os.path; print filter(", checks: file },
    { at: [67, 68], line: 'Place the StorPool Cinder volume driver', checks: file },
    {
      at: 70,
      line: 'install -c -o root -g root -m 644 drivers/cinder/juno/storpool.py /usr/lib/python2.7/dist-packages/cinder/volume/drivers/',
      checks: file,
    },
    { at: [72, 73], line: 'Configure Cinder to use the StorPool volume backend', checks: ['cinder.conf'] },
    { at: 75, line: '[storpool]', checks: ['cinder.conf'] },
    { at: 76, line: 'volume_driver=cinder.volume.drivers.storpool.StorPoolDriver', checks: ['cinder.conf'] },
    { at: 77, line: 'storpool_template=hybrid', checks: ['cinder.conf', 'storpool.template', 'cinder.volume-types'] },
    { at: [79, 80], line: 'comment out any existing `enabled_backends` or `volume_backend`', checks: ['cinder.conf'] },
    { at: 82, line: 'enabled_backends=storpool', checks: ['cinder.conf'] },
    { at: 84, line: 'Restart the Cinder services', checks: ['cinder.driver-loaded', 'cinder.service'] },
    { at: 86, line: 'service cinder-volume restart', checks: ['cinder.driver-loaded', 'cinder.service'] },
    { at: 87, line: 'service cinder-scheduler restart', checks: ['openstack.services-up', 'cinder.pools'] },
    { at: 88, line: 'service cinder-api restart', checks: ['openstack.catalogue'] },
  ],
  'Fill in a Cinder volume directly using `dd` or `qemu-img`': [
    { at: 169, line: 'qemu-img convert -n -O raw', checks: ['host.tools'] },
  ],
  'Set up the Nova volume attachment driver': [
    {
      at: [227, 229],
      line: 'have also been installed on all the hypervisor nodes',
      checks: ['host.python-packages', 'nova.same-everywhere'],
    },
    {
      at: [230, 233],
      line: 'the `/var/spool/openstack-storpool/` directory and',
      checks: ['host.spool-directory', 'host.attach-database'],
    },
    { at: [235, 236], line: 'Find the `nova/virt/libvirt/` Python modules directory', checks: nova },
    { at: 241, line: "python -c 'import sys; import os.path; print filter(", checks: nova },
    { at: [243, 262], line: 'Identify the `driver.py` and `volume.py` files', checks: nova },
    { at: 265, line: 'mkdir /tmp/sp-nova /tmp/sp-nova/orig /tmp/sp-nova/storpool', checks: nova },
    { at: 270, line: 'cp /usr/lib/python2.7/dist-packages/nova/virt/libvirt/driver.py /tmp/sp-nova/orig/', checks: nova },
    { at: 271, line: 'cp /usr/lib/python2.7/dist-packages/nova/virt/libvirt/volume.py /tmp/sp-nova/orig/', checks: nova },
    {
      at: 274,
      line: 'tools/add-storpool-nova-driver -t drivers/nova/openstack/juno/latest/ /tmp/sp-nova/orig/ /tmp/sp-nova/storpool/',
      checks: nova,
    },
    { at: [276, 277], line: 'After performing these steps', checks: nova },
    { at: [279, 280], line: 'Overwrite the `driver.py` and `volume.py` files', checks: nova },
    {
      at: 282,
      line: 'install -c -o root -g root -m 644 drivers/nova/.../driver.py /usr/lib/python2.7/dist-packages/nova/virt/libvirt/',
      checks: nova,
    },
    {
      at: 283,
      line: 'install -c -o root -g root -m 644 drivers/nova/.../volume.py /usr/lib/python2.7/dist-packages/nova/virt/libvirt/',
      checks: nova,
    },
    { at: [285, 286], line: 'If you needed to modify the files', checks: nova },
    {
      at: 288,
      line: 'install -c -o root -g root -m 644 /tmp/sp-nova/storpool/driver.py /usr/lib/python2.7/dist-packages/nova/virt/libvirt/',
      checks: nova,
    },
    {
      at: 289,
      line: 'install -c -o root -g root -m 644 /tmp/sp-nova/storpool/volume.py /usr/lib/python2.7/dist-packages/nova/virt/libvirt/',
      checks: nova,
    },
    { at: [291, 292], line: 'comment out any existing', checks: ['nova.conf'] },
    { at: 294, line: 'volume_drivers=storpool=nova.virt.libvirt.volume.LibvirtStorPoolVolumeDriver', checks: ['nova.conf'] },
    { at: 296, line: 'Restart the Nova compute and metadata-api services', checks: ['nova.compute'] },
    { at: 298, line: 'service nova-compute restart', checks: ['nova.compute', 'nova.libvirt'] },
    { at: 299, line: 'service nova-api-metadata restart', checks: ['openstack.services-up'] },
  ],
};

/** The guide's lines from the heading of a chapter to the last that belongs to setting up. */
export const SETTING_UP: readonly (readonly [number, number])[] = [
  [12, 51],
  [53, 88],
  [224, 299],
];

/** Those of them that ask for nothing: headings, empty lines, and comments on the command that follows. */
export const ASKS_NOTHING: ReadonlySet<number> = new Set([
  ...[12, 13, 14, 16, 18, 22, 26, 27, 29, 31, 34, 38, 40, 41, 42, 43, 44, 47],
  ...[53, 54, 55, 61, 62, 63, 64, 66, 69, 71, 74, 78, 81, 83, 85],
  ...[224, 225, 226, 234, 237, 238, 239, 240, 242, 263, 264, 266, 267, 268, 269, 272, 273, 275, 278, 281, 284, 287, 290, 293],
  ...[295, 297],
]);
