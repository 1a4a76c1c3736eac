import { runbook } from '../../../fixtures/scenario/runbook.ts';
import {
  attachToServer,
  bootFromSnapshot,
  createFromImage,
  detachFromServer,
  IMAGE,
  listVolumes,
  putImage,
  SERVER,
  SNAPSHOT,
  takeSnapshot,
  VOLUME,
} from '../../vocabulary/steps.ts';

const section = 'Beyond the guide';

export const twoServersRunbook = runbook({
  id: 'two-servers',
  chapter: 8,
  title: 'Two servers boot from one snapshot at once, and a volume goes from one to the other but never to both',
  makes: {
    image: IMAGE,
    root: VOLUME,
    snapshot: SNAPSHOT,
    serverA: SERVER,
    serverB: SERVER,
    rootA: VOLUME,
    rootB: VOLUME,
    volume: VOLUME,
  },
  steps: {
    image: putImage('Put a bootable image into Glance'),
    root: createFromImage('Create a volume from it', 'root'),
    snapshot: takeSnapshot('root'),
    boot: bootFromSnapshot('Boot two servers from the snapshot at the same time (each with this command)', 'serverA'),
    roots: listVolumes('Look at their root volumes'),
    consoles: { title: 'Read their consoles', command: (book, { serverA }) => book.consoleLog({ server: serverA }) },
    guests: { title: 'Read what their guests tell that they have written, and read their root volumes on the hypervisors' },
    attach: attachToServer('Attach another volume to the first server', 'serverA'),
    again: attachToServer('Try to attach it to the second server too', 'serverB'),
    detach: detachFromServer('Detach it from the first server', 'serverA'),
    move: attachToServer('Attach it to the second server', 'serverB'),
  },
  checks: {
    'two-servers.active': {
      claim: 'Two servers booted from one snapshot at the same time both become active',
      guide: { section, line: 'left open: several servers from one snapshot at the same time' },
      remedy: "Read the servers' faults; then cinder-volume.log for two volumes made from one snapshot at once.",
    },
    'two-servers.roots': {
      claim: 'Each has a new root volume of its own whose parent on StorPool is the snapshot, attached once',
      guide: { section, line: 'left open: several servers from one snapshot at the same time' },
      remedy: 'Compare snapshot_id of both root volumes in Cinder with their parentName on StorPool.',
    },
    'two-servers.consoles': {
      claim: "Both consoles show the nonce that stands in the snapshot's bytes",
      guide: { section, line: 'left open: several servers from one snapshot at the same time' },
      remedy: 'The server did not run from its disk: look at its console and at the disk of its libvirt domain.',
    },
    'two-servers.guests': {
      claim: 'The two guests tell different things, and what each has written is on its own root volume and on no other',
      guide: { section, line: 'left open: several servers from one snapshot at the same time' },
      remedy: 'Two servers on one disk destroy it: stop both, and compare the disks of their libvirt domains.',
    },
    'failed-attach.refused': {
      claim: 'A volume that one server has is refused to another, at once and clearly',
      guide: { section, line: 'left open: an attach that fails' },
      remedy: 'Two writers destroy a file system: check that no volume type is multiattach by mistake.',
    },
    'failed-attach.clean': {
      claim: 'The refusal leaves nothing behind: exactly the first attachment, in every layer',
      guide: { section, line: 'left open: an attach that fails' },
      remedy:
        'See whose attachment it is (cinder --os-volume-api-version 3.27 attachment-list); end it only when no server has the disk.',
    },
    'failed-attach.then-good': {
      claim: 'Detached from the first server it attaches to the second, exactly once',
      guide: { section, line: 'left open: an attach that fails' },
      remedy: 'Look into nova-compute.log of both hypervisors, searching for the volume id.',
    },
  },
});
