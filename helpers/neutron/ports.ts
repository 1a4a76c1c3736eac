import { z } from 'zod';
import { versioned } from '../http/microversion.ts';
import { OpenstackApi } from '../http/openstack-api.ts';
import type { Session } from '../keystone/keystone.ts';

const TYPE = 'network';
const listed = z.object({ ports: z.array(z.object({ id: z.string() })) });

/** The ids of a server's ports in Neutron, also after the server is gone; none where the catalogue has no Neutron. */
export async function portsOf(session: Pick<Session, 'catalogue' | 'api'>, serverId: string): Promise<string[]> {
  if (!session.catalogue.some(({ type }) => type === TYPE)) {
    return [];
  }
  const { http, tokens } = session.api('Neutron', TYPE);
  const neutron = new OpenstackApi({ http: { ...http, baseUrl: versioned(http.baseUrl, '/v2.0') }, tokens });
  const { ports } = await neutron.json(listed, { method: 'GET', path: '/ports', query: { device_id: serverId } });
  return ports.map(({ id }) => id);
}
