import { after } from '../fixtures/mock/faults/after.ts';
import { anotherThan } from '../fixtures/mock/faults/another-value.ts';
import type { Act, ProvenFault } from '../fixtures/mock/faults/proven-fault.ts';
import { retell } from '../fixtures/mock/faults/replies.ts';
import { reportedInfo, reportedVolume } from '../fixtures/mock/faults/reported.ts';
import { layersCheckOf, type Runbook } from '../fixtures/scenario/runbook.ts';
import { playedRunbooks } from './manifest.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A layer, and how it is told otherwise: what nobody waits for, and no other check looks at. */
interface Lie {
  readonly layer: string;
  /** What a scenario must make for this layer to know of it. */
  readonly kind: 'volume' | 'image' | 'server';
  readonly seam: string;
  readonly fields: readonly string[];
  readonly act: (change: (told: Fields) => Fields) => Act;
}

const LIES: readonly Lie[] = [
  {
    ...{ layer: 'Cinder', kind: 'volume', seam: 'cinder.showVolume' },
    fields: ['availability_zone', 'user_id', 'encrypted', 'multiattach', 'volume_type', 'source_volid', 'group_id'],
    act: reportedVolume,
  },
  {
    ...{ layer: 'StorPool', kind: 'volume', seam: 'storpool.VolumeGetInfo' },
    fields: ['bw', 'iops', 'limitType', 'reuseServer', 'placeHead', 'placeTail'],
    act: reportedInfo,
  },
  {
    ...{ layer: 'Glance', kind: 'image', seam: 'glance.showImage' },
    fields: ['min_ram', 'os_hidden', 'tags', 'protected', 'owner'],
    act: (change) => retell((image: Fields) => ({ ...image, ...change(image) })),
  },
  {
    ...{ layer: 'Nova', kind: 'server', seam: 'nova.showServer' },
    // By the user a run knows its servers, so that others would see that first.
    fields: ['locked'],
    act: (change) =>
      retell((body: { server?: Fields }) =>
        body.server === undefined ? body : { server: { ...body.server, ...change(body.server) } },
      ),
  },
];

/** What is done in a scenario, from when on a layer may tell otherwise. */
const OPERATIONS: Readonly<Record<string, { readonly operation: string; readonly trigger: string; readonly nth?: number }>> = {
  extend: { operation: 'an extend', trigger: 'cinder.extendVolume' },
  snapshot: { operation: 'a snapshot', trigger: 'cinder.createSnapshot' },
  'from-snapshot': { operation: 'a volume is made of a snapshot', trigger: 'cinder.createVolume', nth: 2 },
  clone: { operation: 'a clone', trigger: 'cinder.createVolume', nth: 2 },
  revert: { operation: 'a revert', trigger: 'cinder.revertVolume' },
  upload: { operation: 'an upload', trigger: 'cinder.uploadVolume' },
  'second-volume': { operation: 'an attach to a server', trigger: 'nova.attachVolume' },
};

/** The volume of this scenario is refused: only Glance has something to tell. */
const WITHOUT_VOLUME = 'image-too-large';

/** Every layer of every scenario tells one field otherwise, from the beginning or once something was done: only the model looks there. */
export const toldWrongly: readonly ProvenFault[] = playedRunbooks
  .filter((book) => layersCheckOf(book) in book.checks)
  .flatMap((book, nth) => LIES.filter((lie) => isToldOf(lie, book)).map((lie) => faultOf(lie, book, nth)));

function isToldOf({ kind }: Lie, { id, makes }: Runbook): boolean {
  const isMade = Object.values(makes).some((made) => made.kind === kind);
  return isMade && !(id === WITHOUT_VOLUME && kind === 'volume');
}

function faultOf({ layer, seam, fields, act }: Lie, book: Runbook, nth: number): ProvenFault {
  const field = fields[nth % fields.length] ?? '';
  const change = act((told) => ({ [field]: anotherThan(told[field]) }));
  const moment = layer === 'StorPool' || layer === 'Cinder' ? OPERATIONS[book.id] : undefined;
  const common = {
    id: `${book.id}-${layer.toLowerCase()}-tells-${field.replaceAll('_', '-')}`,
    kind: 'lie',
    reddens: [layersCheckOf(book)],
  } as const;
  const cause = `${layer} tells another ${field}`;
  return moment === undefined
    ? { ...common, cause, seam, act: change }
    : { ...common, cause: `${cause} after ${moment.operation}`, seam: [moment.trigger, seam], act: after(moment, change) };
}
