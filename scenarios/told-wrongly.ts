import { after } from '../fixtures/mock/faults/after.ts';
import { anotherThan } from '../fixtures/mock/faults/another-value.ts';
import type { Act, ProvenFault } from '../fixtures/mock/faults/proven-fault.ts';
import { pretend, retell, type StorpoolData } from '../fixtures/mock/faults/replies.ts';
import {
  reportedAttachments,
  reportedInfo,
  reportedList,
  reportedStatus,
  reportedVolume,
  reportedVolumes,
} from '../fixtures/mock/faults/reported.ts';
import { layersCheckOf, type Runbook } from '../fixtures/scenario/runbook.ts';
import { HARDLY_SEEN, type OneCall, reportedRows, reportedServer } from './hardly-seen.ts';
import { playedRunbooks } from './manifest.ts';
import { fromTheStartFaults, TOLD_FROM_THE_START } from './told-from-the-start.ts';
import { UNNOTICED } from './unnoticed.ts';

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

const ONE_CALL: readonly OneCall[] = [
  {
    ...{
      scenario: 'second-volume',
      id: 'nova-lists-another-host',
      cause: "Nova's list tells another host than the server's own page",
    },
    ...{ seam: 'nova.listServersDetail', act: reportedRows('servers', { 'OS-EXT-SRV-ATTR:host': 'elsewhere' }) },
  },
  {
    ...{
      scenario: 'boot',
      id: 'nova-tells-another-flavor',
      cause: 'Nova runs the server with another flavor than was asked for',
    },
    ...{
      seam: 'nova.showServer',
      act: reportedServer({ flavor: { original_name: 'huge', vcpus: 64, ram: 1, disk: 99, extra_specs: {} } }),
    },
  },
  {
    ...{ scenario: 'boot', id: 'nova-tells-a-key', cause: 'Nova gives the server a key pair that nobody asked for' },
    ...{ seam: 'nova.showServer', act: reportedServer({ key_name: 'of-somebody-else' }) },
  },
  {
    ...{
      scenario: 'image',
      id: 'glance-lists-another-size',
      cause: "Glance's list tells another size than the image's own page",
    },
    ...{ seam: 'glance.listImages', act: reportedRows('images', { size: 17 }) },
  },
  {
    ...{ scenario: 'image', id: 'glance-tells-another-hash', cause: 'Glance tells the SHA-512 of another file' },
    ...{ seam: 'glance.showImage', act: retell((image: Fields) => ({ ...image, os_hash_value: 'f'.repeat(128) })) },
  },
  {
    ...{ scenario: 'extend', id: 'storpool-lists-the-old-size', cause: "StorPool's list tells half of the size (F23)" },
    ...{ seam: 'storpool.VolumesList', act: reportedVolumes((row) => ({ ...row, size: Number(row['size']) / 2 })) },
  },
  {
    ...{
      scenario: 'snapshot',
      id: 'storpool-lists-another-template',
      cause: "StorPool's list of snapshots tells another template (F19)",
    },
    ...{ seam: 'storpool.SnapshotsList', act: reportedList((row) => ({ ...row, templateName: 'ssd' })) },
  },
  {
    ...{
      scenario: 'snapshot',
      id: 'storpool-tells-another-source',
      cause: 'StorPool tells by its global id that the snapshot was made from another volume',
    },
    ...{
      seam: 'storpool.Snapshot',
      act: retell((body: StorpoolData<readonly Fields[]>) => ({
        ...body,
        data: body.data.map((row) => ({ ...row, createdFromGlobalId: 'd.n.zzz' })),
      })),
    },
  },
  {
    ...{
      scenario: 'second-volume',
      id: 'storpool-attaches-another',
      cause: 'StorPool tells by its global id that another volume is attached',
    },
    ...{ seam: 'storpool.AttachmentsList', act: reportedAttachments((row) => [{ ...row, globalId: 'd.n.zzz' }]) },
  },
  {
    ...{
      scenario: 'create',
      id: 'storpool-tells-one-disk',
      cause: 'StorPool tells three copies of the volume and one disk that has it (F19)',
    },
    ...{ seam: 'storpool.VolumeGetInfo', act: reportedInfo(() => ({ disksCount: 1 })) },
  },
  {
    ...{ scenario: 'extend', id: 'storpool-tells-a-lost-copy', cause: 'After it was extended the volume lacks a copy (F72)' },
    ...{ seam: 'storpool.VolumesGetStatusQuick', act: reportedStatus(() => ({ decreasedRedundancy: true })) },
  },
  ...['clone', 'revert', 'retype', 'upload'].map((scenario) => ({
    ...{ scenario, id: 'storpool-tells-data-lost', cause: 'StorPool has lost data of what the scenario made (F73)' },
    ...{ seam: 'health.data', act: pretend('data lost') },
  })),
];

const ofOneCall = [...ONE_CALL, ...HARDLY_SEEN, ...TOLD_FROM_THE_START, ...UNNOTICED].map(
  ({ scenario, id, ...fault }): ProvenFault => ({
    ...fault,
    id: `${scenario}-${id}`,
    kind: 'lie',
    reddens: [`${scenario}.layers`],
  }),
);

/** Every layer of every scenario tells one field otherwise, from the beginning or once something was done: only the model looks there. */
export const toldWrongly: readonly ProvenFault[] = playedRunbooks
  .filter((book) => layersCheckOf(book) in book.checks)
  .flatMap((book, nth) => LIES.filter((lie) => isToldOf(lie, book)).map((lie) => faultOf(lie, book, nth)))
  .concat(ofOneCall, fromTheStartFaults);

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
