import { runbook } from '../../fixtures/scenario/runbook.ts';
import { IMAGE, putImage, SERVER, SNAPSHOT } from '../vocabulary/steps.ts';

const boot = 'Create a Nova instance off a Cinder volume';
const line = '"Launch Instance >> Instance Boot Source >> Boot from volume snapshot (creates a new volume)"';
const EXTENDED = { kind: 'volume', gib: 2 } as const;

export const horizonRunbook = runbook({
  id: 'horizon',
  chapter: 7,
  title: 'An operator does in Horizon what the guide does by commands, and launches a server from a volume snapshot',
  makes: { image: IMAGE, volume: EXTENDED, snapshot: SNAPSHOT, copy: EXTENDED, server: SERVER, root: EXTENDED },
  lasts: 20,
  needs: 'horizon',
  steps: {
    'sign-in': { title: 'Sign in to Horizon with a browser' },
    image: putImage('Put a bootable image into Glance'),
    volume: { title: 'Project >> Volumes >> Create Volume, with the image as its source' },
    extend: { title: 'Volumes >> Extend Volume, by 1 GiB' },
    snapshot: { title: 'Volumes >> Create Snapshot' },
    copy: { title: 'Snapshots >> Create Volume' },
    launch: { title: 'Instances >> Launch Instance >> Source >> Volume Snapshot, and its flavor' },
    wait: { title: 'Wait until it is active', look: (book, { server }) => book.showServer({ server }) },
    look: { title: 'Look at the lists in Horizon' },
    console: { title: 'Instances >> Log' },
    delete: { title: 'Instances >> Delete Instance' },
  },
  checks: {
    'horizon.sign-in': {
      claim: 'Horizon signs the operator in to the project that the run works in',
      guide: { section: boot, line },
      remedy: "Compare OPENSTACK_KEYSTONE_URL and the default domain of Horizon's settings with the cloud's.",
    },
    'horizon.volume': {
      claim: 'A volume that is created in Horizon is there in Cinder and on StorPool as it was asked for, and Horizon lists it',
      guide: { section: 'Set up the Cinder volume backend', line: 'cinder create --display-name vol1 1' },
      remedy: "Look into Horizon's log for what Cinder answered.",
    },
    'horizon.extend': {
      claim: 'After Extend Volume it has the new size in Cinder and on StorPool',
      guide: { section: 'Set up the Cinder volume backend', line: 'cinder extend vol1 2' },
      remedy: "Look into Horizon's log for what Cinder answered.",
    },
    'horizon.snapshot': {
      claim: 'A snapshot that is taken in Horizon becomes available, and Horizon lists it',
      guide: {
        section: 'Verify the operation of volume snapshots',
        line: 'cinder snapshot-create --display-name centos-7-20150323 centos-7-base',
      },
      remedy: "Look into Horizon's log for what Cinder answered.",
    },
    'horizon.from-snapshot': {
      claim: 'A volume that is created from it in Horizon is its child on StorPool',
      guide: { section: 'Verify the operation of volume snapshots', line: 'cinder create --snapshot-id … 8' },
      remedy: 'Compare snapshot_id of the volume in Cinder with its parentName on StorPool.',
    },
    'horizon.launch': {
      claim: 'The wizard offers the snapshot; a server launched from it becomes active, with the flavor that was chosen',
      guide: { section: boot, line },
      remedy: "Compare what the wizard shows with the request in Nova's log, then read the server's fault.",
    },
    'horizon.root-volume': {
      claim: 'Its root disk is a new volume whose parent on StorPool is the snapshot',
      guide: { section: boot, line },
      remedy: 'Compare snapshot_id of the root volume in Cinder with its parentName on StorPool.',
    },
    'horizon.console': {
      claim: "Its log in Horizon shows the nonce that stands in the volume's own bytes",
      guide: { section: boot, line },
      remedy: 'Compare it with `openstack console log show`: the same there means another disk, another there means Horizon.',
    },
    'horizon.delete': {
      claim:
        'After Delete Instance the server is gone from Nova and from Horizon, its ports from Neutron, and its root volume is kept and free',
      guide: { section: boot, line },
      remedy: 'Look in nova-compute.log for a failed detach, or a port that could not be deleted.',
    },
  },
});
