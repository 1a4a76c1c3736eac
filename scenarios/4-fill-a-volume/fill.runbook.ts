import { runbook } from '../../fixtures/scenario/runbook.ts';
import {
  ATTACHMENT,
  attachHere,
  createVolume,
  detachHere,
  findOnStorpool,
  onStorpool,
  showStatus,
  VOLUME,
} from '../vocabulary/steps.ts';

const section = 'Fill in a Cinder volume directly using `dd` or `qemu-img`';
const device = (prefix: string, volume: string) => `/dev/storpool/${onStorpool(prefix, volume)}`;

export const fillRunbook = runbook({
  id: 'fill',
  chapter: 4,
  title: 'A volume attached to this host can be filled with qemu-img, and another host reads the same bytes',
  makes: { volume: VOLUME, attachment: ATTACHMENT, reread: ATTACHMENT },
  // The copy is slowed down, so that its boot sector can be seen meanwhile.
  lasts: 10,
  steps: {
    info: { title: 'Check the size needed for the volume', command: (book) => book.qemuImgInfo('canary.qcow2', 'qcow2') },
    create: createVolume('Create the volume', 'volume'),
    find: findOnStorpool('Find the StorPool volume', 'volume'),
    attach: attachHere('Attach the StorPool volume to this host, read/write'),
    device: {
      title: 'Make sure the device is there',
      command: (book, { volume }, { prefix }) => book.fileL().on(device(prefix, volume)),
    },
    'no-device': { title: 'Try to fill a path where no device is' },
    copy: {
      title: 'Copy the image onto the device and look at its boot sector meanwhile',
      command: (book, { volume }, { prefix }) =>
        book.qemuImgConvert({ source: 'canary.qcow2', format: 'qcow2' }).on(device(prefix, volume)),
    },
    status: showStatus('Check the progress in the StorPool volume status'),
    read: { title: 'Read the disk back' },
    detach: detachHere('Detach the StorPool volume from this host'),
    reread: { title: 'Attach it on another host and read it there' },
  },
  checks: {
    'fill.foreign-untouched': {
      claim: 'No volume or attachment of anybody else is touched',
      guide: { section, line: 'ONLY do this if you are sure that nothing else needs the volume' },
      remedy: 'Check at once whether the named volume is still attached where it is needed.',
    },
    'fill.attach': {
      claim: 'The volume is attached to this host, once, read/write: StorPool and the hosts agree',
      guide: { section, line: 'storpool attach here volume os--volume-…' },
      remedy: "Compare SP_OURID in this host's storpool.conf with the client in `storpool attach list`.",
    },
    'fill.device': {
      claim: 'The device is a block device of exactly the size of the volume',
      guide: { section, line: 'file -L /dev/storpool/os--volume-…' },
      remedy: 'Check storpool_block on this host: `service storpool_block status`, `storpool client status`.',
    },
    'fill.never-a-plain-file': {
      claim: 'Where no block device is, nothing is written and no file appears',
      guide: { section, line: 'qemu-img convert -n -O raw … /dev/storpool/os--volume-…' },
      remedy:
        'Move the plain file out of /dev/storpool, and keep it: it hides the device and holds data that StorPool never saw.',
    },
    'fill.early-boot-sector': {
      claim: 'While the copy is still running the device begins with a boot sector',
      guide: { section, line: 'file -sL /dev/storpool/os--volume-…' },
      remedy: 'The data goes elsewhere or is not a bootable disk: check the source image with qemu-img info.',
    },
    'fill.progress': {
      claim: "StorPool's stored bytes grow with the copy, up to the image's data, in as many copies as it should",
      guide: { section, line: 'storpool volume os--volume-… status' },
      remedy: 'What was written never reached StorPool: check what /dev/storpool/NAME leads to.',
    },
    'fill.bytes': {
      claim: "The device holds the image's virtual disk, byte for byte",
      guide: { section, line: 'qemu-img convert -n -O raw …' },
      remedy: 'Repeat the copy; if the offsets stay the same, report them to StorPool.',
    },
    'fill.detach': {
      claim: 'After the detach no attachment and no device is left on this host',
      guide: { section, line: 'storpool detach here volume os--volume-…' },
      remedy: 'Find who holds the device open (`fuser -v`), never force it.',
    },
    'fill.reread': {
      claim: 'Attached again (on another host if there is one), the volume holds the same bytes',
      guide: { section, line: 'storpool detach here volume os--volume-…' },
      remedy: 'Data was lost between write and detach, or the hosts see different volumes: compare globalId on both.',
    },
  },
});
