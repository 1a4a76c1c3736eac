import { negotiate, versioned } from '../http/microversion.ts';
import { OpenstackApi } from '../http/openstack-api.ts';
import type { Session } from '../keystone/keystone.ts';
import { CinderAttachments } from './attachments.ts';
import { CinderBackEnds } from './back-ends.ts';
import { CinderMessages } from './messages.ts';
import { CinderSnapshots } from './snapshots.ts';
import { CinderVolumes, type VolumeLimits } from './volumes.ts';

/** 3.27 brought attachments. From 3.66 on a snapshot's `force` flag may not be false, so the client stays below. */
const MICROVERSIONS = { type: 'volume', least: '3.27', most: '3.64' };

/** Cinder v3, split by resource. Only `until…` methods wait; nothing is repeated. */
export class Cinder {
  readonly volumes: CinderVolumes;
  readonly snapshots: CinderSnapshots;
  readonly attachments: CinderAttachments;
  readonly backEnds: CinderBackEnds;
  readonly messages: CinderMessages;
  readonly #api: OpenstackApi;

  constructor(api: OpenstackApi, session: Session, limits: VolumeLimits) {
    this.#api = api;
    this.backEnds = new CinderBackEnds(api, session.projectId);
    this.messages = new CinderMessages(api, this.backEnds);
    this.volumes = new CinderVolumes(api, session.watch, limits, this.messages);
    this.snapshots = new CinderSnapshots(api, session.watch, limits, this.messages);
    this.attachments = new CinderAttachments(api);
  }

  /** How many requests Cinder got from this client. */
  get requests(): number {
    return this.#api.http.requests;
  }

  /** The ids of what a list has shown and that could not be read. */
  unread(list: 'volumes' | 'snapshots' | 'attachments'): readonly string[] {
    return this.#api.unread.of(list);
  }

  /** What was negotiated, such as `volume 3.64`. */
  get microversion(): string | undefined {
    return this.#api.microversion;
  }
}

/** Opens Cinder from the session's catalogue. Throws CannotRun when it is absent or too old. */
export async function openCinder(session: Session, limits: VolumeLimits): Promise<Cinder> {
  const { http, tokens } = session.api('Cinder', 'volumev3', 'block-storage', 'block-store', 'volume');
  const options = { http: { ...http, baseUrl: versioned(http.baseUrl, `/v3/${session.projectId}`) }, tokens };
  const microversion = await negotiate(options, MICROVERSIONS);
  return new Cinder(new OpenstackApi({ ...options, http: { ...options.http, isKnown: true }, microversion }), session, limits);
}
