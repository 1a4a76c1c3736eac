import { hostNamed } from '../../fixtures/devices/host-named.ts';
import { kernelFacts } from '../../fixtures/devices/kernel-folder.ts';
import { untilGuestWrote } from '../../fixtures/devices/server-boot.ts';
import type { KnownVolume } from '../../fixtures/devices/stamped-volume.ts';
import type { Content } from '../../fixtures/images/content.ts';
import type { DiskImage } from '../../fixtures/images/disk-image.ts';
import { NotApplicable, type Witness } from '../../fixtures/scenario/witness.ts';
import type { World } from '../../fixtures/scenario/world.ts';
import type { Volume } from '../../helpers/cinder/volumes.ts';
import { Device } from '../../helpers/hosts/devices/device.ts';
import type { Server } from '../../helpers/nova/servers.ts';

type Layers = Pick<World<never, never, never>, 'hosts' | 'hands' | 'storpool' | 'run' | 'signal'>;

/**
 * What a server's hypervisor has of a volume must be that volume: its device by all its links, its size, that it takes writes, its sectors, and all its bytes. Where the
 * hypervisor is not known here, that is noted; so is that a stopped server has let go of it.
 */
export async function seeOnHypervisor(
  see: Witness,
  { hosts, hands, storpool, run, signal }: Layers,
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
  const { isReadOnly, sectorBytes } = await kernelFacts(hypervisor, device.identity);
  const unfit = device.size === size ? isReadOnly && 'a device that takes no writes' : `a device of ${device.size} bytes`;
  const damage = unfit || hands.otherSectors(hypervisor, name, sectorBytes) || (await content.damageOn(device, signal));
  see.that(subject, damage === '', damage || `${size} bytes, as written`, `${size} bytes, as written`);
}

/** What a root volume holds once its guest has told a line. Throws NotApplicable where that cannot be known. */
export function contentAfterGuest(
  { afterGuest }: DiskImage,
  { encrypted, volumeType }: Pick<Volume, 'encrypted' | 'volumeType'>,
): (line: string | undefined) => Content {
  if (afterGuest === undefined) {
    throw new NotApplicable("what an operator's own image writes is not known; the canary image tells what it writes");
  }
  if (encrypted) {
    throw new NotApplicable(`volumes of type ${volumeType} are encrypted: StorPool holds none of the guest's own bytes`);
  }
  return (line = '') => afterGuest(line);
}

interface Guest {
  /** StorPool's name of its root volume. */
  readonly name: string;
  /** What it told last. */
  readonly first: string | undefined;
  readonly contentAfter: (line: string | undefined) => Content;
}

/**
 * After a hard reboot the guest must find on its disk what it wrote before, and what it writes then must stand on its root volume. Returns all
 * that the volume holds then.
 */
export async function seeRebooted(
  see: Witness,
  world: Layers & Pick<World<never, 'reboot', never>, 'step' | 'make' | 'nova' | 'disk'>,
  serverId: string,
  { name, first, contentAfter }: Guest,
): Promise<Content> {
  const { step, make, nova } = world;
  const [server, second] = await step('reboot', async () => {
    await make.alter.hardReboot(serverId);
    return [await nova.servers.untilActive(serverId), await untilGuestWrote(world, serverId, first)] as const;
  });
  const hasFoundIt = bootsIn(second) > bootsIn(first);
  see.that('what the guest found on its disk', hasFoundIt, second, `what it wrote before: more boots than in "${first}"`);
  const content = contentAfter(second);
  await seeOnHypervisor(see, world, server, 'after a hard reboot', { name, content });
  return content;
}

const bootsIn = (line = '') => Number(/\d+$/.exec(line)?.[0]);
