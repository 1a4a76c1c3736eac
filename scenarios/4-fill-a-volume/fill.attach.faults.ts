import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterwards, blank, misplace, spoil, tear, text } from '../../fixtures/mock/faults/corrupt.ts';
import {
  callOf,
  type ProvenFault,
  pretend,
  refuse,
  STORPOOL_OK,
  storpoolError,
} from '../../fixtures/mock/faults/proven-fault.ts';
import { attachmentsTold, listTold } from '../../fixtures/mock/faults/reported.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** Once so much is stored, the copy has ended. */
const COPIED = 7 * MIB;

interface Entry {
  rw: number[];
  ro: number[];
  readonly detach: number[] | 'all';
}

const reassigned = (context: Parameters<ProvenFault['act']>[1]) => (callOf(context).body as { reassign: Entry[] }).reassign;
const detaches = (context: Parameters<ProvenFault['act']>[1]) => reassigned(context).some(({ detach }) => detach.length > 0);

/** Once the copy has ended: harms what was written. */
const whenCopied =
  (harm: (file: string) => Promise<void>): ProvenFault['act'] =>
  async (next, context) => {
    const stored = (await next()) as number;
    if (stored >= COPIED) {
      await harm(text(context, 'file'));
    }
    return stored;
  };

/** Chapter 4: more ways in which attaching and filling by hand go wrong. */
export const attachingFaults: readonly ProvenFault[] = [
  {
    id: 'attach-read-only',
    kind: 'lie',
    cause: 'StorPool attaches read-only what was asked for read/write',
    seam: 'storpool.VolumesReassignWait',
    when: (context) => !detaches(context),
    reddens: ['fill.attach'],
    act: (next, context) => {
      for (const entry of reassigned(context)) {
        [entry.ro, entry.rw] = [entry.rw, []];
      }
      return next();
    },
  },
  {
    id: 'attach-twice',
    kind: 'leak',
    cause: 'The volume is attached read/write on another host as well, by somebody who forgot it (F44)',
    seam: 'storpool.AttachmentsList',
    reddens: ['fill.attach'],
    guideSees: '`storpool attach here` says OK, and `file -L` shows the device.',
    act: attachmentsTold((row) => [row, { ...row, client: 13 }]),
  },
  {
    id: 'attach-refused',
    kind: 'refuse',
    cause: 'StorPool does not know the client: it never joined the cluster (F3)',
    seam: 'storpool.VolumesReassignWait',
    when: (context) => !detaches(context),
    reddens: ['fill.attach'],
    act: refuse(storpoolError('objectDoesNotExist', "Client '1' does not exist.", 404)),
  },
  {
    id: 'attach-device-vanishes',
    kind: 'restart',
    cause: 'storpool_block is restarted, and the device does not come back',
    seam: 'agent.attach',
    waits: true,
    reddens: ['fill.attach'],
    act: async (next, context) => {
      await next();
      await rm(join(text(context, 'devices'), text(context, 'volume')));
    },
  },
  {
    id: 'attach-wrong-byid',
    kind: 'corrupt',
    cause: "The device of the volume's name is not the one of its global id (Launchpad 2033292)",
    seam: 'storpool.VolumeGetInfo',
    skip: 1,
    reddens: ['fill.attach'],
    act: async (next) => {
      const reply = (await next()) as { body: { data: object } };
      return { ...reply, body: { ...reply.body, data: { ...reply.body.data, globalId: 'd.n.zzz' } } };
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
    act: whenCopied((file) => blank(file, 3 * MIB, 4096)),
  },
  {
    id: 'fill-misplaced-block',
    kind: 'corrupt',
    cause: 'A wrong block map: one block shows what belongs elsewhere (F45)',
    seam: 'bytes.stored',
    reddens: ['fill.bytes'],
    act: whenCopied((file) => misplace(file, MIB, 5 * MIB)),
  },
  {
    id: 'fill-torn-block',
    kind: 'corrupt',
    cause: 'One replica has half of a block (F45, F48)',
    seam: 'bytes.stored',
    reddens: ['fill.bytes'],
    act: whenCopied((file) => tear(file, 4 * MIB)),
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
    when: ({ details }) => details['host'] !== 'controller',
    reddens: ['fill.reread'],
    act: afterwards((file) => spoil(file, 3 * MIB)),
  },
  {
    id: 'reread-block-down',
    kind: 'stick',
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
    when: ({ details }) => details['host'] !== 'controller',
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
    act: listTold((row) => (row.name === 'customer-db' ? { ...row, globalId: 'd.n.zzz' } : row)),
  },
  {
    id: 'neighbour-resized',
    kind: 'lie',
    cause: "The run changes the size of somebody else's volume",
    seam: 'storpool.VolumesList',
    skip: 1,
    reddens: ['run.nothing-left'],
    during: ['delete'],
    act: listTold((row) => (row.name === 'customer-files' ? { ...row, size: 2 * GIB } : row)),
  },
  {
    id: 'neighbour-deleted',
    kind: 'lose',
    cause: "The run deletes somebody else's volume",
    seam: 'storpool.VolumesList',
    skip: 1,
    reddens: ['run.nothing-left'],
    during: ['delete'],
    act: listTold((row) => (row.name === 'customer-files' ? undefined : row)),
  },
];
