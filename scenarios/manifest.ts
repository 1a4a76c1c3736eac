import { knownFields } from '../fixtures/model/fields/table.ts';
import type { Runbook } from '../fixtures/scenario/runbook.ts';
import type { Chapter, Check, Manifest } from '../helpers/claims.ts';
import { preliminarySetupRunbook } from './1-preliminary-setup/preliminary-setup.runbook.ts';
import { cinderDeploymentRunbook } from './2-cinder-backend/cinder-deployment.runbook.ts';
import { createRunbook } from './2-cinder-backend/create.runbook.ts';
import { deleteRunbook } from './2-cinder-backend/delete.runbook.ts';
import { extendRunbook } from './2-cinder-backend/extend.runbook.ts';
import { imageRunbook } from './3-volume-from-image/image.runbook.ts';
import { imageTooLargeRunbook } from './3-volume-from-image/image-too-large.runbook.ts';
import { fillRunbook } from './4-fill-a-volume/fill.runbook.ts';
import { accountingRunbook } from './5-snapshots/accounting.runbook.ts';
import { fromSnapshotRunbook } from './5-snapshots/from-snapshot.runbook.ts';
import { snapshotRunbook } from './5-snapshots/snapshot.runbook.ts';
import { sourceDeleteRunbook } from './5-snapshots/source-delete.runbook.ts';
import { novaDeploymentRunbook } from './6-nova-attachment/nova-deployment.runbook.ts';
import { bootRunbook } from './7-boot-from-snapshot/boot.runbook.ts';
import { horizonRunbook } from './7-boot-from-snapshot/horizon.runbook.ts';
import { crashConsistencyRunbook } from './beyond-the-guide/consistency/crash-consistency.runbook.ts';
import { discardRunbook } from './beyond-the-guide/offered/discard.runbook.ts';
import { multiattachRunbook } from './beyond-the-guide/offered/multiattach.runbook.ts';
import { everywhereRunbook } from './beyond-the-guide/servers/everywhere.runbook.ts';
import { migrationRunbook } from './beyond-the-guide/servers/migration.runbook.ts';
import { secondVolumeRunbook } from './beyond-the-guide/servers/second-volume.runbook.ts';
import { twoServersRunbook } from './beyond-the-guide/servers/two-servers.runbook.ts';
import { cloneRunbook } from './beyond-the-guide/volumes/clone.runbook.ts';
import { performanceRunbook } from './beyond-the-guide/volumes/performance.runbook.ts';
import { retypeRunbook } from './beyond-the-guide/volumes/retype.runbook.ts';
import { revertRunbook } from './beyond-the-guide/volumes/revert.runbook.ts';
import { uploadRunbook } from './beyond-the-guide/volumes/upload.runbook.ts';
import { runChecks } from './run.checks.ts';

const chapters: readonly Chapter[] = [
  { number: 1, folder: '1-preliminary-setup', title: 'Preliminary setup' },
  { number: 2, folder: '2-cinder-backend', title: 'Set up the Cinder volume backend' },
  { number: 3, folder: '3-volume-from-image', title: 'Create a Cinder volume based on a Glance image' },
  { number: 4, folder: '4-fill-a-volume', title: 'Fill in a Cinder volume directly using `dd` or `qemu-img`' },
  { number: 5, folder: '5-snapshots', title: 'Verify the operation of volume snapshots' },
  { number: 6, folder: '6-nova-attachment', title: 'Set up the Nova volume attachment driver' },
  { number: 7, folder: '7-boot-from-snapshot', title: 'Create a Nova instance off a Cinder volume' },
  { number: 8, folder: 'beyond-the-guide', title: 'Beyond the guide' },
];

const upToSnapshots: readonly Runbook[] = [
  createRunbook,
  extendRunbook,
  deleteRunbook,
  imageRunbook,
  imageTooLargeRunbook,
  fillRunbook,
  accountingRunbook,
  fromSnapshotRunbook,
  sourceDeleteRunbook,
  snapshotRunbook,
];
const fromBooting: readonly Runbook[] = [
  bootRunbook,
  horizonRunbook,
  cloneRunbook,
  retypeRunbook,
  revertRunbook,
  uploadRunbook,
  discardRunbook,
  migrationRunbook,
  secondVolumeRunbook,
  twoServersRunbook,
  multiattachRunbook,
  everywhereRunbook,
  performanceRunbook,
  crashConsistencyRunbook,
];

/** The runbooks that scenarios carry out, by the guide's chapters. */
export const playedRunbooks: readonly Runbook[] = [...upToSnapshots, ...fromBooting];

/** Those of them that need nothing but a cluster. */
export const plainRunbooks = playedRunbooks.filter(({ needs }) => needs === undefined);

/** Every runbook, by the guide's chapters: those of the preflight, which only look, and those that scenarios carry out. */
export const runbooks: readonly Runbook[] = [
  preliminarySetupRunbook,
  cinderDeploymentRunbook,
  ...upToSnapshots,
  novaDeploymentRunbook,
  ...fromBooting,
];

const checksOf = ({ id: scenario, checks }: Runbook): Check[] =>
  Object.entries(checks).map(([id, claim]) => ({ id, scenario, ...claim }));

/** Everything a run is measured against. */
export const manifest: Manifest = {
  chapters: chapters.filter(({ number }) => runbooks.some(({ chapter }) => chapter === number)),
  scenarios: runbooks.map(({ id, chapter, title, isOnRequest }) => ({ id, chapter, title, ...(isOnRequest && { isOnRequest }) })),
  checks: [...runbooks.flatMap(checksOf), ...runChecks],
  fields: knownFields,
};
