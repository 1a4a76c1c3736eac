import { type PlanPromises, runbook } from '../../fixtures/runbook.ts';
import type { CommandBook } from '../../helpers/commands.ts';

const section = 'Beyond the guide';
const volume = { kind: 'volume', gib: 1 } as const;
const attachment = { kind: 'attachment' } as const;
const server = { kind: 'server' } as const;

const putImage = (book: CommandBook, { image }: { image: string }) => book.uploadImage({ name: image, file: 'canary.qcow2' });

const makeRoot = (book: CommandBook, { root, image }: { root: string; image: string }, { volumeType }: PlanPromises) =>
  book.createVolume({ name: root, gib: 1, imageId: `<id of ${image}>`, ...(volumeType && { volumeType }) });

const bootRoot = (
  book: CommandBook,
  { root, server: name }: { root: string; server: string },
  { flavor = '<flavor>', nic }: PlanPromises,
) => book.bootFromVolume({ name, volume: `<id of ${root}>`, flavor, nic });

const PUT_IMAGE = 'Put a bootable image into Glance';
const MAKE_ROOT = 'Create a volume from it';
const BOOT_ROOT = 'Boot a server from that volume';

export const secondVolume = runbook({
  id: 'second-volume',
  chapter: 8,
  title: 'A running server gets a second volume, which grows under it, cannot be deleted under it, and comes back whole',
  makes: {
    image: { kind: 'image' },
    root: volume,
    server,
    volume: { kind: 'volume', gib: 2 },
    write: attachment,
    read: attachment,
  },
  steps: {
    image: { title: PUT_IMAGE, command: (book, names) => putImage(book, names) },
    root: { title: MAKE_ROOT, command: (book, names, promises) => makeRoot(book, names, promises) },
    boot: { title: BOOT_ROOT, command: (book, names, promises) => bootRoot(book, names, promises) },
    prepare: { title: 'Create a second volume and stamp it' },
    attach: {
      title: 'Attach it to the running server',
      command: (book, names) => book.attachToServer({ server: names.server, volume: `<id of ${names.volume}>` }),
    },
    look: { title: 'Look at it in Nova, Cinder and StorPool', look: (book) => book.listVolumes() },
    extend: {
      title: 'Extend it to 2 GiB while the server uses it',
      command: (book, names) => book.extendInUse({ volume: names.volume, gib: 2 }),
    },
    measure: { title: 'Measure it in Cinder, on StorPool, on the hypervisor and in the guest' },
    delete: { title: 'Try to delete it', command: (book, names) => book.deleteVolume({ volume: names.volume }) },
    detach: {
      title: 'Detach it from the running server',
      command: (book, names) => book.detachFromServer({ server: names.server, volume: `<id of ${names.volume}>` }),
    },
    read: { title: 'Read it' },
  },
  checks: {
    'second-volume.attached': {
      claim:
        'The volume is attached once, read/write, on the client of the hypervisor; Nova, Cinder, StorPool and the hosts agree',
      guide: { section, line: 'left open: a volume attached to a running server' },
      remedy: 'Look into nova-compute.log on the hypervisor, searching for the volume id.',
    },
    'extend-attached.layers': {
      claim: 'An extended volume in use stays in use, and Cinder, StorPool and the device on the hypervisor tell its new size',
      guide: { section, line: 'left open: a volume extended while it is attached (Cinder API 3.42)' },
      remedy: 'A device of the old size: look into storpool_block on the hypervisor, and for extend_volume in nova-compute.log.',
    },
    'extend-attached.guest': {
      claim: "Nova has told the guest, and libvirt's disk has the new size",
      guide: { section, line: 'left open: a volume extended while it is attached (Cinder API 3.42)' },
      remedy: 'Cinder must be able to call Nova: [nova] in cinder.conf; then look for volume-extended in nova-api.log.',
    },
    'delete-attached.refused': {
      claim: 'Cinder refuses to delete it while it is attached, and touches nothing',
      guide: { section, line: 'left open: a volume deleted while it is attached' },
      remedy: "A server's disk can vanish under it: check who may force deletes, and the driver's delete_volume.",
    },
    'second-volume.detached': {
      claim: 'Detached from the running server it is attached nowhere in Nova, Cinder and StorPool, and no host has its device',
      guide: { section, line: 'left open: a volume detached from a running server' },
      remedy: 'Look into nova-compute.log for a failed detach; the guest must release the disk, which needs ACPI.',
    },
    'delete-attached.data': {
      claim: 'After all that it holds its bytes',
      guide: { section, line: 'left open: a volume deleted while it is attached' },
      remedy: 'Report the offsets to StorPool, with what was done to the volume.',
    },
  },
});

export const twoServers = runbook({
  id: 'two-servers',
  chapter: 8,
  title: 'Two servers boot from one snapshot at once, and a volume goes from one to the other but never to both',
  makes: {
    image: { kind: 'image' },
    root: volume,
    snapshot: { kind: 'snapshot' },
    serverA: server,
    serverB: server,
    rootA: volume,
    rootB: volume,
    volume,
  },
  steps: {
    image: { title: PUT_IMAGE, command: (book, names) => putImage(book, names) },
    root: { title: MAKE_ROOT, command: (book, names, promises) => makeRoot(book, names, promises) },
    snapshot: {
      title: 'Take a snapshot',
      command: (book, { snapshot, root }) => book.createSnapshot({ name: snapshot, volume: root }),
    },
    boot: {
      title: 'Boot two servers from the snapshot at the same time (each with this command)',
      command: (book, { serverA, snapshot }, { flavor = '<flavor>', nic }) =>
        book.bootFromSnapshot({ name: serverA, snapshotId: `<id of ${snapshot}>`, flavor, nic }),
    },
    roots: { title: 'Look at their root volumes', look: (book) => book.listVolumes() },
    consoles: { title: 'Read their consoles', command: (book, { serverA }) => book.consoleLog({ server: serverA }) },
    attach: {
      title: 'Attach another volume to the first server',
      command: (book, { serverA, volume: other }) => book.attachToServer({ server: serverA, volume: `<id of ${other}>` }),
    },
    again: {
      title: 'Try to attach it to the second server too',
      command: (book, { serverB, volume: other }) => book.attachToServer({ server: serverB, volume: `<id of ${other}>` }),
    },
    detach: {
      title: 'Detach it from the first server',
      command: (book, { serverA, volume: other }) => book.detachFromServer({ server: serverA, volume: `<id of ${other}>` }),
    },
    move: {
      title: 'Attach it to the second server',
      command: (book, { serverB, volume: other }) => book.attachToServer({ server: serverB, volume: `<id of ${other}>` }),
    },
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

export const migration = runbook({
  id: 'migration',
  chapter: 8,
  title: 'A running server moves to another hypervisor and takes its volume along',
  makes: { image: { kind: 'image' }, root: volume, server },
  steps: {
    image: { title: PUT_IMAGE, command: (book, names) => putImage(book, names) },
    root: { title: MAKE_ROOT, command: (book, names, promises) => makeRoot(book, names, promises) },
    boot: { title: BOOT_ROOT, command: (book, names, promises) => bootRoot(book, names, promises) },
    hosts: { title: 'Find a hypervisor to move to' },
    migrate: {
      title: 'Move the server there while it runs',
      command: (book, names) => book.liveMigrate({ server: names.server, host: '<hypervisor>' }),
    },
    wait: { title: 'Wait until it is there', command: (book, names) => book.showServer({ server: names.server }) },
    look: { title: 'Look at the attachments of its volume' },
  },
  checks: {
    'migration.moved': {
      claim: 'The server is active on the other hypervisor',
      guide: { section, line: 'left open: a server that moves' },
      remedy: 'Look into nova-compute.log of both hypervisors, searching for the server id: libvirt must reach the other host.',
    },
    'migration.attachment': {
      claim: 'Its volume is attached once, on the client of the new hypervisor and no longer on the old one',
      guide: { section, line: 'left open: a server that moves' },
      remedy:
        'Two writers destroy a file system: detach it from the old client only when the server certainly runs on the new one.',
    },
  },
});
