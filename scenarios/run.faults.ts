import { after } from '../fixtures/mock/faults/after.ts';
import { detail, type ProvenFault } from '../fixtures/mock/faults/proven-fault.ts';
import { pretend, retell, type StorpoolData } from '../fixtures/mock/faults/replies.ts';
import { reportedList } from '../fixtures/mock/faults/reported.ts';
import { GIB } from '../fixtures/mock/faults/sizes.ts';

const NEIGHBOUR_CHANGES = {
  name: { name: 'customer-files-old' },
  replication: { replication: 1 },
  placement: { placeAll: 'ssd' },
  tag: { tags: { cs: 'of-somebody-else' } },
} as const;

type Quota = Readonly<Record<string, { readonly in_use: number; readonly reserved: number }>>;

const DELETED = 'cinder.deleteVolume';

/** What Cinder counts once what a scenario made is taken away; before that it counts right. */
const countedAfterwards = (
  scenario: string,
  { more, ...fault }: Pick<ProvenFault, 'id' | 'kind' | 'cause'> & { readonly more: (quota: Quota) => Quota | undefined },
): ProvenFault => ({
  ...{ ...fault, seam: [DELETED, 'cinder.showQuota'], waits: true, reddens: ['run.nothing-left'], during: [scenario] },
  act: after(
    { trigger: DELETED },
    retell((body: { readonly quota_set: Quota }) => ({ quota_set: { ...body.quota_set, ...more(body.quota_set) } })),
  ),
});

/** What a run leaves behind, or the cloud keeps, whatever scenario made it. */
export const runFaults: readonly ProvenFault[] = [
  {
    id: 'image-never-deleted',
    kind: 'leak',
    cause: 'Glance accepts that an image is deleted and keeps it (F82)',
    seam: 'glance.deleteImage',
    waits: true,
    reddens: ['run.nothing-left'],
    during: ['image-too-large'],
    act: pretend({ status: 204 }),
  },
  {
    id: 'neighbour-resized',
    kind: 'lie',
    cause: "The run changes the size of somebody else's volume",
    seam: 'storpool.VolumesList',
    skip: 1,
    reddens: ['run.nothing-left'],
    during: ['delete'],
    act: reportedList((row) => (row.name === 'customer-files' ? { ...row, size: 2 * GIB } : row)),
  },
  {
    id: 'neighbour-deleted',
    kind: 'lose',
    cause: "The run deletes somebody else's volume",
    seam: 'storpool.VolumesList',
    skip: 1,
    reddens: ['run.nothing-left'],
    during: ['delete'],
    act: reportedList((row) => (row.name === 'customer-files' ? undefined : row)),
  },
  ...Object.entries(NEIGHBOUR_CHANGES).map(
    ([what, change]): ProvenFault => ({
      ...{ id: `neighbour-${what}`, kind: 'lie', cause: `After the run somebody else's volume has another ${what}`, skip: 1 },
      ...{ seam: 'storpool.VolumesList', reddens: ['run.nothing-left'], during: ['delete'] },
      act: reportedList((row) => (row.name === 'customer-files' ? { ...row, ...change } : row)),
    }),
  ),
  {
    id: 'template-loses-copies',
    kind: 'lie',
    cause: 'After the run the template asks for one copy (F19)',
    seam: 'storpool.VolumeTemplatesList',
    // Before the run, and for the model.
    skip: 2,
    reddens: ['run.nothing-left'],
    during: ['delete'],
    act: reportedList((row) => ({ ...row, replication: 1 })),
  },
  countedAfterwards('create', {
    ...{ id: 'quota-returned-twice', kind: 'lie', cause: 'Cinder gives back twice what a deleted volume used of the quota' },
    more: ({ gigabytes }) => gigabytes && { gigabytes: { ...gigabytes, in_use: gigabytes.in_use - 1 } },
  }),
  countedAfterwards('create', {
    ...{ id: 'quota-not-returned', kind: 'lie', cause: 'Cinder counts a deleted volume as used for ever' },
    more: ({ volumes }) => volumes && { volumes: { ...volumes, in_use: volumes.in_use + 1 } },
  }),
  countedAfterwards('retype', {
    ...{ id: 'quota-of-type-not-returned', kind: 'lie' },
    cause: 'Cinder counts a retyped volume for ever as used of the quota for its first type',
    more: (quota) => {
      const [ofType] = Object.entries(quota).filter(([name]) => name.startsWith('gigabytes_'));
      return ofType && { [ofType[0]]: { ...ofType[1], in_use: ofType[1].in_use + 1 } };
    },
  }),
  countedAfterwards('extend', {
    ...{ id: 'quota-reservation-left', kind: 'leak', cause: 'Cinder keeps a reservation of the quota whose request has ended' },
    more: ({ gigabytes }) => gigabytes && { gigabytes: { ...gigabytes, reserved: gigabytes.reserved + 1 } },
  }),
  {
    id: 'template-left',
    kind: 'leak',
    cause: 'After the run StorPool has a template that was not there before',
    seam: 'storpool.VolumeTemplatesList',
    skip: 2,
    reddens: ['run.nothing-left'],
    during: ['delete'],
    act: retell((body: StorpoolData<object[]>) => ({
      ...body,
      data: [...body.data, { ...body.data[0], name: 'copy-of-hybrid' }],
    })),
  },
  {
    id: 'client-left-down',
    kind: 'leak',
    cause: 'Once the run is over storpool_block of a hypervisor is down, where it ran before (F1)',
    seam: ['cinder.deleteVolume', 'health.client'],
    reddens: ['run.nothing-left'],
    during: ['delete'],
    act: after({ trigger: 'cinder.deleteVolume' }, (next, context) =>
      detail(context, 'host') === 'hypervisor-1' ? Promise.resolve('down') : next(),
    ),
  },
];
