import { untilGuestWrote } from '../../fixtures/devices/server-boot.ts';
import type { Content } from '../../fixtures/images/content.ts';
import type { DiskImage } from '../../fixtures/images/disk-image.ts';
import type { Witness } from '../../fixtures/scenario/witness.ts';
import type { World } from '../../fixtures/scenario/world.ts';
import type { Volume } from '../../helpers/cinder/volumes.ts';
import type { Server } from '../../helpers/nova/servers.ts';
import { contentAfterGuest, seeOnHypervisor, seeRebooted } from '../vocabulary/on-hypervisor.ts';

interface Booted {
  readonly server: Server;
  /** StorPool's name of its root volume. */
  readonly name: string;
  readonly volume: Volume;
  readonly picture: DiskImage;
}

/**
 * What the guest tells that it has written must stand on its root volume: while it runs, after a stop, and after a hard reboot, when it has
 * found there what it wrote before. Returns all that the volume holds then.
 */
export async function seeGuestWrites(
  see: Witness,
  world: World<never, 'guest' | 'stop' | 'reboot', never>,
  { server, name, volume, picture }: Booted,
): Promise<Content> {
  const { step, make, nova } = world;
  const contentAfter = contentAfterGuest(picture, volume);
  const first = await step('guest', () => untilGuestWrote(world, server.id));
  const before = { name, content: contentAfter(first) };
  await seeOnHypervisor(see, world, server, 'while the guest runs', before);
  const stopped = await step('stop', async () => {
    await make.alter.stopServer(server.id);
    return nova.servers.untilStatus(server.id, 'SHUTOFF');
  });
  await seeOnHypervisor(see, world, stopped, 'after a stop', before);
  return seeRebooted(see, world, server.id, { name, first, contentAfter });
}
