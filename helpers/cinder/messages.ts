import { z } from 'zod';
import { typed } from '../commands/commands.ts';
import { CouldNotCheck } from '../failure.ts';
import type { OpenstackApi } from '../http/openstack-api.ts';
import { servicesDown } from '../openstack-services.ts';
import type { CinderBackEnds } from './back-ends.ts';

const messageSchema = z
  .object({
    id: z.string(),
    user_message: z.string(),
    resource_uuid: z.string().nullish(),
    resource_type: z.string().nullish(),
    request_id: z.string().nullish(),
    event_id: z.string().nullish(),
    created_at: z.string(),
  })
  .transform((m) => ({
    id: m.id,
    text: m.user_message,
    resourceId: m.resource_uuid ?? undefined,
    resourceType: m.resource_type ?? undefined,
    requestId: m.request_id ?? undefined,
    eventId: m.event_id ?? undefined,
    createdAt: m.created_at,
  }));

/** What Cinder tells users about an operation that went wrong after it was accepted. */
export type CinderMessage = z.output<typeof messageSchema>;

/** How the event of a message ends that says so. */
const NOT_CONVERTED = '_029';

/** Cinder's user messages (microversion 3.3, filters 3.5). */
export class CinderMessages {
  readonly #api: OpenstackApi;

  readonly #backEnds: Pick<CinderBackEnds, 'services'>;

  constructor(api: OpenstackApi, backEnds: Pick<CinderBackEnds, 'services'>) {
    this.#api = api;
    this.#backEnds = backEnds;
  }

  /** The messages about a volume, snapshot or other object, newest first. */
  async list(resourceId: string): Promise<CinderMessage[]> {
    const found = await this.#api.list('messages', messageSchema, '/messages', { resource_uuid: resourceId });
    return found
      .filter((message) => message.resourceId === resourceId)
      .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  /**
   * What an operator's own settings keep Cinder from, when that is its last word about a volume: to convert an image.
   * source: openstack/cinder cinder/message/message_field.py, IMAGE_FORMAT_UNACCEPTABLE, left only by ImageConversionNotAllowed in
   * cinder/volume/flows/manager/create_volume.py
   */
  async unwilling(resourceId: string): Promise<CouldNotCheck | undefined> {
    const [newest] = await this.list(resourceId).catch((): CinderMessage[] => []);
    if (newest?.eventId?.endsWith(NOT_CONVERTED) !== true) {
      return;
    }
    const what = 'Cinder converts no images here (image_conversion_disable): it makes volumes of raw ones only';
    const advice =
      'Let the run look at the host of cinder-volume (--hosts, with preliminary-setup): the canary is a raw image then. Or name a raw image: --image FILE';
    return new CouldNotCheck(what, { said: newest.text }, advice);
  }

  /** Advice for a person whose volume or snapshot went wrong: services that are down, Cinder's own words, or where to look. */
  async advice(resourceId: string): Promise<string> {
    const [[newest], down] = await Promise.all([
      this.list(resourceId).catch((): CinderMessage[] => []),
      servicesDown(() => this.#backEnds.services()),
    ]);
    return `${down}${adviceFor(resourceId, newest)}`;
  }
}

function adviceFor(resourceId: string, newest: CinderMessage | undefined): string {
  if (newest === undefined) {
    return typed`Cinder left no message about it. Look into cinder-volume's and cinder-scheduler's logs: grep ${resourceId}`;
  }
  const where = newest.requestId === undefined ? '' : typed` Look into cinder-volume's log: grep ${newest.requestId}`;
  return `Cinder says: ${newest.text}${where}`;
}
