import { after } from '../../../fixtures/mock/faults/after.ts';
import {
  allLayersDisagree,
  forgottenByNova,
  IN_NOVA,
  IN_STORPOOL,
  type Moment,
} from '../../../fixtures/mock/faults/attachment-disagreement.ts';
import { foreignBytes } from '../../../fixtures/mock/faults/foreign-bytes.ts';
import { otherDisk, overlay } from '../../../fixtures/mock/faults/guest-disks.ts';
import type { ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';
import { fail, pretend, refuse } from '../../../fixtures/mock/faults/replies.ts';
import { type ReportedAttachment, reportedAttachments } from '../../../fixtures/mock/faults/reported.ts';

/** The one that is broken, of three. */
const BROKEN = { name: 'hypervisor-2', client: 12 } as const;

type When = NonNullable<ProvenFault['when']>;

const there: When = ({ details }) => details['host'] === BROKEN.name;
const bootsThere: When = ({ details }) => (details['plan'] as { host?: string } | undefined)?.host === BROKEN.name;

/** StorPool tells of what is attached there what `change` makes of it. */
const attachedThere = (change: (row: ReportedAttachment) => ReportedAttachment) =>
  reportedAttachments((row) => [row.client === BROKEN.client ? change(row) : row]);

const BOOTED: Moment = {
  ...{ prefix: 'everywhere', when: 'of the root volumes', check: 'everywhere.boots' },
  trigger: 'nova.createServer',
};
const PLUGGED: Moment = {
  ...{ prefix: 'everywhere-second', when: 'of a second volume', check: 'everywhere.second-volume' },
  trigger: 'nova.attachVolume',
};

/** How one hypervisor of several can be broken. */
export const everywhereFaults: readonly ProvenFault[] = [
  {
    id: 'everywhere-no-block-service',
    kind: 'stick',
    cause: 'storpool_block does not run on one hypervisor: no device appears there (F11)',
    seam: 'agent.attach',
    when: there,
    reddens: ['everywhere.boots', 'everywhere.by-hand'],
    act: pretend(undefined),
  },
  {
    id: 'everywhere-libvirt-refuses',
    kind: 'refuse',
    cause: 'libvirt starts no machine on one hypervisor (F61)',
    seam: 'nova.boot',
    when: bootsThere,
    reddens: ['everywhere.boots'],
    act: fail('internal error: cannot load AppArmor profile'),
  },
  {
    id: 'everywhere-client-65',
    kind: 'lie',
    cause: 'SP_OURID is missing on one hypervisor: its volumes are attached to the fallback client 65 (F38)',
    seam: IN_STORPOOL,
    reddens: ['everywhere.boots'],
    act: attachedThere((row) => ({ ...row, client: 65 })),
  },
  {
    id: 'everywhere-read-only',
    kind: 'lie',
    cause: 'One hypervisor gets its volumes read-only',
    seam: IN_STORPOOL,
    reddens: ['everywhere.boots'],
    act: attachedThere((row) => ({ ...row, rights: 'ro' })),
  },
  foreignBytes({
    ...{ id: 'everywhere-other-cluster', what: 'On one hypervisor, whose storpool.conf is of another cluster, a second volume' },
    // The root disk first.
    ...{ check: 'everywhere.second-volume', seam: 'agent.attach', when: there, skip: 1, times: 1 },
  }),
  {
    id: 'everywhere-placed-elsewhere',
    kind: 'lie',
    cause: 'Nova puts the server on another hypervisor than the one it was asked for',
    seam: 'nova.scheduler',
    when: ({ details }) => (details['hosts'] as readonly string[])[0] === BROKEN.name,
    reddens: ['everywhere.boots'],
    act: pretend('hypervisor-1'),
  },
  {
    id: 'everywhere-console-of-nobody',
    kind: 'corrupt',
    cause: 'The guests never got past the boot loader (F61)',
    seam: 'nova.console',
    waits: true,
    reddens: ['everywhere.boots'],
    act: pretend('SeaBIOS\r\nBooting from Hard Disk...\r\nNo bootable device.\r\n'),
  },
  {
    id: 'everywhere-attach-refused',
    kind: 'refuse',
    cause: 'Nova refuses to attach a second volume',
    seam: 'nova.attachVolume',
    times: 1,
    reddens: ['everywhere.second-volume'],
    act: refuse({ status: 400, body: { badRequest: { code: 400, message: 'No more PCI slots are available.' } } }),
  },
  {
    id: 'everywhere-second-stays',
    kind: 'leak',
    cause: 'Detaching leaves the second volume attached on one hypervisor (F59)',
    seam: 'nova.disconnect',
    when: there,
    times: 1,
    reddens: ['everywhere.second-volume'],
    act: pretend(undefined),
  },
  {
    id: 'everywhere-on-overlay',
    kind: 'lie',
    cause: 'One guest runs on a throw-away overlay of its root volume (F62)',
    seam: 'nova.qemu.start',
    reddens: ['everywhere.guest-writes'],
    act: otherDisk(1, 0, overlay),
  },
  {
    id: 'everywhere-server-stays',
    kind: 'stick',
    cause: 'One server is never deleted (F65)',
    seam: 'nova.terminate',
    times: 1,
    reddens: ['everywhere.guest-writes'],
    act: pretend(undefined),
  },
  foreignBytes({
    ...{ id: 'everywhere-ring-broken', what: 'The volume that goes from host to host' },
    // The root disk and the second one first.
    ...{ check: 'everywhere.by-hand', seam: 'agent.attach', when: there, skip: 2, times: 1 },
  }),
  allLayersDisagree(BOOTED),
  {
    id: 'everywhere-second-forgotten',
    kind: 'lie',
    cause: 'Nova has forgotten a second volume that it has attached (F59)',
    seam: ['nova.attachVolume', IN_NOVA],
    reddens: ['everywhere.second-volume'],
    act: after({ trigger: 'nova.attachVolume' }, forgottenByNova),
  },
  allLayersDisagree(PLUGGED),
];
