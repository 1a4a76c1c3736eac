import { runbook } from '../../../fixtures/scenario/runbook.ts';
import { bootFromVolume, createFromImage, IMAGE, idOf, putImage, SERVER, VOLUME } from '../../vocabulary/steps.ts';

const section = 'Beyond the guide';

export const migrationRunbook = runbook({
  id: 'migration',
  chapter: 8,
  title: 'A running server moves to another hypervisor and takes its volume along',
  makes: { image: IMAGE, root: VOLUME, server: SERVER },
  steps: {
    hosts: { title: 'Find a hypervisor to move to' },
    image: putImage('Put a bootable image into Glance'),
    root: createFromImage('Create a volume from it', 'root'),
    boot: bootFromVolume('Boot a server from that volume'),
    guest: { title: 'Read what its guest tells that it has written' },
    migrate: {
      title: 'Move the server there while it runs',
      command: (book, names) => book.liveMigrate({ server: idOf(names.server), host: '<hypervisor>' }),
    },
    wait: { title: 'Wait until it is there', command: (book, names) => book.showServer({ server: names.server }) },
    look: { title: 'Look at the attachments of its volume' },
    reboot: {
      title: 'Read all of its root volume there, boot it again by a hard reboot, and read both again',
      command: (book, { server }) => book.hardReboot({ server: idOf(server) }),
    },
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
    'migration.guest': {
      claim: 'There its guest has the disk that it wrote, boots from it again, and writes to it',
      guide: { section, line: 'left open: a server that moves' },
      remedy:
        'Compare what the domain has with the attachment: virsh domblklist on the new hypervisor, storpool attach list. Do not move servers until this is mended.',
    },
  },
});
