import { after } from '../../fixtures/mock/faults/after.ts';
import { overwrite, thenCorrupt, zero } from '../../fixtures/mock/faults/corrupt.ts';
import { leaveLinkById, onHypervisor } from '../../fixtures/mock/faults/hosts.ts';
import { hang } from '../../fixtures/mock/faults/interrupted-work.ts';
import { oneCopy } from '../../fixtures/mock/faults/placement.ts';
import { callOf, detailObject, type ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { changeRequest, pretend, retell } from '../../fixtures/mock/faults/replies.ts';
import { reportedCinderAttachments, reportedInfo, reportedVolume, staleAttachment } from '../../fixtures/mock/faults/reported.ts';
import { BLOCK, MIB } from '../../fixtures/mock/faults/sizes.ts';

/** Where the guest of the canary image writes. */
const GUEST_AT = 9 * MIB;

const CREATE_SERVER = ['nova.createServer', 'nova.createServerFromVolume'];

interface ServerAsked {
  readonly server: { readonly block_device_mapping_v2?: { delete_on_termination?: boolean }[] };
}

interface Attached {
  readonly volumeAttachments: readonly object[];
}

const MADE = {
  id: 'boot-root',
  what: 'The root volume of a server',
  seam: 'cinder.driver.create_volume_from_snapshot',
  check: 'boot.root-volume',
} as const;

/** How a server can boot from something else than the snapshot, and how its end can go wrong. */
export const bootFaults: readonly ProvenFault[] = [
  {
    id: 'boot-empty-root',
    kind: 'lie',
    cause: 'The root volume is new and empty, not made from the snapshot (F62)',
    seam: 'nova.createVolume',
    reddens: ['boot.root-volume'],
    act: changeRequest((request) => {
      for (const key of ['snapshot_id', 'snapshotId']) {
        delete request[key];
      }
    }),
  },
  {
    id: 'boot-other-disk',
    kind: 'corrupt',
    cause: 'The server runs from another disk than its root volume (F62)',
    seam: 'nova.boot',
    waits: { after: 'boot.active' },
    reddens: ['boot.console'],
    act: (next, context) => {
      detailObject(context, 'plan')['rootPath'] = '/dev/null';
      return next();
    },
  },
  {
    id: 'boot-panics',
    kind: 'corrupt',
    cause: 'The server is ACTIVE and its guest never got past the boot loader (F61)',
    seam: 'nova.console',
    waits: true,
    guideSees: '`nova boot` returns, and `nova list` shows ACTIVE.',
    reddens: ['boot.console'],
    act: pretend('SeaBIOS\r\nBooting from Hard Disk...\r\nNo bootable device.\r\n'),
  },
  {
    id: 'boot-delete-leaves-attachment',
    kind: 'leak',
    cause: 'Deleting the server leaves its root volume attached on the hypervisor (F59)',
    seam: 'nova.disconnect',
    reddens: ['boot.delete'],
    act: pretend(undefined),
  },
  {
    id: 'boot-delete-ignored',
    kind: 'stick',
    cause: 'Nova accepts the delete and does nothing',
    seam: 'nova.deleteServer',
    times: 1,
    waits: true,
    reddens: ['boot.delete'],
    act: pretend({ status: 204 }),
  },
  {
    id: 'boot-two-volumes',
    kind: 'leak',
    cause: 'The first attempt to build left a second root volume at the server (F59)',
    seam: 'nova.listVolumeAttachments',
    reddens: ['boot.root-volume'],
    act: retell(({ volumeAttachments }: { volumeAttachments: object[] }) => ({
      volumeAttachments: [...volumeAttachments, ...volumeAttachments],
    })),
  },
  {
    id: 'boot-root-forgotten',
    kind: 'lose',
    cause: 'Cinder does not remember that the root volume was made from the snapshot',
    seam: 'cinder.showVolume',
    reddens: ['boot.root-volume'],
    act: reportedVolume(() => ({ snapshot_id: null })),
  },
  {
    id: 'boot-root-copied',
    kind: 'lie',
    cause: 'The root volume is a full copy without a parent (F51)',
    seam: 'storpool.VolumeGetInfo',
    reddens: ['boot.root-volume'],
    act: reportedInfo(() => ({ parentName: '' })),
  },
  {
    id: 'boot-console-of-another',
    kind: 'lie',
    cause: 'The console is that of another server: what it booted is not known (F62)',
    seam: 'nova.getConsoleOutput',
    waits: true,
    reddens: ['boot.console'],
    act: pretend({ status: 200, body: { output: 'storpool acceptance 00000000 0123456789abcdef\r\nlogin: ' } }),
  },
  {
    id: 'boot-delete-takes-volume',
    kind: 'lose',
    cause: 'Deleting the server deletes its root volume, which was to be kept',
    seam: CREATE_SERVER,
    reddens: ['boot.delete'],
    act: (next, context) => {
      for (const mapping of (callOf(context).body as ServerAsked).server.block_device_mapping_v2 ?? []) {
        mapping.delete_on_termination = true;
      }
      return next();
    },
  },
  {
    id: 'boot-delete-stuck',
    kind: 'stick',
    cause: 'The server stays in deleting: nova-compute hangs (F58)',
    seam: 'nova.terminate',
    reddens: ['boot.delete', 'run.nothing-left'],
    act: hang,
  },
  {
    id: 'boot-delete-leaves-reservation',
    kind: 'leak',
    cause: "Cinder's attachment outlives the server: the volume stays reserved for ever (F59)",
    seam: 'nova.releaseVolume',
    waits: true,
    reddens: ['boot.delete', 'run.nothing-left'],
    act: pretend(undefined),
  },
  oneCopy(MADE),
  {
    id: 'boot-from-source',
    kind: 'lie',
    cause: 'The server runs from the source of the snapshot itself, not from a new volume (F62)',
    seam: ['cinder.createVolume', 'nova.listVolumeAttachments'],
    reddens: ['boot.root-volume'],
    act: async (next, context) => {
      const { seam, memory } = context;
      if (seam === 'nova.listVolumeAttachments') {
        const volumeId = memory.get('source');
        const isSource = ({ volumeAttachments }: Attached) => ({
          volumeAttachments: volumeAttachments.map((row) => ({ ...row, volumeId })),
        });
        return retell(isSource)(next, context);
      }
      const reply = (await next()) as { body: { volume?: { id: string } } };
      memory.set('source', memory.get('source') ?? reply.body.volume?.id);
      return reply;
    },
  },
  {
    id: 'boot-delete-stays-in-cinder',
    kind: 'leak',
    cause: 'Cinder lists an attachment of the deleted server, although the volume is available (F59)',
    seam: ['nova.deleteServer', 'cinder.listAttachmentsDetail'],
    reddens: ['boot.delete'],
    act: after(
      { trigger: 'nova.deleteServer' },
      reportedCinderAttachments((rows, volume) => [...rows, staleAttachment(volume)]),
    ),
  },
  {
    id: 'boot-delete-wipes-root',
    kind: 'lose',
    cause: 'Deleting the server wipes the first block of its root volume, which was to be kept',
    seam: 'agent.detach',
    when: onHypervisor,
    reddens: ['boot.delete'],
    act: thenCorrupt((file) => zero(file, 0, BLOCK)),
  },
  {
    id: 'boot-delete-loses-guest',
    kind: 'lose',
    cause: 'Deleting the server loses what its guest wrote last (F42)',
    seam: 'agent.detach',
    when: onHypervisor,
    reddens: ['boot.delete'],
    act: thenCorrupt((file) => zero(file, GUEST_AT, BLOCK)),
  },
  {
    id: 'boot-delete-damages-source',
    kind: 'lose',
    cause: 'Deleting the server damages the volume that its snapshot was taken of (F52)',
    seam: ['nova.deleteServer', 'agent.attach'],
    reddens: ['boot.delete'],
    act: after(
      { trigger: 'nova.deleteServer', skip: 1 },
      thenCorrupt((file) => overwrite(file, 300 * MIB)),
    ),
  },
  {
    id: 'boot-delete-leaves-link-by-id',
    kind: 'leak',
    cause: 'After the delete the hypervisor keeps the link to the root volume by its global id (F14)',
    seam: 'agent.detach',
    when: onHypervisor,
    reddens: ['boot.delete', 'run.nothing-left'],
    act: leaveLinkById,
  },
  {
    id: 'boot-root-not-bootable',
    kind: 'lie',
    cause: 'Cinder tells that the volumes of a server are not bootable',
    seam: [...CREATE_SERVER, 'cinder.showVolume'],
    reddens: ['boot.layers'],
    act: after(
      { trigger: 'nova.createServer' },
      reportedVolume(() => ({ bootable: 'false' })),
    ),
  },
];
