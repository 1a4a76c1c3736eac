import { runbook } from '../../../fixtures/scenario/runbook.ts';
import {
  ATTACHMENT,
  bootFromVolume,
  createFromImage,
  detachFromServer,
  IMAGE,
  idOf,
  putImage,
  SERVER,
  VOLUME,
} from '../../vocabulary/steps.ts';

const guide = { section: 'Beyond the guide', line: 'left open: a volume for several servers at the same time (multiattach)' };

export const multiattachRunbook = runbook({
  id: 'multiattach',
  chapter: 8,
  title: 'Two servers have one volume at the same time, see what the other writes, and let go of it one by one',
  makes: { image: IMAGE, root: VOLUME, server: SERVER, rootB: VOLUME, serverB: SERVER, volume: VOLUME, read: ATTACHMENT },
  steps: {
    types: { title: 'Find a volume type that lets several servers have a volume, on StorPool' },
    image: putImage('Put a bootable image into Glance'),
    roots: createFromImage('Create two volumes from it (each with this command)', 'root'),
    boot: bootFromVolume('Boot a server from each (with this command)'),
    volume: {
      title: 'Create a volume of that type',
      command: (book, { volume }) => book.createVolume({ name: volume, gib: 1, volumeType: '<type>' }),
    },
    attach: {
      title: 'Attach it to both servers, one after the other (each with this command)',
      command: (book, names) => book.attachToServer({ server: idOf(names.server), volume: idOf(names.volume), isShared: true }),
    },
    write: { title: 'Write on the hypervisor of each, and read on that of the other' },
    detach: detachFromServer('Detach it from the first server', 'server'),
    rewrite: { title: 'Read it, and write on, on the hypervisor of the second' },
    detachLast: detachFromServer('Detach it from the second server', 'serverB'),
    read: { title: 'Read it here' },
  },
  checks: {
    'multiattach.attached': {
      claim: 'Both servers have the volume, read/write, by what Nova, Cinder and StorPool tell, on both hypervisors',
      guide,
      remedy: 'A second attachment that is read-only or missing: look into nova-compute.log of its hypervisor for the volume id.',
    },
    'multiattach.writers': {
      claim: 'What is written on one hypervisor is read on the other, both ways',
      guide,
      remedy:
        'Use no such volumes until this is mended: a cluster file system would be destroyed. Report the offsets to StorPool.',
    },
    'multiattach.one-left': {
      claim: 'Once it is detached from the first server the second still has it, with its bytes, and takes writes',
      guide,
      remedy: 'A detach that takes it away from others: look into nova-compute.log of both hypervisors for the volume id.',
    },
    'multiattach.detached': {
      claim: 'Once it is detached from the second server, too, nothing has it, and it holds what was written last',
      guide,
      remedy: 'Look where it is still attached: storpool attach list.',
    },
  },
});
