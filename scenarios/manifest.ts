import type { Runbook } from '../fixtures/runbook.ts';
import type { Chapter, Check, Manifest } from '../helpers/claims.ts';
import { preliminarySetup } from './1-preliminary-setup/preliminary-setup.runbook.ts';
import { cinderDeployment } from './2-cinder-backend/cinder-deployment.runbook.ts';
import * as backend from './2-cinder-backend/create.runbook.ts';
import * as image from './3-volume-from-image/image.runbook.ts';
import * as filling from './4-fill-a-volume/fill.runbook.ts';
import * as snapshots from './5-snapshots/snapshot.runbook.ts';
import { novaDeployment } from './6-nova-attachment/nova-deployment.runbook.ts';
import * as booting from './7-boot-from-snapshot/boot.runbook.ts';
import * as beyondServers from './beyond-the-guide/servers/two-servers.runbook.ts';
import * as beyondVolumes from './beyond-the-guide/volumes/clone.runbook.ts';
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

const upToSnapshots: readonly Runbook[] = [backend, image, filling, snapshots].flatMap((chapter) => Object.values(chapter));
const fromBooting: readonly Runbook[] = [booting, beyondVolumes, beyondServers].flatMap((chapter) => Object.values(chapter));

/** The runbooks that scenarios carry out, in the guide's order. */
export const playedRunbooks: readonly Runbook[] = [...upToSnapshots, ...fromBooting];

/** Every runbook, in the guide's order: those of the preflight, which only look, and those that scenarios carry out. */
export const runbooks: readonly Runbook[] = [
  preliminarySetup,
  cinderDeployment,
  ...upToSnapshots,
  novaDeployment,
  ...fromBooting,
];

const checksOf = ({ id: scenario, checks }: Runbook): Check[] =>
  Object.entries(checks).map(([id, claim]) => ({ id, scenario, ...claim }));

/** Everything a run is measured against. */
export const manifest: Manifest = {
  chapters: chapters.filter(({ number }) => runbooks.some(({ chapter }) => chapter === number)),
  scenarios: runbooks.map(({ id, chapter, title }) => ({ id, chapter, title })),
  checks: [...runbooks.flatMap(checksOf), ...runChecks],
};
