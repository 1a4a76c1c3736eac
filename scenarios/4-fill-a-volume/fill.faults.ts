import { rename, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { misplaceBlock, overwrite, shrinkDevice, tearBlock, thenCorrupt, zero } from '../../fixtures/mock/faults/corrupt.ts';
import { both, byName, relinkedAtStatus } from '../../fixtures/mock/faults/device-links.ts';
import { atAttachment, foreignBytes } from '../../fixtures/mock/faults/foreign-bytes.ts';
import { onHypervisor } from '../../fixtures/mock/faults/hosts.ts';
import { type Act, detail, type ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { detaches, reassignmentsOf } from '../../fixtures/mock/faults/reassign.ts';
import { pretend, refuse, STORPOOL_OK, storpoolError } from '../../fixtures/mock/faults/replies.ts';
import { reportedList, reportedStatus } from '../../fixtures/mock/faults/reported.ts';
import { GIB, MIB } from '../../fixtures/mock/faults/sizes.ts';

/** Once so much is stored, the copy has ended. */
const COPIED = 7 * MIB;

/** Once the copy has ended: harms what was written. */
const whenCopied =
  (harm: (file: string) => Promise<void>): Act =>
  async (next, context) => {
    const stored = (await next()) as number;
    if (stored >= COPIED) {
      await harm(detail(context, 'file'));
    }
    return stored;
  };

/** How filling a device by hand can go wrong, once it is attached. */
export const fillFaults: readonly ProvenFault[] = [
  {
    id: 'attach-read-only-device',
    kind: 'refuse',
    cause: 'The device does not take writes although it is attached read/write',
    seam: 'agent.attach',
    reddens: ['fill.early-boot-sector'],
    act: (next, { details }) => {
      (details as { mode: string }).mode = 'ro';
      return next();
    },
  },
  {
    id: 'device-too-small',
    kind: 'lie',
    cause: 'The device is smaller than the volume',
    seam: 'agent.attach',
    reddens: ['fill.device'],
    act: thenCorrupt((file, context) => shrinkDevice(file, context, 512 * MIB)),
  },
  {
    id: 'device-is-plain-file',
    kind: 'lie',
    cause: 'A plain file stands where the device should be: an earlier qemu-img without a device made it (F41)',
    seam: 'agent.attach',
    guideSees: '`qemu-img convert` succeeds, and `file -sL` shows a boot sector: in a plain file.',
    reddens: ['fill.never-a-plain-file', 'fill.device'],
    act: async (next, context) => {
      await next();
      const path = join(detail(context, 'devices'), detail(context, 'volume'));
      await writeFile(`${path}.plain`, '');
      await truncate(`${path}.plain`, 1024 * MIB);
      await rename(`${path}.plain`, path);
    },
  },
  {
    id: 'fill-stores-nothing',
    kind: 'lie',
    cause: 'What is written to the device never reaches StorPool (F41)',
    seam: 'bytes.stored',
    reddens: ['fill.progress'],
    act: pretend(0),
  },
  {
    id: 'fill-damaged',
    kind: 'corrupt',
    cause: 'One block reads differently from what was written (F45)',
    seam: 'bytes.stored',
    reddens: ['fill.bytes'],
    act: whenCopied((file) => overwrite(file, 3 * MIB)),
  },
  {
    id: 'detach-busy',
    kind: 'refuse',
    cause: 'Something holds the device open: the detach is refused (F43)',
    seam: 'storpool.VolumesReassignWait',
    when: detaches,
    waits: true,
    reddens: ['fill.detach', 'run.nothing-left'],
    act: refuse(storpoolError('busy', "'volume' is open at client 1")),
  },
  {
    id: 'detach-leaves-device',
    kind: 'lie',
    cause: 'StorPool tells that it is detached and the device stays on the host',
    seam: 'agent.detach',
    reddens: ['fill.detach', 'run.nothing-left'],
    act: pretend(undefined),
  },
  {
    id: 'detach-loses-writes',
    kind: 'lose',
    cause: 'What was cached at the detach is lost (F42)',
    seam: 'agent.detach',
    times: 1,
    reddens: ['fill.reread'],
    act: thenCorrupt((file) => zero(file, 2 * MIB, 64 * 1024)),
  },
  {
    id: 'detach-takes-neighbour',
    kind: 'lose',
    cause: "Detaching takes somebody else's attachment along (spopenstack before 2.1.1)",
    seam: 'storpool.VolumesReassignWait',
    times: 1,
    reddens: ['fill.foreign-untouched', 'run.nothing-left'],
    act: (next, context) => {
      reassignmentsOf(context).push({
        ...{ reference: 'customer-db', snapshot: false, rw: [], ro: [] },
        ...{ detach: 'all', force: true },
      });
      return next();
    },
  },
  {
    id: 'fill-progress-shrinks',
    kind: 'lie',
    cause: 'The stored bytes of the volume go down while it is filled',
    seam: 'bytes.stored',
    reddens: ['fill.progress'],
    act: async (next) => {
      const stored = (await next()) as number;
      return stored < MIB ? 500 * MIB : stored;
    },
  },
  {
    id: 'fill-zero-block',
    kind: 'lose',
    cause: 'One block that was written reads as zeros (F42, F45)',
    seam: 'bytes.stored',
    reddens: ['fill.bytes'],
    act: whenCopied((file) => zero(file, 3 * MIB, 4096)),
  },
  {
    id: 'fill-misplaced-block',
    kind: 'corrupt',
    cause: 'A wrong block map: one block shows what belongs elsewhere (F45)',
    seam: 'bytes.stored',
    reddens: ['fill.bytes'],
    act: whenCopied((file) => misplaceBlock(file, MIB, 5 * MIB)),
  },
  {
    id: 'fill-torn-block',
    kind: 'corrupt',
    cause: 'One replica has half of a block (F45, F48)',
    seam: 'bytes.stored',
    reddens: ['fill.bytes'],
    act: whenCopied((file) => tearBlock(file, 4 * MIB)),
  },
  {
    id: 'detach-ignored',
    kind: 'lie',
    cause: 'StorPool accepts the detach and does nothing (F44)',
    seam: 'storpool.VolumesReassignWait',
    when: detaches,
    times: 1,
    waits: true,
    reddens: ['fill.detach'],
    guideSees: '`storpool detach here` says OK; nobody looks at `storpool attach list`.',
    act: pretend(STORPOOL_OK),
  },
  {
    id: 'reread-other-replica',
    kind: 'corrupt',
    cause: 'Another host is served by a replica that differs in one block (F45)',
    seam: 'agent.attach',
    when: onHypervisor,
    reddens: ['fill.reread'],
    act: thenCorrupt((file) => overwrite(file, 3 * MIB)),
  },
  {
    id: 'reread-block-down',
    kind: 'stick',
    // It is met from the first look at the cluster on.
    waits: { after: 'fill.detach' },
    cause: 'storpool_block does not run on one hypervisor (F1, F57)',
    seam: 'health.client',
    when: ({ details }) => details['host'] === 'hypervisor-1',
    reddens: ['fill.reread'],
    guideSees: 'The guide only ever works on one host.',
    act: () => Promise.resolve('down'),
  },
  {
    id: 'reread-refused',
    kind: 'refuse',
    cause: 'A hypervisor refuses the volume: its user is not in the group spopenstack (F6, F7)',
    seam: 'agent.attach',
    when: onHypervisor,
    waits: true,
    reddens: ['fill.reread'],
    act: pretend(undefined),
  },
  {
    id: 'neighbour-replaced',
    kind: 'lose',
    cause: "While the volume is filled, somebody else's volume is replaced by another one of the same name",
    seam: 'storpool.VolumesList',
    skip: 2,
    reddens: ['fill.foreign-untouched', 'run.nothing-left'],
    act: reportedList((row) => (row.name === 'customer-db' ? { ...row, globalId: 'd.n.zzz' } : row)),
  },
  {
    id: 'fill-degraded',
    kind: 'lose',
    cause: 'A drive fails while the volume is filled: it is written in fewer copies (F72)',
    seam: 'storpool.VolumesGetStatus',
    reddens: ['fill.progress'],
    act: reportedStatus(() => ({ decreasedRedundancy: true })),
  },
  {
    id: 'fill-data-lost',
    kind: 'lose',
    cause: 'Two drives fail while the volume is filled (F73)',
    seam: 'storpool.VolumesGetStatus',
    reddens: ['fill.progress'],
    act: reportedStatus(() => ({ status: 'data lost' })),
  },
  {
    id: 'fill-boot-sector-lost',
    kind: 'lose',
    cause: 'The first sector of the volume is lost as soon as the copy has ended (F42)',
    seam: 'bytes.stored',
    reddens: ['fill.early-boot-sector'],
    act: async (next, context) => {
      const stored = (await next()) as number;
      if (stored >= COPIED) {
        const cluster = dirname(dirname(detail(context, 'file')));
        await zero(join(cluster, 'hosts', 'controller', 'dev', 'storpool', detail(context, 'volume')), 0, 512).catch(
          () => undefined,
        );
      }
      return stored;
    },
  },
  {
    id: 'relinked-before-copy',
    kind: 'corrupt',
    cause: "Between the attach and the copy the link of the volume's name is led to another volume's device",
    seam: ['agent.attach', 'storpool.VolumesGetStatus'],
    guideSees: '`qemu-img convert` succeeds, over the data of somebody else.',
    reddens: ['fill.early-boot-sector'],
    act: relinkedAtStatus('before', byName),
  },
  {
    id: 'relinked-by-id-before-copy',
    kind: 'corrupt',
    cause: "Between the attach and the copy both links of the volume are led to another volume's device",
    seam: ['agent.attach', 'storpool.VolumesGetStatus'],
    guideSees: '`qemu-img convert` succeeds, over the data of somebody else.',
    reddens: ['fill.early-boot-sector'],
    act: relinkedAtStatus('before', both),
  },
  {
    id: 'relinked-during-copy',
    kind: 'corrupt',
    cause: "During the copy both links of the volume are led to another volume's device",
    seam: ['agent.attach', 'storpool.VolumesGetStatus'],
    reddens: ['fill.early-boot-sector'],
    act: relinkedAtStatus('during', both),
  },
  {
    id: 'fill-foreign-behind',
    kind: 'corrupt',
    cause: 'Behind the image the filled volume shows bytes of somebody else (F26)',
    seam: 'bytes.stored',
    reddens: ['fill.bytes'],
    act: whenCopied((file) => overwrite(file, 300 * MIB)),
  },
  foreignBytes({
    ...{ id: 'reread-foreign-behind', what: 'On another host the volume, behind the image,', check: 'fill.reread' },
    ...{ seam: 'agent.attach', when: onHypervisor },
  }),
  {
    ...{ id: 'reread-device-too-small', kind: 'lie', cause: 'On another host the device of the volume is smaller (F24)' },
    ...{ ...atAttachment(2), reddens: ['fill.reread'] },
    act: thenCorrupt((file, context) => shrinkDevice(file, context, GIB / 2)),
  },
];
