import type { Witness } from '../../../fixtures/scenario/witness.ts';
import type { Host } from '../../../helpers/hosts/host.ts';

/** Where cinder-volume writes: as packages have it, and the service's output as the containers of this suite keep it. */
const LOGS = ['/var/log/cinder/cinder-volume.log', '/var/log/acceptance/cinder-volume.log'];
/** What the driver's retype ends with where it passes a name that its own API client does not know (StorPool reference §6.2). */
const DEFECT = "unexpected keyword argument 'template'";

/** The last line, by host and file, in which a driver's log tells of that defect. Hosts that keep no such log are noted. */
export async function driverDefects(see: Witness, hosts: readonly Host[]): Promise<string[]> {
  const found: string[] = [];
  for (const host of hosts) {
    for (const path of LOGS) {
      const { exitCode, stdout, stderr } = await host.run(['grep', '-n', '-e', DEFECT, path]);
      const line = stdout.trim().split('\n').at(-1) ?? '';
      if (exitCode === 0) {
        found.push(`${host.name} ${path}:${line}`);
      } else {
        see.note(`${path} on ${host.name}`, exitCode === 1 ? 'does not tell of it' : stderr.trim() || 'could not be searched');
      }
    }
  }
  return found;
}
