import { onHypervisor } from '../../fixtures/mock/faults/hosts.ts';
import { hang } from '../../fixtures/mock/faults/interrupted-work.ts';
import type { ProvenFault } from '../../fixtures/mock/faults/proven-fault.ts';
import { cinderRefusal, fail, refuse, refuseAfterwards } from '../../fixtures/mock/faults/replies.ts';
import { missingFromList } from '../../fixtures/mock/faults/reported.ts';

const CREATE_SERVER = ['nova.createServer', 'nova.createServerFromVolume'];

/** How a server can fail to become active. */
export const bootActiveFaults: readonly ProvenFault[] = [
  {
    id: 'boot-fails',
    kind: 'refuse',
    cause: 'nova-compute has no driver for StorPool volumes: the server ends in ERROR (F56)',
    seam: 'nova.connect',
    reddens: ['boot.active'],
    act: fail('No volume driver for storpool volumes'),
  },
  {
    id: 'boot-no-valid-host',
    kind: 'refuse',
    cause: 'No hypervisor takes the server (F1, F58)',
    seam: 'nova.scheduler',
    reddens: ['boot.active'],
    act: fail('No valid host was found.'),
  },
  {
    id: 'boot-stuck',
    kind: 'stick',
    cause: 'The server stays in BUILD (F1)',
    seam: 'nova.boot',
    reddens: ['boot.active'],
    act: hang,
  },
  {
    id: 'boot-over-quota',
    kind: 'refuse',
    cause: "The project's quota of instances is used up (F65)",
    seam: CREATE_SERVER,
    reddens: ['boot.active'],
    act: refuse(
      cinderRefusal(403, 'forbidden', 'Quota exceeded for instances: Requested 1, but already used 10 of 10 instances'),
    ),
  },
  {
    id: 'boot-done-but-error',
    kind: 'lie',
    cause: 'Nova makes the server and answers 500: a proxy gave up on it (F68)',
    seam: CREATE_SERVER,
    reddens: ['boot.active'],
    act: refuseAfterwards(cinderRefusal(500, 'computeFault', 'Unexpected API Error.')),
  },
  {
    id: 'boot-block-down',
    kind: 'stick',
    cause: 'storpool_block runs on no hypervisor: the server stays in BUILD (F1)',
    seam: 'health.client',
    when: onHypervisor,
    reddens: ['boot.active'],
    act: () => Promise.resolve('down'),
  },
  {
    id: 'boot-one-hypervisor-unprepared',
    kind: 'refuse',
    cause: 'Only some hypervisors were set up, and the scheduler picked another one (F57)',
    seam: 'nova.connect',
    reddens: ['boot.active'],
    guideSees: 'The server may land on a hypervisor that was set up: the guide boots only one.',
    act: () => Promise.reject(new Error("No module named 'storpool'")),
  },
  {
    id: 'boot-device-forbidden',
    kind: 'refuse',
    cause: 'QEMU may not open the device: its user has no right to it (F12)',
    seam: 'nova.qemu.start',
    reddens: ['boot.active'],
    act: fail('internal error: process exited while connecting to monitor: Permission denied'),
  },
  {
    id: 'boot-compute-restarts',
    kind: 'restart',
    cause: 'nova-compute is restarted while it builds: the server stays in BUILD',
    seam: 'nova.qemu.start',
    waits: true,
    reddens: ['boot.active'],
    act: hang,
  },
  {
    id: 'boot-volume-fails',
    kind: 'refuse',
    cause: 'Cinder cannot make the root volume from the snapshot (F59)',
    seam: 'cinder.driver.create_volume_from_snapshot',
    reddens: ['boot.active'],
    act: fail('StorPool API: insufficientResources'),
  },
  {
    id: 'boot-not-in-nova-list',
    kind: 'lose',
    cause: 'Nova shows the server by its id and leaves it out of its list: one of its cells does not answer',
    seam: 'nova.listServersDetail',
    reddens: ['boot.active'],
    act: missingFromList('servers'),
  },
];
