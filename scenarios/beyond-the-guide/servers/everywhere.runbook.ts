import { runbook } from '../../../fixtures/scenario/runbook.ts';
import { ATTACHMENT, createFromImage, IMAGE, putImage, SERVER, SNAPSHOT, takeSnapshot, VOLUME } from '../../vocabulary/steps.ts';

/** Hypervisors that are tried at the same time: as many servers as a project of Nova's and Cinder's default quotas has room for beside the base. */
export const AT_ONCE = 4;

const section = 'Set up the Nova volume attachment driver';
const line = '… installed on all the hypervisor nodes …';
const each = { each: 'hypervisor', atOnce: AT_ONCE } as const;

export const everywhereRunbook = runbook({
  id: 'everywhere',
  chapter: 8,
  title:
    'On each hypervisor a server runs from a StorPool volume, takes a second one, and reads and writes what the other hosts do',
  isOnRequest: true,
  caution: `boots a server on each hypervisor that takes one, ${AT_ONCE} at a time: time and requests grow with their number`,
  makes: {
    image: IMAGE,
    base: VOLUME,
    snapshot: SNAPSHOT,
    ring: VOLUME,
    root: { ...VOLUME, ...each },
    server: { ...SERVER, ...each },
    volume: { ...VOLUME, ...each },
    write: { ...ATTACHMENT, ...each },
    read: { ...ATTACHMENT, ...each },
    hand: ATTACHMENT,
  },
  steps: {
    hosts: { title: 'Find the hypervisors that take servers' },
    image: putImage('Put a bootable image into Glance'),
    base: createFromImage('Create a volume from it', 'base'),
    snapshot: takeSnapshot('base'),
    visit: {
      title:
        'On each hypervisor boot a server from a volume of the snapshot, attach a second volume to it, delete it, and read here what its guest wrote there',
    },
    ring: { title: 'Attach a volume by hand on one host after the other: each reads what the one before wrote' },
  },
  checks: {
    'everywhere.boots': {
      claim:
        'On each hypervisor that takes servers one becomes active from a volume of the snapshot, which Nova, Cinder, StorPool and the hosts agree is attached there alone, and its console shows the nonce of that volume',
      guide: { section, line },
      remedy: 'Compare the hypervisor that is named with one that is not: storpool_block, storpool.conf, nova-compute.log there.',
    },
    'everywhere.second-volume': {
      claim:
        'On each of them a second volume is attached to the running server, is that volume to its last byte, and is given back',
      guide: { section, line },
      remedy: 'Look into nova-compute.log of the hypervisor that is named, searching for the id of the volume.',
    },
    'everywhere.guest-writes': {
      claim: 'What each guest wrote on its hypervisor is on its root volume, read on another host once the server is deleted',
      guide: { section, line },
      remedy:
        'The hypervisor that is named has another disk, or another StorPool cluster: compare its storpool.conf with this host’s.',
    },
    'everywhere.by-hand': {
      claim: 'Each host that can be reached attaches a volume by hand, reads what the host before wrote there, and writes',
      guide: { section: 'Fill in a Cinder volume directly using `dd` or `qemu-img`', line: 'storpool attach volume … here' },
      remedy: 'Look at storpool_block and at the kernel log of the host that is named.',
    },
  },
});
