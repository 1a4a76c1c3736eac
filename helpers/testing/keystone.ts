import type { CloudAccess } from '../config/access.ts';
import type { Said, Seen } from './answering.ts';

const CATALOGUE_TYPES = ['volumev3', 'image', 'compute'];

export function cloudAccess(url: string, more: Partial<CloudAccess> = {}): CloudAccess {
  return {
    authUrl: `${url}/v3`,
    username: 'operator',
    password: 'hunter22',
    projectName: 'acceptance',
    userDomainName: 'Default',
    projectDomainName: 'Default',
    interface: 'public',
    regionName: 'RegionOne',
    ...more,
  };
}

/** Keystone's answer to a sign-in: `nth` is in the token, which lives for `lifeMs`. Every service is at `url`. */
export function tokenReply(url: string, nth: number, lifeMs = 3_600_000): Said {
  const now = Date.now();
  return {
    status: 201,
    headers: { 'x-subject-token': `token-${nth}` },
    body: {
      token: {
        issued_at: new Date(now).toISOString(),
        expires_at: new Date(now + lifeMs).toISOString(),
        user: { id: 'u1', name: 'operator', domain: { id: 'default', name: 'Default' } },
        project: { id: 'p1', name: 'acceptance' },
        roles: [{ id: 'r', name: 'admin' }],
        catalog: CATALOGUE_TYPES.map((type) => ({
          type,
          name: type,
          endpoints: [
            { interface: 'internal', region: 'RegionOne', region_id: 'RegionOne', url: 'http://inner' },
            { interface: 'public', region: 'RegionOne', region_id: 'RegionOne', url: `${url}/${type}/v3/p1/` },
            { interface: 'public', region: 'RegionTwo', region_id: 'RegionTwo', url: `${url}/two/${type}` },
          ],
        })),
      },
    },
  };
}

export function isSignIn({ method, url }: Seen): boolean {
  return method === 'POST' && url === '/v3/auth/tokens';
}
