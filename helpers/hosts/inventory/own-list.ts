import { z } from 'zod';
import type { NamedHost } from './reach.ts';

const entrySchema = z.union([
  z.string().transform((name) => ({ name })),
  z.strictObject({
    name: z.string(),
    roles: z.array(z.enum(['controller', 'hypervisor'])).optional(),
    /** `user@address` */
    ssh: z.string().optional(),
    port: z.number().optional(),
    identity_file: z.string().optional(),
    options: z.array(z.string()).optional(),
    docker: z.string().optional(),
    local: z.boolean().optional(),
  }),
]);
type Entry = z.output<typeof entrySchema>;

/** Hosts of the suite's own list. Throws ZodError. */
export function fromOwnList(document: unknown): NamedHost[] {
  return z.array(entrySchema).parse(document).map(fromEntry);
}

function fromEntry(entry: Entry): NamedHost {
  const { name } = entry;
  const roles = 'roles' in entry && entry.roles !== undefined ? { roles: entry.roles } : {};
  if ('local' in entry && entry.local === true) {
    return { name, ...roles, way: { kind: 'local' } };
  }
  if ('docker' in entry && entry.docker !== undefined) {
    return { name, ...roles, way: { kind: 'docker', container: entry.docker } };
  }
  const more = 'ssh' in entry ? entry : undefined;
  return {
    name,
    ...roles,
    way: {
      kind: 'ssh',
      route: {
        destination: more?.ssh ?? name,
        ...(more?.port === undefined ? {} : { port: more.port }),
        ...(more?.identity_file === undefined ? {} : { identityFile: more.identity_file }),
        ...(more?.options === undefined ? {} : { options: more.options }),
      },
    },
  };
}
