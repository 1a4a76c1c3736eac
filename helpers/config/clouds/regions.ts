import { isSomething, isTable, Plain, type Table, type Value } from '../python/values.ts';
import { Unfit } from './files.ts';

export interface Region {
  readonly name: string;
  /** Settings that hold in this region. */
  readonly values: Table;
}

/**
 * The region that is meant: the one asked for, else the first of `regions`, else of `region_name`, which may be a list or words with commas
 * between them (openstack/openstacksdk@0.101.0 openstack/config/loader.py, _get_known_regions). Throws Unfit when there is none of that name.
 */
export function regionOf(cloud: Table, profile: Table | undefined, asked: string): Region {
  const known = knownRegions(cloud, profile);
  if (known === undefined || known.length === 0) {
    return { name: asked, values: new Map() };
  }
  const found = asked === '' ? known[0] : known.find(({ name }) => name === asked);
  if (found === undefined) {
    throw new Unfit(`region ${asked} is none of this cloud's: ${known.map(({ name }) => name).join(', ')}`);
  }
  return found;
}

function knownRegions(cloud: Table, profile: Table | undefined): Region[] | undefined {
  const [regions, name] = [lastOf(cloud, 'regions'), lastOf(cloud, 'region_name')];
  if (regions !== undefined) {
    return expanded(regions);
  }
  if (name !== undefined) {
    const text = name instanceof Plain ? name.faithful : name;
    return expanded(typeof text === 'string' ? text.split(',') : name);
  }
  const [vendors, vendorsName] = [profile?.get('regions'), profile?.get('region_name')];
  if (isSomething(vendors) && !(Array.isArray(vendors) && vendors.length === 0)) {
    return expanded(vendors);
  }
  return isSomething(vendorsName) ? expanded([vendorsName]) : undefined;
}

/** Dashes count as underscores. */
function lastOf(table: Table, key: string): Value | undefined {
  return [...table].findLast(([name]) => typeof name === 'string' && name.replaceAll('-', '_') === key)?.[1];
}

function expanded(regions: Value): Region[] {
  if (!Array.isArray(regions)) {
    throw new Unfit('regions must be a list, and region_name a name or a list');
  }
  return regions.map((given: Value) => {
    const region = given instanceof Plain ? (given.faithful ?? given) : given;
    if (typeof region === 'string') {
      return { name: region, values: new Map() };
    }
    const name = isTable(region) ? region.get('name') : undefined;
    const values = isTable(region) ? (region.get('values') ?? new Map()) : undefined;
    const hasMore = isTable(region) && [...region.keys()].some((key) => key !== 'name' && key !== 'values');
    if (typeof name !== 'string' || !isTable(values) || hasMore) {
      throw new Unfit('each region is a name in text (in quotes, if it looks like a number), or {name, values}');
    }
    return { name, values };
  });
}
