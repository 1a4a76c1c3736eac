import { readdir, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../fixtures/mock/command.ts';
import { blank, spoil, text } from '../../fixtures/mock/faults/corrupt.ts';
import {
  callOf,
  type ProvenFault,
  pretend,
  refuse,
  retell,
  type StorpoolData,
  storpoolError,
} from '../../fixtures/mock/faults/proven-fault.ts';

const MIB = 1024 ** 2;

/** The body of VolumesReassignWait as the mock's schema reads it. */
interface Reassign {
  readonly reassign: Entry[];
}

interface Entry {
  reference: string;
  snapshot: boolean;
  rw: number[];
  ro: number[];
  detach: number[] | 'all';
  force: boolean;
}

const isDetach = ({ detach }: Entry) => detach.length > 0;

/** Chapter 4: attach by hand, copy, detach, read again. */
export const fillingFaults: readonly ProvenFault[] = [
  {
    id: 'attach-elsewhere',
    kind: 'lie',
    cause: "This host's SP_OURID is another host's: the volume is attached there (F38)",
    seam: 'storpool.VolumesReassignWait',
    waits: true,
    reddens: ['fill.attach'],
    act: (next, context) => {
      for (const entry of (callOf(context).body as Reassign).reassign) {
        if (!isDetach(entry)) {
          entry.rw = [11];
        }
      }
      return next();
    },
  },
  {
    id: 'attach-client-65',
    kind: 'lie',
    cause: 'SP_OURID is missing, and the driver fell back to client 65 in silence (F38)',
    seam: 'storpool.AttachmentsList',
    guideSees: '`storpool attach here` says OK.',
    reddens: ['fill.attach'],
    act: retell((body: StorpoolData<{ client: number }[]>) => ({
      ...body,
      data: body.data.map((row) => ({ ...row, client: 65 })),
    })),
  },
  {
    id: 'attach-block-down',
    kind: 'stick',
    cause: 'storpool_block does not run on the controller (F2)',
    seam: 'health.client',
    when: ({ details }) => details['host'] === 'controller',
    waits: true,
    reddens: ['fill.attach'],
    act: () => Promise.resolve('down'),
  },
  {
    id: 'attach-no-device',
    kind: 'lie',
    cause: 'StorPool tells that it is attached and the device never comes (F1)',
    seam: 'agent.attach',
    waits: true,
    reddens: ['fill.attach'],
    act: pretend(undefined),
  },
  {
    id: 'attach-swapped-links',
    kind: 'corrupt',
    cause: "The link of the volume's name leads to another volume (names swapped by a migration, Launchpad 2033292)",
    seam: 'agent.attach',
    reddens: ['fill.attach'],
    act: async (next, context) => {
      await next();
      const devices = text(context, 'devices');
      const foreign = (await readdir(devices)).find((name) => !name.includes('--volume-'));
      if (foreign !== undefined) {
        const own = join(devices, text(context, 'volume'));
        await command(['ln', '-sfn', foreign, own]);
      }
    },
  },
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
    act: async (next, context) => {
      await next();
      await truncate(text(context, 'file'), 512 * MIB);
      await command(['losetup', '-c', join(text(context, 'devices'), text(context, 'volume'))]);
    },
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
      const path = join(text(context, 'devices'), text(context, 'volume'));
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
    act: async (next, context) => {
      const stored = (await next()) as number;
      if (stored >= 7 * MIB) {
        await spoil(text(context, 'file'), 3 * MIB);
      }
      return stored;
    },
  },
  {
    id: 'detach-busy',
    kind: 'refuse',
    cause: 'Something holds the device open: the detach is refused (F43)',
    seam: 'storpool.VolumesReassignWait',
    when: (context) => (callOf(context).body as Reassign).reassign.some(isDetach),
    times: 1,
    reddens: ['fill.detach'],
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
    act: async (next, context) => {
      await next();
      await blank(text(context, 'file'), 2 * MIB, 64 * 1024);
    },
  },
  {
    id: 'detach-takes-neighbour',
    kind: 'lose',
    cause: "Detaching takes somebody else's attachment along (spopenstack before 2.1.1)",
    seam: 'storpool.VolumesReassignWait',
    times: 1,
    reddens: ['fill.foreign-untouched', 'run.nothing-left'],
    act: (next, context) => {
      (callOf(context).body as Reassign).reassign.push({
        ...{ reference: 'customer-db', snapshot: false, rw: [], ro: [] },
        ...{ detach: 'all', force: true },
      });
      return next();
    },
  },
];
