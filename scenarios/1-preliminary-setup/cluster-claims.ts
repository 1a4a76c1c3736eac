const section = 'Preliminary setup';
const openstack = { section, line: 'Set up an OpenStack cluster.' };
const storpool = { section, line: 'Set up a StorPool cluster.' };

/** What must hold of the two clusters as a whole. */
export const clusterClaims = {
  'openstack.auth': {
    claim: 'Keystone gives a token for the project',
    guide: openstack,
    remedy: 'Check the credentials: openstack token issue',
  },
  'openstack.catalogue': {
    claim: 'The catalogue leads to Keystone, Cinder, Glance and Nova',
    guide: openstack,
    remedy: 'Add what is missing: openstack endpoint list, openstack endpoint create',
  },
  'openstack.services-up': {
    claim: 'The schedulers and conductors of Cinder and Nova are up',
    guide: openstack,
    remedy: 'Restart what is down on the controller: openstack volume service list, openstack compute service list',
  },
  'storpool.api': {
    claim: 'The StorPool API answers with this token',
    guide: storpool,
    remedy: 'Check SP_API_HTTP_HOST, SP_API_HTTP_PORT and SP_AUTH_TOKEN: storpool_confshow SP_API_HTTP_HOST',
  },
  'storpool.services': {
    claim: 'One management service is active and all run; all servers run and find their drives; all storage nodes have joined',
    guide: storpool,
    remedy: 'Start what is down: storpool service list, storpool net list',
  },
  'storpool.disks': {
    claim: 'All drives are up',
    guide: storpool,
    remedy: 'Bring the drive back or replace it: storpool disk list',
  },
  'storpool.redundancy': {
    claim: 'No volume or snapshot is degraded, down or lost',
    guide: storpool,
    remedy: 'Wait until the recovery is done: storpool volume status, storpool task list',
  },
  'storpool.template': {
    claim: 'The configured template exists, with the promised replication and placement',
    guide: { section: 'Set up the Cinder volume backend', line: 'storpool_template=hybrid' },
    remedy: 'Correct the template: storpool template list',
  },
  'storpool.space': {
    claim: 'StorPool has space left for the configured template',
    guide: storpool,
    remedy: 'Add drives, or free space that its owners do not need: storpool template status',
  },
} as const;
