import { expect, test } from 'vitest';
import { answering, type Said, type Seen } from '../testing/answering.ts';
import { portsOf } from './ports.ts';

const PORTS = [
  { id: 'p1', device_id: 's1' },
  { id: 'p2', device_id: 's2' },
];

const answer = ({ url }: Seen): Said => {
  const { pathname, searchParams } = new URL(url, 'http://x');
  const ports = PORTS.filter(({ device_id: of }) => of === searchParams.get('device_id'));
  return pathname === '/v2.0/ports' ? { body: { ports } } : { status: 404 };
};

function session(url: string, type: string) {
  const tokens = { token: async () => 't', renew: async () => 't' };
  return {
    catalogue: [{ type, endpoints: [] }],
    api: (service: string) => ({ http: { service, baseUrl: url, requestMs: 60_000 }, tokens }),
  };
}

test.for(['', '/v2.0'])('the ports of one server are told, of a Neutron whose address ends in "%s"', async (end) => {
  await using server = await answering(answer);

  expect(await portsOf(session(`${server.url}${end}`, 'network'), 's2')).toEqual(['p2']);
});

test('where there is no Neutron there are no ports', async () => {
  await using server = await answering(answer);

  expect(await portsOf(session(server.url, 'compute'), 's2')).toEqual([]);
});
