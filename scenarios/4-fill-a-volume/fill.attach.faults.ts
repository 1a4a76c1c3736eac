import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../fixtures/mock/core/shell-command.ts';
import { attachedElsewhere, both, byName } from '../../fixtures/mock/faults/device-links.ts';
import { leaveDeviceElsewhere, onController } from '../../fixtures/mock/faults/hosts.ts';
import { detail, type ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { detaches, isDetach, reassignmentsOf } from '../../fixtures/mock/faults/reassign.ts';
import { pretend, refuse, retell, type StorpoolData, storpoolError } from '../../fixtures/mock/faults/replies.ts';
import { reportedAttachments } from '../../fixtures/mock/faults/reported.ts';

/** How attaching by hand can go wrong. */
export const fillAttachFaults: readonly ProvenFault[] = [
  {
    id: 'attach-elsewhere',
    kind: 'lie',
    cause: "This host's SP_OURID is another host's: the volume is attached there (F38)",
    seam: 'storpool.VolumesReassignWait',
    waits: true,
    reddens: ['fill.attach'],
    act: (next, context) => {
      for (const entry of reassignmentsOf(context)) {
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
    when: onController,
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
      const devices = detail(context, 'devices');
      const foreign = (await readdir(devices)).find((name) => !name.includes('--volume-'));
      if (foreign !== undefined) {
        const own = join(devices, detail(context, 'volume'));
        await runCommand(['ln', '-sfn', foreign, own]);
      }
    },
  },
  {
    id: 'attach-read-only',
    kind: 'lie',
    cause: 'StorPool attaches read-only what was asked for read/write',
    seam: 'storpool.VolumesReassignWait',
    when: (context) => !detaches(context),
    reddens: ['fill.attach'],
    act: (next, context) => {
      for (const entry of reassignmentsOf(context)) {
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
    act: reportedAttachments((row) => [row, { ...row, client: 13 }]),
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
      await rm(join(detail(context, 'devices'), detail(context, 'volume')));
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
    id: 'attach-device-elsewhere',
    kind: 'leak',
    cause: 'Another host keeps a device of that name from an earlier attachment (F14, F44)',
    seam: 'agent.attach',
    when: onController,
    reddens: ['fill.attach', 'run.nothing-left'],
    act: leaveDeviceElsewhere,
  },
  {
    id: 'attach-links-of-neighbour',
    kind: 'corrupt',
    cause: "Both links of the volume, by name and by global id, lead to another volume's device",
    seam: 'agent.attach',
    waits: true,
    guideSees: '`file -L` shows a block device: of somebody else.',
    reddens: ['fill.attach'],
    act: attachedElsewhere(both),
  },
  {
    id: 'attach-no-storpool-device',
    kind: 'corrupt',
    cause: 'Both links of the volume lead to a device that is none of StorPool’s',
    seam: 'agent.attach',
    waits: true,
    reddens: ['fill.attach'],
    act: attachedElsewhere(({ byName: name, byId }) => both({ byName: name, byId, foreign: '/dev/null' })),
  },
  {
    id: 'attach-name-only-of-neighbour',
    kind: 'corrupt',
    cause: "A release without links by global id, and the name's link leads to another volume's device (Launchpad 2033292)",
    seam: 'agent.attach',
    waits: true,
    guideSees: '`file -L` shows a block device: of somebody else.',
    reddens: ['fill.attach'],
    act: attachedElsewhere(async (links) => {
      await rm(join(links.byId, '..'), { recursive: true });
      await byName(links);
    }),
  },
];
