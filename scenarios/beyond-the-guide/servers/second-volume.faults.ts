import { after, afterAvailable } from '../../../fixtures/mock/faults/after.ts';
import {
  allLayersDisagree,
  eachLayerDisagrees,
  IN_CINDER,
  IN_NOVA,
  type Moment,
  stillListedByNova,
} from '../../../fixtures/mock/faults/attachment-disagreement.ts';
import { overwrite, thenCorrupt } from '../../../fixtures/mock/faults/corrupt.ts';
import { harmsEarlier } from '../../../fixtures/mock/faults/earlier-bytes.ts';
import { foreignBytes } from '../../../fixtures/mock/faults/foreign-bytes.ts';
import { otherDisk, sameSize, withoutDisk } from '../../../fixtures/mock/faults/guest-disks.ts';
import { leaveDeviceElsewhere, leaveLinkById, onHypervisor } from '../../../fixtures/mock/faults/hosts.ts';
import { type Act, callOf, type ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { fail, pretend, retell, STORPOOL_OK, type StorpoolData } from '../../../fixtures/mock/faults/replies.ts';
import { reportedCinderAttachments, reportedVolume, staleAttachment } from '../../../fixtures/mock/faults/reported.ts';
import { GIB, MIB } from '../../../fixtures/mock/faults/sizes.ts';

/** The device of a disk of a libvirt domain may only be as large as the host's. */
const TOO_LARGE = 5 * GIB;

interface Attached {
  readonly volume: string;
  readonly client: number;
}

function onlyInNova(act: Act): Act {
  return (next, context) => (context.seam === IN_NOVA ? act(next, context) : next());
}

const ATTACHED: Moment = {
  ...{ prefix: 'second-volume', when: 'after the attach', check: 'second-volume.attached', trigger: 'nova.attachVolume' },
};
const REFUSED: Moment = {
  ...{ prefix: 'delete-attached', when: 'after the refused delete' },
  ...{ check: 'delete-attached.refused', trigger: 'cinder.deleteVolume' },
};

/** How a second volume of a running server can go wrong. */
export const secondVolumeFaults: readonly ProvenFault[] = [
  {
    id: 'second-volume-on-two-hosts',
    kind: 'leak',
    cause: 'The second volume has a device on another hypervisor as well (F63)',
    seam: 'agent.attach',
    when: onHypervisor,
    // The root disk first.
    skip: 1,
    reddens: ['second-volume.attached', 'run.nothing-left'],
    act: leaveDeviceElsewhere,
  },
  {
    id: 'second-volume-device-stays',
    kind: 'leak',
    cause: 'StorPool detaches the volume and its device stays on the hypervisor: storpool_block is stuck (F43)',
    seam: 'agent.detach',
    when: onHypervisor,
    times: 1,
    reddens: ['second-volume.detached'],
    act: pretend(undefined),
  },
  {
    id: 'second-volume-fails',
    kind: 'refuse',
    cause: 'A hot-plug fails on the hypervisor: Nova gives the volume back (F64)',
    seam: 'nova.connect',
    skip: 1,
    reddens: ['second-volume.attached'],
    act: fail('VolumeDeviceNotFound: volume device not found'),
  },
  {
    id: 'second-volume-client-65',
    kind: 'lie',
    cause: 'The second volume is attached to a client that no host is: the fallback 65 (F38)',
    seam: 'storpool.AttachmentsList',
    reddens: ['second-volume.attached'],
    act: retell((body: StorpoolData<Attached[]>) => ({ ...body, data: body.data.map((row) => ({ ...row, client: 65 })) })),
  },
  {
    id: 'extend-attached-not-on-device',
    kind: 'lie',
    cause: 'The block client of the hypervisor keeps the old size (F24)',
    seam: 'agent.resize',
    reddens: ['extend-attached.layers'],
    act: pretend(undefined),
  },
  {
    id: 'extend-attached-only-in-cinder',
    kind: 'lie',
    cause: 'Cinder tells the new size and StorPool was never asked (F23)',
    seam: 'storpool.VolumeUpdate',
    reddens: ['extend-attached.layers'],
    act: pretend(STORPOOL_OK),
  },
  {
    id: 'extend-attached-untold',
    kind: 'lie',
    cause: 'Cinder cannot call Nova: the guest keeps the old size until it is rebooted (F24)',
    seam: 'nova.serverExternalEvents',
    waits: true,
    reddens: ['extend-attached.guest'],
    act: pretend({ status: 200, body: { events: [] } }),
  },
  {
    id: 'extend-attached-guest-fails',
    kind: 'refuse',
    cause: 'QEMU cannot grow the disk: block_resize fails (F24)',
    seam: 'storpool.Volume',
    reddens: ['extend-attached.guest'],
    act: retell((body: StorpoolData<{ size: number }[]>) => ({
      ...body,
      data: body.data.map((volume) => ({ ...volume, size: TOO_LARGE })),
    })),
  },
  {
    id: 'delete-attached-allowed',
    kind: 'lie',
    cause: 'Cinder takes the delete of a volume that a server uses (F30)',
    seam: 'cinder.deleteVolume',
    times: 1,
    reddens: ['delete-attached.refused'],
    act: pretend({ status: 202 }),
  },
  {
    id: 'second-volume-stays-attached',
    kind: 'leak',
    cause: 'Detaching leaves the volume attached on the hypervisor (F59)',
    seam: 'nova.disconnect',
    times: 1,
    reddens: ['second-volume.detached'],
    act: pretend(undefined),
  },
  {
    id: 'second-volume-detach-ignored',
    kind: 'stick',
    cause: 'The guest never lets go of the disk',
    seam: 'nova.detach',
    times: 1,
    reddens: ['second-volume.detached'],
    act: pretend(undefined),
  },
  {
    id: 'second-volume-damaged',
    kind: 'corrupt',
    cause: 'A refused delete has damaged the volume (F30)',
    seam: 'agent.attach',
    // The copy of the image, the root disk, the stamps, the second disk; then it is read.
    skip: 4,
    reddens: ['delete-attached.data'],
    act: thenCorrupt((file) => overwrite(file, 6 * MIB)),
  },
  {
    id: 'extend-attached-size-in-cinder',
    kind: 'lie',
    cause: 'Cinder still tells the old size of the volume that was extended in use (F24)',
    seam: ['cinder.extendVolume', 'cinder.showVolume'],
    reddens: ['extend-attached.layers'],
    act: after(
      { trigger: 'cinder.extendVolume' },
      reportedVolume(() => ({ size: 1 })),
    ),
  },
  {
    id: 'delete-attached-in-error',
    kind: 'lose',
    cause: 'The refused delete leaves the volume in error_deleting although a server uses it (F30)',
    seam: ['cinder.deleteVolume', 'cinder.showVolume'],
    reddens: ['delete-attached.refused'],
    act: after(
      { trigger: 'cinder.deleteVolume', times: 1 },
      reportedVolume(() => ({ status: 'error_deleting' })),
    ),
  },
  {
    id: 'second-volume-stays-in-cinder',
    kind: 'leak',
    cause: 'Cinder keeps an attachment of the volume that was detached (F59)',
    seam: ['nova.detachVolume', IN_CINDER],
    reddens: ['second-volume.detached'],
    act: after(
      { trigger: 'nova.detachVolume' },
      reportedCinderAttachments((rows, volume) => [...rows, staleAttachment(volume)]),
    ),
  },
  {
    id: 'second-volume-returns-in-nova',
    kind: 'leak',
    cause: 'Nova lists the detached volume at the server again: its cells disagree (F59)',
    seam: ['nova.detachVolume', 'cinder.showVolume', IN_NOVA],
    reddens: ['second-volume.detached'],
    act: afterAvailable('nova.detachVolume', onlyInNova(stillListedByNova), 1),
  },
  {
    id: 'second-volume-detach-stops-server',
    kind: 'lose',
    cause: 'Detaching a volume powers the server off: QEMU crashed on the unplug',
    seam: ['nova.detachVolume', 'nova.showServer'],
    reddens: ['second-volume.detached'],
    act: after(
      { trigger: 'nova.detachVolume' },
      retell(({ server, ...rest }: { server?: object }) =>
        server === undefined ? rest : { server: { ...server, status: 'SHUTOFF' } },
      ),
    ),
  },
  ...eachLayerDisagrees(ATTACHED),
  allLayersDisagree(REFUSED),
  {
    id: 'extend-attached-loses-copies',
    kind: 'lose',
    cause: 'After it was extended in use the volume keeps one copy (F19)',
    seam: 'storpool.VolumeUpdate',
    reddens: ['second-volume.layers'],
    act: (next, context) => {
      (callOf(context).body as { replication?: number }).replication = 1;
      return next();
    },
  },
  {
    id: 'second-volume-other-disk',
    kind: 'lie',
    cause: 'The second disk of the guest is another disk of that size (F62)',
    seam: 'nova.qemu.start',
    reddens: ['second-volume.same-disk'],
    act: otherDisk(2, 1, sameSize),
  },
  {
    id: 'second-volume-not-in-guest',
    kind: 'lose',
    cause: 'After a hard reboot the guest does not have its second disk (F62)',
    seam: 'nova.qemu.start',
    waits: 'once red',
    // What the machine does not have it cannot give back.
    reddens: ['second-volume.same-disk', 'second-volume.detached'],
    act: withoutDisk(2, 1),
  },
  foreignBytes({
    ...{ id: 'second-volume-foreign-on-hypervisor', what: 'The second volume on the hypervisor' },
    // The root disk first.
    ...{ check: 'second-volume.same-disk', seam: 'agent.attach', when: onHypervisor, skip: 1, times: 1 },
  }),
  {
    id: 'second-volume-leaves-link-by-id',
    kind: 'leak',
    cause: 'After the detach the hypervisor keeps the link to the volume by its global id (F14)',
    seam: 'agent.detach',
    when: onHypervisor,
    times: 1,
    reddens: ['second-volume.detached', 'run.nothing-left'],
    act: leaveLinkById,
  },
  {
    ...{
      id: 'second-volume-damages-root',
      cause: 'Detaching the second volume damages the root volume of the running server (F52)',
    },
    ...{ reddens: ['delete-attached.data'] },
    // The copy of the image first.
    ...harmsEarlier({ nth: 2, trigger: 'nova.detachVolume' }, (file) => overwrite(file, 500 * MIB)),
  },
];
