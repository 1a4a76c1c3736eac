import type { Environment } from '../config.ts';
import { isSomething, isTable, type Table } from '../python/values.ts';
import { firstFile } from './files.ts';

/** Vendors whose settings come with openstacksdk itself (openstack/openstacksdk@0.101.0 openstack/config/vendors). None is a cloud on StorPool. */
const BUILT_IN = new Set(
  'auro betacloud bluebox catalyst citycloud conoha dreamcompute elastx entercloudsuite fuga ibmcloud internap limestonenetworks otc ovh ovh-us rackspace switchengines ultimum unitedstack vexxhost zetta'.split(
    ' ',
  ),
);

export interface Profile {
  readonly settings?: Table;
  /** What a person should know of it, and goes on. */
  readonly note?: string;
  /** Why the suite cannot know its settings. */
  readonly unknown?: string;
}

/**
 * What a cloud's `profile` (once called `cloud`) stands for: an entry of clouds-public.yaml. As openstacksdk does, goes on without one that
 * nobody knows. Throws BadFile.
 */
export function profileOf(cloud: Table, ownName: string, environment: Environment, cwd: string): Profile {
  const name = cloud.has('profile') ? cloud.get('profile') : cloud.get('cloud');
  if (!isSomething(name) || name === ownName) {
    return {};
  }
  const file = firstFile('clouds-public', undefined, environment, cwd);
  const known = file?.content.get('public-clouds');
  const settings = isTable(known) && typeof name === 'string' ? known.get(name) : undefined;
  if (isTable(settings)) {
    return { settings };
  }
  const shown = typeof name === 'string' ? name : 'what it names';
  if (BUILT_IN.has(shown) || /^\w+:\/\//.test(shown)) {
    return { unknown: `${shown} is a vendor's profile that the suite does not have: write its settings into the cloud's entry` };
  }
  return { note: `profile: ${shown} is in no clouds-public.yaml, and openstacksdk goes on without it` };
}
