import { runbook } from '../../fixtures/scenario/runbook.ts';
import {
  ATTACHMENT,
  bootFromSnapshot,
  createFromImage,
  IMAGE,
  idOf,
  listVolumes,
  putImage,
  SERVER,
  SNAPSHOT,
  takeSnapshot,
  VOLUME,
} from '../vocabulary/steps.ts';

const section = 'Create a Nova instance off a Cinder volume';

export const bootRunbook = runbook({
  id: 'boot',
  chapter: 7,
  title: 'A server booted from a snapshot runs from a new StorPool volume that holds the bytes of the snapshot',
  makes: {
    image: IMAGE,
    volume: VOLUME,
    snapshot: SNAPSHOT,
    server: SERVER,
    root: VOLUME,
    read: ATTACHMENT,
    readSource: ATTACHMENT,
  },
  steps: {
    image: putImage('Put a bootable image into Glance'),
    volume: createFromImage('Create a volume from it', 'volume'),
    snapshot: takeSnapshot('volume'),
    boot: bootFromSnapshot('Boot a server from the snapshot', 'server'),
    wait: {
      title: 'Wait until it is active',
      look: (book, { server }) => book.showServer({ server }),
      shows: ({ server }) => server,
    },
    look: listVolumes('Look at its root volume in Nova, Cinder and StorPool'),
    console: { title: 'Read its console', look: (book, { server }) => book.consoleLog({ server }) },
    guest: { title: 'Read what its guest tells that it has written, and read all of its root volume on the hypervisor' },
    stop: {
      title: 'Stop it, and read its root volume again',
      command: (book, { server }) => book.stopServer({ server: idOf(server) }),
    },
    reboot: {
      title: 'Start it by a hard reboot, and read both again',
      command: (book, { server }) => book.hardReboot({ server: idOf(server) }),
    },
    delete: { title: 'Delete the server', command: (book, { server }) => book.deleteServer({ server: idOf(server) }) },
    after: listVolumes('Look for what is still attached'),
    read: { title: 'Read all of its root volume and of the volume that the snapshot was taken of' },
  },
  checks: {
    'boot.active': {
      claim: 'A server booted from a snapshot becomes active and is listed',
      guide: { section, line: 'nova boot --flavor m1.small --snapshot …' },
      remedy: "Read the server's fault, then nova-compute.log on its host, searching for the server id.",
    },
    'boot.root-volume': {
      claim: 'Its root disk is a new volume whose parent on StorPool is the snapshot, kept in as many copies as its source',
      guide: { section, line: 'Boot from volume snapshot (creates a new volume)' },
      remedy: 'Compare snapshot_id of the root volume in Cinder with its parentName on StorPool.',
    },
    'boot.attachment': {
      claim:
        'The root volume is attached once, read/write, to the hypervisor of the server; Nova, Cinder, StorPool and the hosts agree',
      guide: { section, line: 'nova boot --flavor m1.small --snapshot …' },
      remedy: 'A client that is no hypervisor (65 above all) means a wrong or missing SP_OURID section in storpool.conf.',
    },
    'boot.console': {
      claim: "The console shows the nonce that stands in the volume's own bytes",
      guide: { section, line: 'nova boot --flavor m1.small --snapshot …' },
      remedy: 'The server did not run from this disk: look at its console and at the disk of its libvirt domain.',
    },
    'boot.guest-writes': {
      claim:
        'What the guest writes is on its root volume: while it runs, after a stop and after a hard reboot, and nothing else has changed there',
      guide: { section, line: 'nova boot --flavor m1.small --snapshot …' },
      remedy:
        'The guest runs on something else than this volume, such as a copy or an overlay: look at the disk of its libvirt domain.',
    },
    'boot.delete': {
      claim:
        'After the delete the server is gone, its root volume is kept with all that its guest wrote, and neither a service nor a host has it attached',
      guide: { section, line: 'nova boot --flavor m1.small --snapshot …' },
      remedy: 'Look in nova-compute.log for a failed detach; detach on StorPool by hand only when nothing uses the volume.',
    },
  },
});
