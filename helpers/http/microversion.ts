import { z } from 'zod';
import { CannotRun } from '../failure.ts';
import { type ApiOptions, OpenstackApi } from './openstack-api.ts';

export interface Wanted {
  /** `volume` or `compute`, as in the OpenStack-API-Version header. */
  readonly type: string;
  /** The oldest that will do, such as `3.27`. */
  readonly least: string;
  /** The newest that the client knows. */
  readonly most: string;
}

const document = z.object({
  version: z.string().optional(),
  max_version: z.string().optional(),
  min_version: z.string().optional(),
});
const versions = z.union([z.object({ version: document }), z.object({ versions: z.array(document).min(1) })]);

/**
 * Reads the version document of an endpoint such as `http://host:8776/v3/<project>` and picks the newest microversion that both
 * sides know. Throws CannotRun when the cloud is too old.
 */
export async function negotiate(options: Omit<ApiOptions, 'microversion'>, wanted: Wanted): Promise<string> {
  const { http } = options;
  const root = new OpenstackApi({ ...options, http: { ...http, baseUrl: rootOf(http.baseUrl) } });
  const found = await root.json(versions, { method: 'GET', path: '/' });
  const offered = newest('version' in found ? [found.version] : found.versions);
  if (offered === undefined || compare(offered, wanted.least) < 0) {
    throw new CannotRun(
      `this cloud's ${http.service} is too old for the suite`,
      { offered: offered ?? 'no microversions', needed: `${wanted.type} ${wanted.least}`, url: root.http.baseUrl },
      `Use a release whose ${http.service} has microversion ${wanted.least}.`,
    );
  }
  return `${wanted.type} ${compare(offered, wanted.most) < 0 ? offered : wanted.most}`;
}

/** An endpoint that has no version in it, as operators write them for clients that look for one, gets that of the API that is meant. */
export const versioned = (endpoint: string, version: string) => (VERSIONED.test(endpoint) ? endpoint : `${endpoint}${version}`);

const VERSIONED = /^.*?\/v\d+(\.\d+)?(?=\/|$)/;

/** The endpoint without its project. */
function rootOf(endpoint: string): string {
  const [root] = VERSIONED.exec(endpoint) ?? [endpoint];
  return root;
}

function newest(offers: readonly z.infer<typeof document>[]): string | undefined {
  const known = offers.map((offer) => offer.version || offer.max_version || '').filter((version) => version !== '');
  return known.toSorted(compare).at(-1);
}

/** Orders `3.9` before `3.27`. */
export function compare(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}
