import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf } from '../failure.ts';
import type { HostRecord } from '../hosts/host.ts';
import type { Problems } from './problems.ts';
import { readYaml } from './yaml.ts';

const DEVICES = '/dev/storpool';

const routeSchema = z.strictObject({
  destination: z.string().min(1),
  port: z.number().int().min(1).exactOptional(),
  identityFile: z.string().exactOptional(),
  configFile: z.string().exactOptional(),
  options: z.array(z.string()).exactOptional(),
});
const hostSchema = z.strictObject({
  name: z.string().min(1),
  client: z.number().int().min(1).max(4095),
  devices: z.string().startsWith('/').default(DEVICES),
  transport: z.union([
    z.literal('local').transform(() => ({ kind: 'local' as const })),
    z.strictObject({ kind: z.literal('local') }),
    z.strictObject({ kind: z.literal('docker'), container: z.string().min(1) }),
    z.strictObject({ kind: z.literal('ssh'), route: routeSchema }),
  ]),
  loops: z.boolean().exactOptional(),
  files: z.boolean().exactOptional(),
  root: z.string().startsWith('/').exactOptional(),
  roles: z.array(z.enum(['controller', 'hypervisor'])).exactOptional(),
});
const fileSchema = z.array(hostSchema).min(1);

/** The hosts of a YAML file, or of a list as such a file has it: `{name, client, devices, transport}`, the operator's seat first. */
export function readHosts(given: string | readonly unknown[], problems: Problems): HostRecord[] {
  const where = typeof given === 'string' ? given : 'hosts';
  try {
    const parsed = fileSchema.safeParse(typeof given === 'string' ? readYaml(readFileSync(given, 'utf8')) : given);
    if (parsed.success) {
      checkUnique(where, parsed.data, problems);
      return parsed.data;
    }
    for (const issue of parsed.error.issues) {
      problems.add(`${where}: ${issue.path.join('.') || 'the file'}`, issue.message);
    }
  } catch (error) {
    problems.add(where, messageOf(error).split('\n')[0] ?? '');
  }
  return [];
}

/** This machine, when nothing else is said. */
export function thisHost(name: string, client: number | undefined, problems: Problems): HostRecord[] {
  if (client === undefined) {
    problems.add(
      'SP_OURID',
      `missing: neither storpool.conf's section [${name}] nor the environment tells this host's client id`,
    );
    return [];
  }
  return [{ name, client, devices: DEVICES, transport: { kind: 'local' } }];
}

function checkUnique(path: string, hosts: readonly HostRecord[], problems: Problems): void {
  for (const key of ['name', 'client'] as const) {
    const values = hosts.map((host) => host[key]);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) {
      problems.add(`${path}: ${key}`, `${twice} is given twice`);
    }
  }
}
