import { untilGuestWrote } from '../../fixtures/devices/server-boot.ts';
import type { Content } from '../../fixtures/images/content.ts';
import type { DiskImage } from '../../fixtures/images/disk-image.ts';
import { NotApplicable, type Witness } from '../../fixtures/scenario/witness.ts';
import type { World } from '../../fixtures/scenario/world.ts';
import type { Volume } from '../../helpers/cinder/volumes.ts';
import type { Server } from '../../helpers/nova/servers.ts';
import { seeOnHypervisor } from '../vocabulary/on-hypervisor.ts';

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
  { server, name, volume, picture: { afterGuest } }: Booted,
): Promise<Content> {
  const { step, make, nova } = world;
  if (afterGuest === undefined) {
    throw new NotApplicable("what an operator's own image writes is not known; the canary image tells what it writes");
  }
  if (volume.encrypted) {
    throw new NotApplicable(`volumes of type ${volume.volumeType} are encrypted: StorPool holds none of the guest's own bytes`);
  }
  const first = await step('guest', () => untilGuestWrote(world, server.id));
  const before = { name, content: afterGuest(first ?? '') };
  await seeOnHypervisor(see, world, server, 'while the guest runs', before);
  const stopped = await step('stop', async () => {
    await make.alter.stopServer(server.id);
    return nova.servers.untilStatus(server.id, 'SHUTOFF');
  });
  await seeOnHypervisor(see, world, stopped, 'after a stop', before);
  const [again, second] = await step('reboot', async () => {
    await make.alter.hardReboot(server.id);
    return [await nova.servers.untilActive(server.id), await untilGuestWrote(world, server.id, first)] as const;
  });
  const hasFoundIt = bootsIn(second) > bootsIn(first);
  see.that('what the guest found on its disk', hasFoundIt, second, `what it wrote before: more boots than in "${first}"`);
  const content = afterGuest(second ?? '');
  await seeOnHypervisor(see, world, again, 'after a hard reboot', { name, content });
  return content;
}

const bootsIn = (line = '') => Number(/\d+$/.exec(line)?.[0]);
