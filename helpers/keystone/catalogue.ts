import { z } from 'zod';
import type { CloudAccess, Face, ServiceType } from '../config/access.ts';
import { CannotRun } from '../failure.ts';

const endpointSchema = z.object({
  interface: z.string(),
  region: z.string().nullish(),
  region_id: z.string().nullish(),
  url: z.string(),
});
/** A service of Keystone's catalogue. */
export const entrySchema = z.object({ type: z.string(), name: z.string().optional(), endpoints: z.array(endpointSchema) });

export type CatalogueEntry = z.infer<typeof entrySchema>;

/** What settings of single services call them (os-service-types). */
const OFFICIAL: Readonly<Record<string, ServiceType>> = {
  volumev3: 'block-storage',
  'block-storage': 'block-storage',
  compute: 'compute',
  image: 'image',
};

/**
 * The URL of the first of `types` that the catalogue has, without a trailing slash; what the cloud's settings say of that service alone
 * comes first. Throws CannotRun when there is none.
 */
export function endpointOf(catalogue: readonly CatalogueEntry[], access: CloudAccess, types: readonly string[]): string {
  const official = OFFICIAL[types[0] ?? ''];
  const own = official === undefined ? undefined : access.services?.[official];
  if (own?.endpoint !== undefined) {
    return own.endpoint.replace(/\/+$/, '');
  }
  const { interface: wanted = access.interface, regionName = access.regionName, name, type: only } = own ?? {};
  const inRegion = (entry: z.infer<typeof endpointSchema>) =>
    regionName === undefined || entry.region_id === regionName || entry.region === regionName;
  for (const type of only === undefined ? types : [only]) {
    const entries = catalogue.filter((entry) => entry.type === type && (name === undefined || entry.name === name));
    const endpoints = entries.flatMap((entry) => entry.endpoints);
    const near = endpoints.filter(inRegion);
    const byFace = [wanted].flat().map((face) => near.filter((entry) => entry.interface === face));
    const fitting = byFace.find(({ length }) => length > 0) ?? [];
    const [found] = fitting;
    if (found !== undefined) {
      seeOneRegion(type, fitting);
      return found.url.replace(/\/+$/, '');
    }
  }
  const has = catalogue.map(({ type, endpoints }) => `${type} (${regionsOf(endpoints)})`).join(', ');
  throw new CannotRun(
    `Keystone's catalogue has no ${only ?? types[0]} endpoint`,
    { interface: [wanted].flat().join(', '), region: regionName, name, catalogue: has || '(empty)' },
    'Check the region name, the interface and the cloud’s endpoints: openstack catalog list',
  );
}

/** The one interface by which all services are found, for who can be told one alone; the first of several where there is none. */
export function oneInterface(catalogue: readonly CatalogueEntry[], access: CloudAccess): Face | undefined {
  const [first, ...others] = [access.interface].flat();
  const isWhole = (face: Face | undefined) =>
    Object.keys(OFFICIAL).every((type) => {
      const has = catalogue.some((entry) => entry.type === type);
      return !has || isFound(() => endpointOf(catalogue, { ...access, interface: face ?? [] }, [type]));
    });
  return [first, ...others].find(isWhole) ?? first;
}

function isFound(find: () => string): boolean {
  try {
    return find() !== '';
  } catch {
    return false;
  }
}

/** In which of several regions StorPool is nobody can tell from the catalogue: whoever takes the first may well take the wrong one. */
function seeOneRegion(type: string, endpoints: readonly z.infer<typeof endpointSchema>[]): void {
  const regions = [...new Set(endpoints.map(({ region, region_id: id }) => id ?? region ?? '-'))];
  if (regions.length > 1) {
    throw new CannotRun(
      `the cloud has a ${type} service in ${regions.length} regions, and none was named`,
      { regions: regions.join(', ') },
      'Name the one that has StorPool: region_name in clouds.yaml, or OS_REGION_NAME.',
    );
  }
}

function regionsOf(endpoints: readonly z.infer<typeof endpointSchema>[]): string {
  return [...new Set(endpoints.map(({ interface: face, region, region_id: id }) => `${face}@${id ?? region ?? '-'}`))].join(' ');
}
