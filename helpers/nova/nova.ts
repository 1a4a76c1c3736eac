import type { Limits } from '../config/access.ts';
import { negotiate, versioned } from '../http/microversion.ts';
import { OpenstackApi } from '../http/openstack-api.ts';
import type { Session } from '../keystone/keystone.ts';
import { NovaCloud } from './cloud.ts';
import { NovaServerActions } from './server-actions.ts';
import { NovaServers } from './servers.ts';

/** 2.37 brought `networks: 'none'`, 2.84 reasons of what failed. 2.89 changes what a volume attachment is called, so the client stays below. */
const MICROVERSIONS = { type: 'compute', least: '2.37', most: '2.84' };

/** Nova v2.1, split by resource. Only `until…` methods wait; nothing is repeated. */
export class Nova {
  readonly servers: NovaServers;
  readonly actions: NovaServerActions;
  readonly cloud: NovaCloud;
  readonly #api: OpenstackApi;

  constructor(api: OpenstackApi, session: Session, limits: Pick<Limits, 'serverMs'>) {
    this.#api = api;
    this.actions = new NovaServerActions(api);
    this.cloud = new NovaCloud(api);
    this.servers = new NovaServers({ api, watch: session.watch, limits, actions: this.actions, cloud: this.cloud });
  }

  /** How many requests Nova got from this client. */
  get requests(): number {
    return this.#api.http.requests;
  }

  /** The ids of servers that a list has shown and that could not be read. */
  get unread(): readonly string[] {
    return this.#api.unread.of('servers');
  }

  /** What was negotiated, such as `compute 2.84`. */
  get microversion(): string | undefined {
    return this.#api.microversion;
  }
}

/** Opens Nova from the session's catalogue. Throws CannotRun when it is absent or too old. */
export async function openNova(session: Session, limits: Pick<Limits, 'serverMs'>): Promise<Nova> {
  const { http, tokens } = session.api('Nova', 'compute');
  const options = { http: { ...http, baseUrl: versioned(http.baseUrl, '/v2.1') }, tokens };
  const microversion = await negotiate(options, MICROVERSIONS);
  return new Nova(new OpenstackApi({ ...options, http: { ...options.http, isKnown: true }, microversion }), session, limits);
}
