import { hostNamed } from '../../../fixtures/devices/host-named.ts';
import type { Witness } from '../../../fixtures/scenario/witness.ts';
import type { Host } from '../../../helpers/hosts/host.ts';
import type { Server } from '../../../helpers/nova/servers.ts';

/** The disk of a server's libvirt domain must have that size, in bytes. Where nobody can be asked, that is noted. */
export async function seeDiskOfDomain(
  see: Witness,
  hosts: readonly Host[],
  { instanceName, host }: Pick<Server, 'instanceName' | 'host'>,
  device: string | undefined,
  size: number,
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
  see.equal(`capacity of ${target} of ${instanceName}`, Number(/^Capacity:\s*(\d+)/m.exec(stdout)?.[1]), size);
  const errors = await hypervisor.run(['virsh', 'domblkerror', instanceName]);
  see.equal('errors of its disks', errors.stdout.trim(), 'No errors found');
}
