import { runbook } from '../../../fixtures/scenario/runbook.ts';
import {
  ATTACHMENT,
  attachToServer,
  bootFromVolume,
  createFromImage,
  deleteVolume,
  detachFromServer,
  IMAGE,
  idOf,
  listVolumes,
  putImage,
  SERVER,
  VOLUME,
} from '../../vocabulary/steps.ts';

const section = 'Beyond the guide';

export const secondVolumeRunbook = runbook({
  id: 'second-volume',
  chapter: 8,
  title: 'A running server gets a second volume, which grows under it, cannot be deleted under it, and comes back whole',
  makes: {
    image: IMAGE,
    root: VOLUME,
    server: SERVER,
    volume: { kind: 'volume', gib: 2 },
    write: ATTACHMENT,
    read: ATTACHMENT,
  },
  steps: {
    image: putImage('Put a bootable image into Glance'),
    root: createFromImage('Create a volume from it', 'root'),
    boot: bootFromVolume('Boot a server from that volume'),
    prepare: { title: 'Create a second volume and stamp it' },
    attach: attachToServer('Attach it to the running server', 'server'),
    look: listVolumes('Look at it in Nova, Cinder and StorPool'),
    extend: {
      title: 'Extend it to 2 GiB while the server uses it',
      command: (book, names) => book.extendInUse({ volume: idOf(names.volume), gib: 2 }),
    },
    measure: { title: 'Measure it in Cinder, on StorPool, on the hypervisor and in the guest' },
    delete: deleteVolume('Try to delete it'),
    reboot: {
      title: 'Read all of it on the hypervisor, and let the guest tell by a hard reboot whose its second disk is',
      command: (book, { server }) => book.hardReboot({ server: idOf(server) }),
    },
    detach: detachFromServer('Detach it from the running server', 'server'),
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
    'second-volume.same-disk': {
      claim: 'On the hypervisor and in the guest the second disk is this volume: its device, its size and its bytes',
      guide: { section, line: 'left open: a volume attached to a running server' },
      remedy:
        'The guest writes to another disk: detach it, and compare the disks of its libvirt domain with the links on the hypervisor.',
    },
    'second-volume.detached': {
      claim: 'Detached from the running server it is attached nowhere in Nova, Cinder and StorPool, and no host has its device',
      guide: { section, line: 'left open: a volume detached from a running server' },
      remedy: 'Look into nova-compute.log for a failed detach; the guest must release the disk, which needs ACPI.',
    },
    'delete-attached.data': {
      claim: 'After all that it holds its bytes, and the root volume of the server what its guest wrote',
      guide: { section, line: 'left open: a volume deleted while it is attached' },
      remedy: 'Report the offsets to StorPool, with what was done to the volume.',
    },
  },
});
