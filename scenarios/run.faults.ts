import type { ProvenFault } from '../fixtures/mock/faults/proven-fault.ts';
import { pretend } from '../fixtures/mock/faults/replies.ts';
import { reportedList } from '../fixtures/mock/faults/reported.ts';
import { GIB } from '../fixtures/mock/faults/sizes.ts';

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
];
