import { hostNamed } from '../../fixtures/devices/host-named.ts';
import type { KnownVolume } from '../../fixtures/devices/stamped-volume.ts';
import type { Witness } from '../../fixtures/scenario/witness.ts';
import type { World } from '../../fixtures/scenario/world.ts';
import { Device } from '../../helpers/hosts/devices/device.ts';
import type { Server } from '../../helpers/nova/servers.ts';

type Layers = Pick<World<never, never, never>, 'hosts' | 'storpool' | 'run' | 'signal'>;

/**
 * What a server's hypervisor has of a volume must be that volume: its device by all its links, its size, and all its bytes. Where the
 * hypervisor is not known here, that is noted; so is that a stopped server has let go of it.
 */
export async function seeOnHypervisor(
  see: Witness,
  { hosts, storpool, run, signal }: Layers,
  { host, status }: Pick<Server, 'host' | 'status'>,
  what: string,
  { name, content }: Pick<KnownVolume, 'name' | 'content'>,
): Promise<void> {
  const hypervisor = hostNamed(hosts, host);
  if (hypervisor === undefined) {
    see.note(what, `${host ?? 'the hypervisor is not shown'}: cannot be read there, give --hosts`);
    return;
  }
  const { globalId, size } = await storpool.volumes.info(name);
  const subject = `${what} on ${hypervisor.name}`;
  const device = await hypervisor.prove({ name, globalId, size, mark: run });
  if (!(device instanceof Device)) {
    const isLetGo = device.isMissing && status === 'SHUTOFF';
    see.that(subject, isLetGo, device.why, isLetGo ? 'let go of' : 'its device');
    return;
  }
  const damage = device.size === size ? await content.damageOn(device, signal) : `a device of ${device.size} bytes`;
  see.that(subject, damage === '', damage || `${size} bytes, as written`, `${size} bytes, as written`);
}
