const section = 'Preliminary setup';
const client = { section, line: 'Set up at least the StorPool client (the `storpool_beacon` and `storpool_block` services)' };

/** What must hold of the controller and of each hypervisor. */
export const hostClaims = {
  'host.reachable': {
    claim: 'Every host of the deployment can be looked at',
    guide: { section, line: 'on the OpenStack controller node and on each of the hypervisor nodes' },
    remedy: 'Make `ssh HOST true` work without a question for the user that runs the suite.',
  },
  'host.beacon': {
    claim: 'storpool_beacon runs, and the host has joined the cluster',
    guide: client,
    remedy: 'On that host: service storpool_beacon start; then storpool net list',
  },
  'host.block': {
    claim: 'storpool_block runs, and StorPool sees it as a client with the newest configuration',
    guide: client,
    remedy: 'On that host: service storpool_block start; then storpool client status',
  },
  'host.storpool-conf': {
    claim:
      'storpool.conf is there, and os-brick and StorPool’s own programs read it without an error and alike, with the prefix and the cluster of all other hosts; that of a container says the same',
    guide: client,
    remedy: 'On that host correct /etc/storpool.conf and /etc/storpool.conf.d; then storpool_confshow SP_OURID',
  },
  'host.client-id': {
    claim: 'SP_OURID is set, is no other host’s, and is what StorPool and Cinder’s configuration say',
    guide: client,
    remedy: 'Set SP_OURID in the host’s section of storpool.conf, there and on the controller.',
  },
  'host.storpool-api': {
    claim: 'The StorPool API of this cluster can be reached from the host with the host’s own token',
    guide: client,
    remedy: 'Correct SP_API_HTTP_HOST, SP_API_HTTP_PORT or SP_AUTH_TOKEN in that host’s storpool.conf.',
  },
  'host.clock': {
    claim: 'The host’s clock is right',
    guide: { section, line: 'Set up an OpenStack cluster.' },
    remedy: 'On that host: systemctl restart chronyd',
  },
  'host.tools': {
    claim: 'qemu-img is installed where volumes are filled',
    guide: {
      section: 'Fill in a Cinder volume directly using `dd` or `qemu-img`',
      line: 'qemu-img convert -n -O raw … /dev/storpool/os--volume-…',
    },
    remedy: 'On that host: apt-get install qemu-utils, or: yum install qemu-img',
  },
  'host.python-packages': {
    claim: 'The services’ own interpreter can import storpool and storpool.spopenstack, where the release needs them',
    guide: { section, line: 'pip install storpool.spopenstack' },
    remedy: 'On that host, with the pip of the service’s Python: pip install storpool storpool.spopenstack',
  },
  'host.containers': {
    claim: 'Services that run in containers see the host’s own devices, and its attach database where the release needs it',
    guide: { section, line: 'on the OpenStack controller node and on each of the hypervisor nodes' },
    remedy: 'Mount /dev and, before 2025.1, /var/spool/openstack-storpool of the host into the containers of its services.',
  },
  'host.group': {
    claim: 'The services’ accounts, and the running processes, are in the group spopenstack and in all their other groups',
    guide: { section, line: "usermod nova -G \"`id -Gn nova | tr ' ' ','`,spopenstack\"" },
    remedy: 'On that host: usermod -a -G spopenstack ACCOUNT; then restart the service',
  },
  'host.spool-directory': {
    claim: '/var/spool/openstack-storpool belongs to root:spopenstack, and the services can write into it',
    guide: { section, line: 'install -d -o root -g spopenstack -m 775 /var/spool/openstack-storpool' },
    remedy: 'On that host: install -d -o root -g spopenstack -m 770 /var/spool/openstack-storpool',
  },
  'host.attach-database': {
    claim:
      'openstack-attach.json is a JSON object that the services can write, unlocked, without entries for what is not attached',
    guide: { section, line: "echo '{}' > /var/spool/openstack-storpool/openstack-attach.json" },
    remedy: 'On that host correct owner, mode or content of /var/spool/openstack-storpool/openstack-attach.json.',
  },
} as const;
