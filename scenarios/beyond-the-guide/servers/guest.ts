import { hostNamed } from '../../../fixtures/devices/host-named.ts';
import type { GuestDisks } from '../../../fixtures/images/virtio-disks.ts';
import type { Witness } from '../../../fixtures/scenario/witness.ts';
import type { Host } from '../../../helpers/hosts/host.ts';
import type { Server } from '../../../helpers/nova/servers.ts';

/**
 * The disk of a server's libvirt domain must have that size, in bytes; undefined: an encrypted one, which is smaller than its device by what
 * the encryption needs. Where nobody can be asked, that is noted.
 */
export async function seeDiskOfDomain(
  see: Witness,
  hosts: readonly Host[],
  { instanceName, host }: Pick<Server, 'instanceName' | 'host'>,
  device: string | undefined,
  size: number | undefined,
): Promise<void> {
  const hypervisor = hostNamed(hosts, host);
  const target = device?.replace('/dev/', '');
  if (hypervisor === undefined || instanceName === undefined || target === undefined) {
    see.note('disk of the domain', `${host ?? 'the hypervisor is not shown'}: cannot be asked, give --hosts`);
    return;
  }
  const { exitCode, stdout, stderr } = await hypervisor.run(['virsh', 'domblkinfo', instanceName, target]);
  if (exitCode !== 0) {
    see.note('disk of the domain', `virsh does not tell: ${stderr.trim() || 'it is not there'}`);
    return;
  }
  const capacity = Number(/^Capacity:\s*(\d+)/m.exec(stdout)?.[1]);
  if (size === undefined) {
    see.note(`capacity of ${target} of ${instanceName}`, `${capacity}: encrypted, not compared`);
  } else {
    see.equal(`capacity of ${target} of ${instanceName}`, capacity, size);
  }
  const errors = await hypervisor.run(['virsh', 'domblkerror', instanceName]);
  see.equal('errors of its disks', errors.stdout.trim(), 'No errors found');
}

/**
 * One of the guest's disks must hold what was stamped for that owner. Where the guest cannot read all its disks, or has none that it knows,
 * what it does not find is only noted.
 */
export function seeDiskInGuest(
  see: Witness,
  told: GuestDisks,
  { run, owner }: { readonly run: string; readonly owner: string },
): void {
  const { owners, seen, read } = told;
  const isFound = owners.includes(`${run}${owner}`);
  const words = `${seen} virtio disks, ${read} read; stamped: ${owners.trim() || 'none'}`;
  if (!isFound && (seen === 0 || read < seen)) {
    see.note('in the guest', `not known: the guest cannot read all of its disks (${words})`);
    return;
  }
  see.that('disks of the guest', isFound, words, `one that holds what was written to volume ${owner}`);
}
