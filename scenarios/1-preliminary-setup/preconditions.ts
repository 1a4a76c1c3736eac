import type { Needs } from '../../fixtures/preflight/findings/obstacles.ts';

const apis = ['openstack.auth', 'openstack.catalogue', 'storpool.api'];
const backEnd = [...apis, 'openstack.services-up', 'cinder.driver-file', 'cinder.conf', 'cinder.service', 'storpool.space'];
const attaching = [...backEnd, 'host.beacon', 'host.block', 'host.storpool-conf', 'host.client-id'];
const hypervisor = ['host.block', 'nova.driver', 'nova.conf', 'nova.compute'];

/**
 * What must not have failed in the preflight for a chapter's scenarios to make sense. What only makes them fail in a way that
 * they explain themselves is left out: a wrong template, for one, is theirs to see. So is what only refuses the sign-off: a StorPool
 * server that is down, or a hypervisor that this machine cannot reach.
 */
export const PRECONDITIONS: Readonly<Record<number, Needs>> = {
  2: { everywhere: attaching, someHypervisor: [] },
  3: { everywhere: [...attaching, 'host.tools'], someHypervisor: [] },
  4: { everywhere: [...attaching, 'host.tools'], someHypervisor: [] },
  5: { everywhere: attaching, someHypervisor: [] },
  7: { everywhere: attaching, someHypervisor: hypervisor },
  8: { everywhere: attaching, someHypervisor: hypervisor },
};
