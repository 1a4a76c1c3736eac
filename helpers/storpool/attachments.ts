import { z } from 'zod';
import { type Told, told } from '../told.ts';
import type { Passing, StorpoolApi } from './api.ts';
import { apiOk } from './volumes.ts';

const attachmentSchema = z.object({
  /** The name of the volume or snapshot. */
  volume: z.string(),
  snapshot: z.boolean(),
  /** SP_OURID of the host. */
  client: z.coerce.number(),
  rights: z.enum(['rw', 'ro']),
  globalId: z.string().optional(),
});
export type StorpoolAttachment = z.output<typeof attachmentSchema>;

type Attachable = { readonly volume: string } | { readonly snapshot: string };

export type Attach = Attachable & {
  readonly client: number;
  /** Snapshots are always read-only. */
  readonly mode?: 'rw' | 'ro';
  /** How long StorPool waits for the client; without it StorPool would wait for ever, so there is no default of none. */
  readonly timeoutSeconds?: number;
};

export type Detach = Attachable & {
  readonly client: number;
  /** Also when the device is open there. Loses data that is not flushed. */
  readonly force?: boolean;
};

const ATTACH_SECONDS = 30;
/** Beyond StorPool's own limit, so that its answer wins. */
const GRACE_SECONDS = 10;

/**
 * udev, multipathd or a process that is just being started have any device open for a moment, so os-brick asks again, too (openstack/os-brick
 * os_brick/initiator/connectors/storpool.py, disconnect_volume: ten times in 2 s; then it detaches by force, which is never done here).
 */
const openForAMoment: Passing = { isSo: ({ descr }) => descr.includes('is open at'), withinMs: 5000 };

/** Which client has which volume or snapshot. */
export class StorpoolAttachments {
  readonly #api: StorpoolApi;

  constructor(api: StorpoolApi) {
    this.#api = api;
  }

  /** All of them, or what `pick` keeps of each. */
  list(): Promise<StorpoolAttachment[]>;
  list<R>(pick: (attachment: StorpoolAttachment) => R): Promise<R[]>;
  list(pick: (attachment: StorpoolAttachment) => unknown = (attachment) => attachment): Promise<unknown[]> {
    return this.#api.list(attachmentSchema, 'AttachmentsList', pick);
  }

  /** All that StorPool tells of the attachments of volumes of these names, as it stands. */
  async told(names: ReadonlySet<string>): Promise<Told[]> {
    const own = (row: Told) => (names.has(String(row['volume'])) ? row : undefined);
    return (await this.#api.list(told, 'AttachmentsList', own)).filter((row) => row !== undefined);
  }

  /** Those of one volume or snapshot. */
  async of(name: string): Promise<StorpoolAttachment[]> {
    const id = name.startsWith('~') ? name.slice(1) : undefined;
    return (await this.list()).filter(({ volume, globalId }) => volume === name || (id !== undefined && globalId === id));
  }

  /** Returns when the client has it, or throws StorpoolFailure. */
  async attach(attach: Attach): Promise<void> {
    const { client, mode = 'rw', timeoutSeconds = ATTACH_SECONDS } = attach;
    const entry = 'volume' in attach ? { volume: attach.volume, [mode]: [client] } : { snapshot: attach.snapshot, ro: [client] };
    const body = { reassign: [entry], attachTimeout: timeoutSeconds };
    await this.#api.post(apiOk, 'VolumesReassignWait', { body, timeoutMs: (timeoutSeconds + GRACE_SECONDS) * 1000 });
  }

  /** Throws StorpoolFailure `busy` when the device stays open there, unless forced. */
  async detach({ client, force = false, ...what }: Detach): Promise<void> {
    const body = { reassign: [{ ...what, detach: [client], force }] };
    await this.#api.post(apiOk, 'VolumesReassignWait', { body, passing: openForAMoment });
  }
}
