import { z } from 'zod';
import { OpenstackApi } from '../http/openstack-api.ts';
import type { Session } from '../keystone/keystone.ts';

const TYPE = 'network';
const VERSION = '/v2.0';
const listed = z.object({ ports: z.array(z.object({ id: z.string() })) });

/** The ids of a server's ports in Neutron, also after the server is gone; none where the catalogue has no Neutron. */
export async function portsOf(session: Pick<Session, 'catalogue' | 'api'>, serverId: string): Promise<string[]> {
  if (!session.catalogue.some(({ type }) => type === TYPE)) {
    return [];
  }
  const own = session.api('Neutron', TYPE);
  const neutron = new OpenstackApi(own);
  // Some catalogues name the version, most do not.
  const path = `${own.http.baseUrl.endsWith(VERSION) ? '' : VERSION}/ports`;
  const { ports } = await neutron.json(listed, { method: 'GET', path, query: { device_id: serverId } });
  return ports.map(({ id }) => id);
}
